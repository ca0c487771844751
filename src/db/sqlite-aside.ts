import { SqliteRemoteDatabase, SQLiteRemoteSession } from 'drizzle-orm/sqlite-proxy';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';
import type { Builders } from './carried.ts';
import { withoutParameters } from './plain-errors.ts';
import type { ReaderWorker } from './reader-worker.ts';

/** Drizzle whose statements are answered by the reader thread. */
export function asideOf(worker: ReaderWorker): Builders {
  const dialect = new SQLiteAsyncDialect({ casing: 'snake_case' });
  const ask: ConstructorParameters<typeof SQLiteRemoteSession>[0] = async (text, parameters, method) => ({
    rows: (await worker.rows(text, parameters, method)) as unknown[],
  });
  const session = withoutParameters(new SQLiteRemoteSession(ask, dialect, undefined));
  return new SqliteRemoteDatabase('async', dialect, session as never, undefined) as unknown as Builders;
}
