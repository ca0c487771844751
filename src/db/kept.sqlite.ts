import { type Column, getTableColumns, sql } from 'drizzle-orm';
import { type Builders, type Insertion, insertionInto } from './carried.ts';
import type { Kept, Reader } from './database.ts';
import { holes } from './kept.ts';
import type { Tables } from './schema.ts';
import type { Client, Statements, Watcher } from './sqlite-statements.ts';
import { storable } from './storable.ts';

/** Questions and insertions of one connection whose SQL was built before. */
export interface Keeper {
  ask<Values extends Record<string, unknown>, Rows>(watcher: Watcher, question: Kept<Values, Rows>, values: Values): Rows;
  /** Null where a unique key knows the row already. */
  add(watcher: Watcher, insertion: Insertion): number | null;
}

interface Parts {
  orm: (client: Client) => Builders;
  statements: Statements;
  reader: Pick<Reader, 'tables' | 'search'>;
}

interface KeptInsertion {
  text: string;
  columns: [string, Column][];
}

const NOBODY: Watcher = {
  before: () => {
    throw new Error('A kept statement was run for nobody.');
  },
  failed: () => undefined,
};

/** SQLite answers synchronously, so one Drizzle serves all scopes: whoever asks is the watcher until the answer is there. */
export function keeperOf({ orm, statements, reader }: Parts): Keeper {
  let current = NOBODY;
  const builders = orm(statements.client({ before: () => current.before(), failed: (error) => current.failed(error) }));
  const asker = askerOf(builders, reader);
  const questions = new WeakMap<object, Prepared<unknown>>();
  const insertions = new Map<string, KeptInsertion>();

  function preparedFor<Rows>(question: Kept<never, Rows>): Prepared<Rows> {
    const known = questions.get(question) ?? (question.build(asker, holes<never>()).prepare('') as unknown as Prepared<unknown>);
    questions.set(question, known);
    return known as Prepared<Rows>;
  }

  return {
    ask(watcher, question, values) {
      current = watcher;
      try {
        return preparedFor(question as Kept<never, never>)
          .execute(asStored(values))
          .sync();
      } finally {
        current = NOBODY;
      }
    },
    add(watcher, insertion) {
      const key = `${insertion.table} ${insertion.isOnce}`;
      const { text, columns } = insertions.get(key) ?? keptInsertion(builders, reader.tables, insertion);
      insertions.set(key, { text, columns });
      const parameters = columns.map(([name, column]) => driverValue(column, insertion.row[name]));
      const [written] = statements.all<{ id: number }>(watcher, text, ...parameters);
      return written?.id ?? null;
    },
  };
}

/** Questions are built of builders alone. */
function askerOf(builders: Builders, reader: Parts['reader']): Reader {
  return { ...reader, select: builders.select.bind(builders), selectDistinct: builders.selectDistinct.bind(builders) } as Reader;
}

/** For a connection that keeps nothing. */
export function askAnew(builders: Builders, reader: Parts['reader']): Reader['ask'] {
  const asker = askerOf(builders, reader);
  return async (question, values) => question.build(asker, holes()).prepare('').execute(asStored(values));
}

/** What fills a hole meets no column on its way, which would know how an instant is stored. */
function asStored(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]));
}

function driverValue(column: Column, value: unknown): unknown {
  return value === null ? null : storable(column.mapToDriverValue(value));
}

/** Drizzle's own for SQLite; we are typed as PostgreSQL. */
interface Prepared<Rows> {
  execute(values: Record<string, unknown>): { sync(): Rows };
}

function keptInsertion(builders: Builders, tables: Tables, insertion: Insertion): KeptInsertion {
  const columns = Object.entries(getTableColumns(tables[insertion.table] as Tables['organizations'])).filter(([name]) => name !== 'id');
  const row = Object.fromEntries(columns.map(([name]) => [name, sql.placeholder(name)]));
  // One writer: nobody can take a row while this transaction is open.
  const { table, isOnce } = insertion;
  return { text: insertionInto(builders, tables, { table, row, isOnce }).toSQL().sql, columns };
}
