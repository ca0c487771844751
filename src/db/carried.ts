import { getTableColumns } from 'drizzle-orm';
import type { Database, Kept, Numbered, Reader, SearchKind, Writer } from './database.ts';
import type { Guard } from './guard.ts';
import { holes } from './kept.ts';
import { Mutex } from './mutex.ts';
import { HeldTooLong, type Scope } from './scope.ts';
import type { Tables } from './schema.ts';

/** The builders of Drizzle that the house uses, on one connection. */
export type Builders = Pick<Writer, 'select' | 'selectDistinct' | '$count' | 'insert' | 'update' | 'delete'>;

export interface Insertion {
  table: Numbered;
  row: Record<string, unknown>;
  /** A row that is there already is left alone, instead of an error. */
  isOnce: boolean;
  /** The column whose known row is locked. */
  hold?: string;
}

/** What a driver lends to one transaction: a connection that nobody else uses until it ends. */
export interface Line {
  readonly dialect: Database['dialect'];
  readonly tables: Tables;
  readonly guard: Guard;
  /** Builders whose every statement asks `scope.admit` first and tells `scope.fail` of an error. */
  builders(scope: Scope): Builders;
  search(scope: Scope, kind: SearchKind, words: string, limit: number): Promise<number[]>;
  index(scope: Scope, kind: SearchKind, id: number, text: string): Promise<void>;
  execute(command: string): Promise<void>;
  /** Where the driver keeps statements; otherwise they are built anew. */
  ask?<Values extends Record<string, unknown>, Rows>(scope: Scope, question: Kept<Values, Rows>, values: Values): Rows;
  add?(scope: Scope, insertion: Insertion): number | null;
  /** Where there are other writers: which of these names they leave to this transaction. */
  ownNames?(scope: Scope, names: string[]): Promise<string[]>;
}

export type Work<T> = (tx: Writer, carried: Database) => Promise<T>;

/** Runs the work with a tx and a carried database that die with it. Does not commit. */
export async function carry<T>(line: Line, scope: Scope, work: Work<T>, expired?: Promise<never>): Promise<T> {
  const writer = writerOf(line, scope);
  const tx = Proxy.revocable(writer, {});
  const carried = Proxy.revocable(carriedOf(line, scope, writer), {});
  try {
    const working = line.guard.enter(scope, async () => work(tx.proxy, carried.proxy));
    const result = await (expired ? Promise.race([working, expired]) : working);
    scope.conclude();
    return result;
  } catch (error) {
    if (error instanceof HeldTooLong) scope.end(error);
    throw error;
  } finally {
    scope.end();
    tx.revoke();
    carried.revoke();
  }
}

/** Drizzle's builders of one connection, refused wherever `check` throws. */
export function readerOf(
  builders: Builders,
  rest: Pick<Reader, 'tables' | 'search'> & Partial<Pick<Reader, 'ask'>>,
  check: () => void,
): Reader {
  const { select, selectDistinct, $count } = builders;
  const reader: Reader = {
    tables: rest.tables,
    select: checked(builders, select, check),
    selectDistinct: checked(builders, selectDistinct, check),
    $count: checked(builders, $count, check),
    search: async (kind, words, limit) => {
      check();
      return rest.search(kind, words, limit);
    },
    ask: async (question, values) => {
      check();
      return rest.ask ? rest.ask(question, values) : question.build(reader, holes()).prepare('').execute(values);
    },
  };
  return reader;
}

