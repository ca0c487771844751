import type { Database } from './database.ts';
import { requireCurrent } from './migrate.ts';
import type { DatabaseOptions } from './options.ts';

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

/** A database of this program's version: `migrate` makes it one. Loads only the driver that is used. */
export async function openDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  await requireCurrent(url);
  if (isPostgres(url)) return (await import('./postgres.ts')).openPostgres(url, options);
  return (await import('./sqlite.ts')).openSqlite(url, options);
}
