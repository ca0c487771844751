import * as pg from 'drizzle-orm/pg-core';

const bytea = pg.customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

/** PostgreSQL's jsonb refuses U+0000 and lone surrogates, which mails do contain. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.replaceAll('\0', '').toWellFormed() : part));
}

function jsonb<T>() {
  return pg.customType<{ data: T; driverData: unknown }>({
    dataType: () => 'jsonb',
    toDriver: storableJson,
    fromDriver: (value) => value as T,
  })();
}

/** The column vocabulary of the schema, as PostgreSQL spells it. */
export const postgresColumns = {
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  unique: pg.unique,
  check: pg.check,
  foreignKey: pg.foreignKey,
  primaryKey: pg.primaryKey,
  id: () => pg.integer().primaryKey().generatedAlwaysAsIdentity(),
  /** For what grows without end: events, jobs, inbox, mails, deliveries. */
  bigId: () => pg.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  text: () => pg.text(),
  integer: () => pg.integer(),
  bigInteger: () => pg.bigint({ mode: 'number' }),
  flag: () => pg.boolean(),
  instant: () => pg.timestamp({ withTimezone: true, precision: 3, mode: 'date' }),
  json: <T>() => jsonb<T>(),
  bytes: () => bytea(),
};

export type Columns = typeof postgresColumns;
