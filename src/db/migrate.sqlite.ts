import { existsSync, renameSync, rmSync } from 'node:fs';
import type { MigrationMeta } from 'drizzle-orm/migrator';
import { knownMigrations, MIGRATIONS_TABLE, pendingMigrations, statementsIn, type Versions } from './migrations.ts';
import { BUSY_MILLISECONDS } from './options.ts';
import { connect, connectReader, makeRoom, sqlitePath, type SqliteConnection } from './sqlite-connection.ts';

const MIGRATION_BUSY_MILLISECONDS = 12 * BUSY_MILLISECONDS;

export async function migrate(url: string, known = knownMigrations('sqlite')): Promise<Versions> {
  const file = sqlitePath(url);
  makeRoom(file);
  const connection = connect(file, MIGRATION_BUSY_MILLISECONDS);
  try {
    const applied = appliedTimes(connection);
    const pending = pendingMigrations(known, applied);
    if (pending.length > 0 && applied.length > 0) await copyAside(connection, `${file}.before-${applied.length + 1}`);
    if (pending.length > 0) apply(connection, known);
    return { applied: known.length, pending: 0 };
  } finally {
    connection.close();
  }
}

export async function versions(url: string): Promise<Versions> {
  const file = sqlitePath(url);
  const known = knownMigrations('sqlite');
  if (!existsSync(file)) return { applied: 0, pending: known.length };
  const connection = connectReader(file);
  try {
    const applied = appliedTimes(connection);
    return { applied: applied.length, pending: pendingMigrations(known, applied).length };
  } finally {
    connection.close();
  }
}

/** Foreign keys are off, for a rebuilt table is dropped first and dropping it would cascade; they are checked before the commit. */
function apply(connection: SqliteConnection, known: MigrationMeta[]): void {
  connection.pragma('foreign_keys = off');
  connection.exec('begin immediate');
  try {
    connection.exec(`create table if not exists ${MIGRATIONS_TABLE} (id integer primary key, hash text not null, created_at numeric)`);
    const record = connection.prepare(`insert into ${MIGRATIONS_TABLE} (hash, created_at) values (?, ?)`);
    // Asked again under the lock: another process may have been here.
    for (const migration of pendingMigrations(known, appliedTimes(connection))) {
      for (const statement of statementsIn(migration)) connection.exec(statement);
      record.run(migration.hash, migration.folderMillis);
    }
    const orphans = connection.pragma('foreign_key_check') as unknown[];
    if (orphans.length > 0) throw new Error(`The migration would leave ${orphans.length} rows without their parent; nothing was changed.`);
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

/** The same copy is made again when a migration failed half way; its name says which migration it precedes. */
async function copyAside(connection: SqliteConnection, target: string): Promise<void> {
  const unfinished = `${target}.part`;
  rmSync(unfinished, { force: true });
  await connection.backup(unfinished);
  renameSync(unfinished, target);
}

function appliedTimes(connection: SqliteConnection): number[] {
  const table = connection.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(MIGRATIONS_TABLE);
  if (!table) return [];
  const rows = connection.prepare(`select created_at as time from ${MIGRATIONS_TABLE}`).all() as { time: number }[];
  return rows.map((row) => row.time);
}
