import { existsSync } from 'node:fs';
import Connection from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database, Writer } from '#db/database.ts';
import { isBusy, isTransient } from '#db/errors.ts';
import { openReaderWorker } from '#db/reader-worker.ts';
import { connectReader, connectWriter, sqlitePath } from '#db/sqlite-connection.ts';
import { statementsOf } from '#db/sqlite-statements.ts';
import { freshSqliteUrl, openTest, recordLog } from '../support/databases.ts';

const count = (tx: Writer, name: string) => tx.insert(tx.tables.counters).values({ name, value: 1 });

describe('SQLite', () => {
  let url: string;
  let db: Database;
  let other: Connection.Database;
  const log = recordLog();

  beforeEach(async () => {
    url = await freshSqliteUrl();
    db = await openTest(url, { log, busyMilliseconds: 100 });
    other = new Connection(sqlitePath(url), { timeout: 0 });
  });
  afterEach(async () => {
    other.close();
    await db.close();
  });

  test('survives a power cut: every connection that writes waits for the disk', () => {
    const writer = connectWriter(sqlitePath(url));
    const settings = ['journal_mode', 'synchronous', 'foreign_keys'].map((name) => writer.pragma(name, { simple: true }));
    writer.close();
    expect(settings).toEqual(['wal', 2, 1]);
  });

  test('refuses a write on the connection that reads, even if the types were bypassed', () => {
    const reader = connectReader(sqlitePath(url));
    expect(() => reader.prepare("insert into counters (name, value) values ('a', 1)").run()).toThrow(/readonly/);
    reader.close();
  });

  test('waits for another process without stopping this one, then says it was busy', async () => {
    other.exec('begin immediate');
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    const error: unknown = await db.transaction('test', (tx) => count(tx, 'a')).catch((e: unknown) => e);
    clearInterval(timer);
    other.exec('rollback');
    expect(isBusy(error)).toBe(true);
    expect(isTransient(error)).toBe(false);
    expect(error).toMatchObject({ code: 'SQLITE_BUSY' });
    expect(turns).toBeGreaterThan(2);
    await db.transaction('test', (tx) => count(tx, 'a'));
  });

  test('begins as soon as the other process is done', async () => {
    other.exec('begin immediate');
    const waiting = db.transaction('test', (tx) => count(tx, 'a').returning());
    await new Promise(setImmediate);
    other.exec('commit');
    expect(await waiting).toHaveLength(1);
  });

  test('notices that another process wrote, and not that it wrote itself', async () => {
    const before = db.dataVersion();
    await db.transaction('test', (tx) => count(tx, 'a'));
    expect(db.dataVersion()).toBe(before);
    other.exec("insert into counters (name, value) values ('b', 1)");
    expect(db.dataVersion()).not.toBe(before);
  });

  test('logs a statement that kept the main thread, without what it was about', () => {
    const connection = connectWriter(sqlitePath(url));
    const statements = statementsOf(connection, log);
    const long = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select count(*) as n from n';
    expect(statements.all({ label: 'report', before: () => undefined, failed: () => undefined }, long, 1_000_000)).toEqual([
      { n: 1_000_000 },
    ]);
    connection.close();
    const line = log.lines.find(({ message }) => message.includes('kept the main thread'));
    expect(line?.fields).toMatchObject({ transaction: 'report', statement: long });
    expect(JSON.stringify(line)).not.toContain('1000000');
  });

  test('reads a kept statement in the shape it is asked for each time', async () => {
    await db.transaction('test', (tx) => count(tx, 'a'));
    for (let i = 0; i < 3; i += 1) {
      expect(await db.$count(db.tables.counters)).toBe(1);
      expect(await db.select().from(db.tables.counters)).toEqual([{ name: 'a', value: 1 }]);
    }
  });

  test('checks foreign keys in transactions', async () => {
    const orphan = db.transaction('test', (tx) => tx.insert(tx.tables.groupMembers).values({ groupId: 99, personId: 99 }));
    await expect(orphan).rejects.toThrow('FOREIGN KEY');
  });

  test('closes once, after the last transaction', async () => {
    const again = await openTest(url);
    const last = again.transaction('last', (tx) => count(tx, 'last').returning());
    await Promise.all([again.close(), again.close()]);
    expect(await last).toHaveLength(1);
    await expect(again.transaction('later', async () => 1)).rejects.toThrow('closed');
    expect(existsSync(sqlitePath(url))).toBe(true);
  });
});

describe('the reader thread', () => {
  test('answers from another thread, reports failures with their code and cannot write', async () => {
    const worker = openReaderWorker(sqlitePath(await freshSqliteUrl()));
    expect(await worker.rows('select 1 + ?', [1], 'get')).toEqual([2]);
    expect(await worker.rows('values (1), (2)', [], 'all')).toEqual([[1], [2]]);
    await expect(worker.rows("insert into counters values ('a', 1)", [], 'all')).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    await worker.close();
  });

  test('refuses the question too many instead of hoarding them', async () => {
    const worker = openReaderWorker(sqlitePath(await freshSqliteUrl()));
    const answers = await Promise.allSettled(Array.from({ length: 250 }, () => worker.rows('select 1', [], 'all')));
    await worker.close();
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(50);
  });

  test('fails what still waits when it closes, and everything after', async () => {
    const worker = openReaderWorker(sqlitePath(await freshSqliteUrl()));
    const waiting = worker.rows('select 1', [], 'all').catch((error: unknown) => error);
    await worker.close();
    expect(await waiting).toBeInstanceOf(Error);
    await expect(worker.rows('select 1', [], 'all')).rejects.toThrow('closed');
  });
});
