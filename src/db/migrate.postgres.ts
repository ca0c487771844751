import { Client } from 'pg';
import type { MigrationMeta } from 'drizzle-orm/migrator';
import { knownMigrations, MIGRATIONS_TABLE, pendingMigrations, statementsIn, type Versions } from './migrations.ts';
import { CONNECTION_TIMEOUT_MILLISECONDS } from './options.ts';

const MIGRATION_LOCK = 727_001;
const TABLE = `drizzle.${MIGRATIONS_TABLE}`;

export async function migrate(url: string): Promise<Versions> {
  const known = knownMigrations('postgres');
  return connected(url, async (client) => {
    await client.query('begin');
    // Held until the commit: nodes that start together wait here, then find nothing to do.
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const pending = pendingMigrations(known, await appliedTimes(client));
    if (pending.length > 0) await apply(client, pending);
    await client.query('commit');
    return { applied: known.length, pending: 0 };
  });
}

export async function versions(url: string): Promise<Versions> {
  const known = knownMigrations('postgres');
  const applied = await connected(url, appliedTimes);
  return { applied: applied.length, pending: pendingMigrations(known, applied).length };
}

async function apply(client: Client, pending: MigrationMeta[]): Promise<void> {
  await client.query('create schema if not exists drizzle');
  await client.query(`create table if not exists ${TABLE} (id serial primary key, hash text not null, created_at bigint)`);
  for (const migration of pending) {
    for (const statement of statementsIn(migration)) await client.query(statement);
    await client.query(`insert into ${TABLE} (hash, created_at) values ($1, $2)`, [migration.hash, migration.folderMillis]);
  }
}

/** Closing the connection rolls back whatever a failure left open. */
async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS,
    application_name: 'tiketti migrate',
  });
  // A connection lost between two statements fails the next one; unhandled, the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function appliedTimes(client: Client): Promise<number[]> {
  const { rows: found } = await client.query('select to_regclass($1) as name', [TABLE]);
  if (found[0]?.name === null) return [];
  const { rows } = await client.query(`select created_at as time from ${TABLE}`);
  return rows.map((row: { time: string }) => Number(row.time));
}
