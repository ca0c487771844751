import { fileURLToPath } from 'node:url';
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator';

/** The database has been migrated by a newer program; this one would not understand its rows. */
export class NewerDatabase extends Error {
  constructor(unknown: number) {
    super(
      `The database is newer than this program: it has ${unknown} migrations that this version does not know. Install the newer version again.`,
    );
    this.name = 'NewerDatabase';
  }
}

/** The database waits for `migrate`. */
export class OlderDatabase extends Error {
  constructor(pending: number) {
    super(`The database is older than this program: ${pending} migrations wait. Run "tiketti migrate".`);
    this.name = 'OlderDatabase';
  }
}

export interface Versions {
  applied: number;
  pending: number;
}

export const MIGRATIONS_TABLE = '__drizzle_migrations';

/** What the program knows, in order. */
export function knownMigrations(dialect: 'sqlite' | 'postgres'): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: fileURLToPath(new URL(`./migrations/${dialect}`, import.meta.url)) });
}

/** Compares by the time a migration was written, as Drizzle does: it is the one thing about it that never changes. */
export function pendingMigrations(known: MigrationMeta[], applied: number[]): MigrationMeta[] {
  const times = new Set(known.map(({ folderMillis }) => folderMillis));
  const unknown = applied.filter((time) => !times.has(time));
  if (unknown.length > 0) throw new NewerDatabase(unknown.length);
  return known.filter(({ folderMillis }) => !applied.includes(folderMillis));
}

export function statementsIn(migration: MigrationMeta): string[] {
  return migration.sql.filter((statement) => statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '');
}
