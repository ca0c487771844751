import { OlderDatabase, type Versions } from './migrations.ts';

export { NewerDatabase, OlderDatabase, type Versions } from './migrations.ts';

/** Brings the database to this program's version, and makes it if there is none. Safe to run from many nodes at once. */
export async function migrate(url: string): Promise<Versions> {
  return (await migrator(url)).migrate(url);
}

/** How far the database is; throws `NewerDatabase`. A database that does not exist has applied nothing. */
export async function versions(url: string): Promise<Versions> {
  return (await migrator(url)).versions(url);
}

export async function requireCurrent(url: string): Promise<void> {
  const { pending } = await versions(url);
  if (pending > 0) throw new OlderDatabase(pending);
}

function migrator(url: string) {
  return /^postgres(ql)?:/.test(url) ? import('./migrate.postgres.ts') : import('./migrate.sqlite.ts');
}
