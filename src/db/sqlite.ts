import { setTimeout as pause } from 'node:timers/promises';
import { BetterSQLite3Database, BetterSQLiteSession } from 'drizzle-orm/better-sqlite3';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { carry, readerOf, type Builders, type Line, type Work } from './carried.ts';
import { sqliteColumns } from './columns.sqlite.ts';
import type { Database, Reader } from './database.ts';
import { runEffects } from './effects.ts';
import { isBusy } from './errors.ts';
import { Guard } from './guard.ts';
import { askAnew, type Keeper, keeperOf } from './kept.sqlite.ts';
import { HOLD_LIMITS, watchHold } from './hold.ts';
import { Mutex } from './mutex.ts';
import { BUSY_MILLISECONDS, type DatabaseOptions } from './options.ts';
import { openReaderWorker } from './reader-worker.ts';
import { defineTables } from './schema.ts';
import { asideOf } from './sqlite-aside.ts';
import { Scope } from './scope.ts';
import { scrubSqlite } from './scrub.sqlite.ts';
import { indexSqlite, searchSqlite } from './search.sqlite.ts';
import { connectReader, connectWriter, sqlitePath } from './sqlite-connection.ts';
import { statementsOf, type Client, type Statements, type Watcher } from './sqlite-statements.ts';

const BUSY_PAUSE_MILLISECONDS = 10;

/**
 * Reads use one connection, transactions another, so a read between two awaits of a
 * transaction sees only committed rows, as it would on PostgreSQL.
 */
export function openSqlite(url: string, options: DatabaseOptions): Database {
  const file = sqlitePath(url);
  const reading = connectReader(file);
  const writing = connectWriter(file);
  const worker = openReaderWorker(file);
  const guard = new Guard();
  const turns = new Mutex();
  const orm = ormOf();
  const tables = defineTables(sqliteColumns);
  const statements = statementsOf(writing, options.log);
  const search = worker.search;
  const keeper = keeperOf({ orm, statements, reader: { tables, search } });
  const line = sqliteLine({ guard, tables, orm, statements, keeper });
  const refuse = () => guard.refuse();
  const looks = statementsOf(reading, options.log);
  const looker: Watcher = { before: refuse, failed: () => undefined };
  const keptLooks = keeperOf({ orm, statements: looks, reader: { tables, search } });
  const ask: Reader['ask'] = async (question, values) => keptLooks.ask(looker, question, values);

  const aside = asideOf(worker);

  async function commit<T>(label: string, work: Work<T>): Promise<T> {
    if (!writing.open) throw new Error('The database is closed.');
    await begin(statements, options.busyMilliseconds ?? BUSY_MILLISECONDS);
    const limits = options.hold ?? HOLD_LIMITS;
    const hold = watchHold(label, limits, options.log);
    const scope = new Scope(label, undefined, limits.limitMilliseconds);
    try {
      const result = await carry(line, scope, work, hold.expired);
      statements.run('commit');
      runEffects(scope, options.log);
      return result;
    } catch (error) {
      if (writing.inTransaction) statements.run('rollback');
      throw error;
    } finally {
      hold.stop();
    }
  }

  return {
    dialect: 'sqlite',
    ...readerOf(orm(looks.client(looker)), { tables, search, ask }, refuse),
    aside: readerOf(aside, { tables, search, ask: askAnew(aside, { tables, search }) }, refuse),
    transaction: async (label, work) => {
      refuse();
      return turns.run(() => commit(label, work));
    },
    // The writing connection's own commits leave its number alone.
    dataVersion: () => Number(writing.pragma('data_version', { simple: true })),
    scrub: async (maxBytes) => {
      refuse();
      return turns.run(() => scrubSqlite(writing, file, { maxBytes, patienceMilliseconds: options.busyMilliseconds ?? BUSY_MILLISECONDS }));
    },
    close: async () => {
      refuse();
      await turns.run(async () => {
        await worker.close();
        reading.close();
        writing.close();
      });
    },
  };
}

/** Many small Drizzles, one a transaction, share what is costly to make. */
function ormOf(): (client: Client) => Builders {
  const dialect = new SQLiteSyncDialect({ casing: 'snake_case' });
  type Native = ConstructorParameters<typeof BetterSQLiteSession>[0];
  return (client) => {
    const session = new BetterSQLiteSession(client as Native, dialect, undefined);
    return new BetterSQLite3Database('sync', dialect, session, undefined) as unknown as Builders;
  };
}

interface LineParts {
  guard: Guard;
  tables: Line['tables'];
  orm: (client: Client) => Builders;
  statements: Statements;
  keeper: Keeper;
}

function sqliteLine({ guard, tables, orm, statements, keeper }: LineParts): Line {
  return {
    dialect: 'sqlite',
    tables,
    guard,
    builders: (scope) => orm(statements.client(watch(scope))),
    search: async (scope, kind, words, limit) => {
      const ask = <T>(text: string, ...parameters: unknown[]) => statements.all<T>(watch(scope), text, ...parameters);
      return searchSqlite(ask, { kind, words, limit });
    },
    index: async (scope, kind, id, text) => {
      const change = (command: string, ...parameters: unknown[]) => statements.change(watch(scope), command, ...parameters);
      indexSqlite(change, { kind, id, text });
    },
    execute: async (command) => statements.run(command),
    ask: (scope, question, values) => keeper.ask(watch(scope), question, values),
    add: (scope, insertion) => keeper.add(watch(scope), insertion),
  };
}

function watch(scope: Scope): Watcher {
  return { label: scope.label, before: () => scope.admit(), failed: (error) => scope.fail(error) };
}

async function begin(statements: Statements, busyMilliseconds: number): Promise<void> {
  const deadline = performance.now() + busyMilliseconds;
  for (;;) {
    try {
      statements.run('begin immediate');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await pause(BUSY_PAUSE_MILLISECONDS);
  }
}
