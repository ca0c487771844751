import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { eq, sql } from 'drizzle-orm';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database, Writer } from '#db/database.ts';
import { isBusy, isTransient } from '#db/errors.ts';
import { openPostgres } from '#db/postgres.ts';
import { freshPostgresUrl, openTest, recordLog } from '../support/databases.ts';

const count = (tx: Writer, name: string) => tx.insert(tx.tables.counters).values({ name, value: 1 });
const KILL_OTHERS = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

describe('PostgreSQL', () => {
  let url: string;
  let db: Database;
  let admin: Client;
  let log = recordLog();

  beforeEach(async () => {
    url = await freshPostgresUrl();
    log = recordLog();
    db = await openTest(url, { log, maxConnections: 3 });
    admin = new Client({ connectionString: url });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await db.close();
  });

  test('refuses a write outside a transaction, even if the types were bypassed', async () => {
    await admin.query("create function sneak() returns int language sql as $$ insert into counters values ('a', 1) returning value $$");
    await expect(db.$count(sql`(select sneak() as n) as sneaked` as never)).rejects.toMatchObject({ code: '25006' });
  });

  test('passes on the loss of its connection, and the pool recovers', async () => {
    const error: unknown = await db
      .transaction('cut off', async (tx) => {
        await count(tx, 'a');
        await admin.query(KILL_OTHERS);
        await count(tx, 'b');
      })
      .catch((e: unknown) => e);
    expect(isTransient(error)).toBe(true);
    expect(isBusy(error)).toBe(false);
    await db.transaction('next', (tx) => count(tx, 'c'));
    expect(await db.select().from(db.tables.counters)).toEqual([{ name: 'c', value: 1 }]);
  });

  test('lives through the loss of idle connections', async () => {
    await Promise.all([1, 2, 3].map(() => db.$count(db.tables.tickets)));
    const told = () => log.lines.filter(({ message }) => message.includes('was lost')).length;
    await admin.query(KILL_OTHERS);
    while (told() < 3) await log.next('was lost');
    expect(await db.$count(db.tables.tickets)).toBe(0);
  });

  test('runs more transactions at once than it has connections, and two statements at once in one', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
    await Promise.all(
      names.map((name) => db.transaction(name, async (tx) => void (await Promise.all([count(tx, name), tx.$count(tx.tables.counters)])))),
    );
    expect(await db.$count(db.tables.counters)).toBe(12);
  });

  test('calls a deadlock transient', async () => {
    await db.transaction('seed', async (tx) => {
      await count(tx, 'a');
      await count(tx, 'b');
    });
    const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const cross = (names: [string, string], mine: number) =>
      db.transaction(`cross ${mine}`, async (tx) => {
        const { counters } = tx.tables;
        await tx.update(counters).set({ value: 2 }).where(eq(counters.name, names[0]));
        met[mine]?.resolve();
        await met[1 - mine]?.promise;
        await tx.update(counters).set({ value: 3 }).where(eq(counters.name, names[1]));
      });
    const results = await Promise.allSettled([cross(['a', 'b'], 0), cross(['b', 'a'], 1)]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(1);
    expect(isTransient(failed[0]?.reason)).toBe(true);
  });

  test('keeps customers out of the errors it passes on', async () => {
    await db.transaction('seed', (tx) => count(tx, 'anna@example.com'));
    const error: unknown = await db.transaction('again', (tx) => count(tx, 'anna@example.com')).catch((e: unknown) => e);
    const said = error instanceof Error ? JSON.stringify([error.message, error.stack, Object.entries(error)]) : '';
    expect(said).toContain('counters_pkey');
    expect(said).not.toContain('anna@example.com');
  });

  test('gives up on a server that does not answer', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const lost = openPostgres(`postgres://a:b@127.0.0.1:${port}/c`, { log, connectionTimeoutMilliseconds: 100 });
    const error: unknown = await lost.transaction('test', async () => 1).catch((e: unknown) => e);
    await lost.close();
    silent.close();
    expect(isTransient(error)).toBe(true);
  });
});