function writerOf(line: Line, scope: Scope): Writer {
  const builders = line.builders(scope);
  const refuse = () => line.guard.refuse(scope);
  const check = () => {
    refuse();
    scope.admitWrite();
  };
  const search: Reader['search'] = (kind, words, limit) => line.search(scope, kind, words, limit);
  const ask: Reader['ask'] = async (question, values) =>
    line.ask ? line.ask(scope, question, values) : question.build(reader, holes()).prepare('').execute(values);
  const insertRow = async (insertion: Insertion): Promise<number | null> => {
    check();
    return line.add ? line.add(scope, insertion) : addBuilt(builders, line.tables, insertion);
  };
  const reader = readerOf(builders, { tables: line.tables, search, ask }, refuse);
  return {
    ...reader,
    insert: checked(builders, builders.insert, check),
    update: checked(builders, builders.update, check),
    delete: checked(builders, builders.delete, check),
    add: async (table, row) => {
      const id = await insertRow({ table, row, isOnce: false });
      if (id === null) throw new Error(`A row of ${table} was not written.`);
      return id;
    },
    addOnce: async (table, row) => insertRow({ table, row, isOnce: true }),
    addOrHold: async (table, row, key) => void (await insertRow({ table, row, isOnce: true, hold: key })),
    own: (query) => {
      check();
      return line.dialect === 'postgres' ? (query.for('update', { skipLocked: true }) as typeof query) : query;
    },
    ownNames: async (names) => {
      check();
      return line.ownNames && names.length > 0 ? line.ownNames(scope, names) : names;
    },
    afterCommit: (effect) => {
      scope.admit();
      scope.effects.push(effect);
    },
    index: async (kind, id, text) => {
      check();
      await line.index(scope, kind, id, text);
    },
  };
}

async function addBuilt(builders: Builders, tables: Tables, insertion: Insertion): Promise<number | null> {
  const [written] = await insertionInto(builders, tables, insertion);
  return written?.id ?? null;
}

export function insertionInto(builders: Builders, tables: Tables, { table: name, row, isOnce, hold }: Insertion) {
  // One table stands for all: what is asked of it, every numbered one has.
  const table = tables[name] as Tables['organizations'];
  const insertion = builders.insert(table).values(row as never);
  if (hold)
    return insertion.onConflictDoUpdate({ target: columnOf(table, hold), set: { [hold]: row[hold] } as never }).returning({ id: table.id });
  return (isOnce ? insertion.onConflictDoNothing() : insertion).returning({ id: table.id });
}

function columnOf(table: Tables['organizations'], name: string) {
  const column = getTableColumns(table)[name as 'name'];
  if (!column) throw new Error(`There is no column ${name}.`);
  return column;
}

/** The database as verbs inside a transaction see it: the same questions, and transactions that are savepoints. */
function carriedOf(line: Line, scope: Scope, reader: Reader): Database {
  const turns = new Mutex();
  const { tables, search, ask, select, selectDistinct, $count } = reader;
  return {
    dialect: line.dialect,
    // Another thread would not see the rows of this transaction.
    aside: reader,
    tables,
    search,
    ask,
    select,
    selectDistinct,
    $count,
    transaction: async (label, work) => {
      line.guard.refuse(scope);
      return turns.run(() => savepoint(line, scope.openInner(label), work));
    },
    dataVersion: () => 0,
    close: async () => {
      throw new Error(`The database cannot be closed inside the transaction "${scope.label}".`);
    },
  };
}

async function savepoint<T>(line: Line, scope: Scope, work: Work<T>): Promise<T> {
  const { outer } = scope;
  const name = `level_${scope.depth}`;
  try {
    await line.execute(`savepoint ${name}`);
    const result = await carry(line, scope, work);
    await line.execute(`release savepoint ${name}`);
    outer?.effects.push(...scope.effects);
    return result;
  } catch (error) {
    await undo(line, outer, name);
    throw error;
  } finally {
    outer?.closeInner();
  }
}

/** Whoever rolled the whole transaction back has done this already, and the connection may serve another by now. */
async function undo(line: Line, outer: Scope | undefined, name: string): Promise<void> {
  if (!outer?.isOpen) return;
  try {
    await line.execute(`rollback to savepoint ${name}`);
    await line.execute(`release savepoint ${name}`);
  } catch (error) {
    outer.fail(error);
  }
}

function checked<F extends (...parameters: never[]) => unknown>(owner: unknown, method: F, check: () => void): F {
  return ((...parameters: Parameters<F>) => {
    check();
    return method.apply(owner, parameters);
  }) as F;
}
