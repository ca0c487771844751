import * as sqlite from 'drizzle-orm/sqlite-core';
import { type Columns, storableJson } from './columns.postgres.ts';

function jsonText<T>() {
  return sqlite.customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: storableJson,
    fromDriver: (text) => JSON.parse(text) as T,
  })();
}

/** The same vocabulary in SQLite. The cast is the one place the two dialects meet. */
export const sqliteColumns = {
  table: sqlite.sqliteTable,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  unique: sqlite.unique,
  check: sqlite.check,
  foreignKey: sqlite.foreignKey,
  primaryKey: sqlite.primaryKey,
  id: () => sqlite.integer().primaryKey({ autoIncrement: true }),
  bigId: () => sqlite.integer().primaryKey({ autoIncrement: true }),
  text: () => sqlite.text(),
  integer: () => sqlite.integer(),
  bigInteger: () => sqlite.integer(),
  flag: () => sqlite.integer({ mode: 'boolean' }),
  instant: () => sqlite.integer({ mode: 'timestamp_ms' }),
  json: <T>() => jsonText<T>(),
  bytes: () => sqlite.blob({ mode: 'buffer' }),
} as unknown as Columns;
