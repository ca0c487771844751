import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Placeholder } from 'drizzle-orm';
import type { Row, Tables } from './schema.ts';

/** Statements without `.returning()` resolve to nothing: drivers disagree on what they report. */
interface NoResult extends PgQueryResultHKT {
  type: void;
}
type Orm = PgDatabase<NoResult>;

export type Holes<Values> = { [Name in keyof Values]: Placeholder };

export interface Preparable<Rows> {
  prepare(name: string): { execute(values: Record<string, unknown>): Promise<Rows> };
}

/** A question asked for every mail or click: building its SQL costs more than answering it, so it is built once. */
export interface Kept<Values, Rows> {
  build(reader: Reader, holes: Holes<Values>): Preparable<Rows>;
}

/** What any code may do outside a transaction: look. */
export interface Reader extends Pick<Orm, 'select' | 'selectDistinct' | '$count'> {
  readonly tables: Tables;
  readonly search: Search;
  /** Answers a kept question. No value may be null: SQL compares nothing with it. */
  ask<Values extends Record<string, unknown>, Rows>(question: Kept<Values, Rows>, values: Values): Promise<Rows>;
}

/** Tables whose rows are numbered. */
export type Numbered = { [Name in keyof Tables]: Row<Name> extends { id: number } ? Name : never }[keyof Tables];
/** A row said in full, but for its number. */
export type FullRow<Name extends Numbered> = Omit<Row<Name>, 'id'>;

interface Lockable {
  for(strength: 'update', config: { skipLocked: true }): unknown;
}

/** What a transaction may do: look and change. */
export interface Writer extends Reader, Pick<Orm, 'insert' | 'update' | 'delete'> {
  /** Runs once the outermost transaction has committed, outside its context; never after a rollback (of it or of the savepoint around the call). */
  afterCommit(effect: () => void): void;
  /** Writes one row and returns its number. The statement is kept, which a builder's is not. */
  add<Name extends Numbered>(table: Name, row: FullRow<Name>): Promise<number>;
  /** The same, or null where a unique key knows it already. */
  addOnce<Name extends Numbered>(table: Name, row: FullRow<Name>): Promise<number | null>;
  /**
   * The same where a row under that key is as good, but must not be taken before this transaction has ended: whoever takes
   * it would not see what is written here. (SQLite has one writer, so there is nothing to hold.)
   */
  addOrHold<Name extends Numbered>(table: Name, row: FullRow<Name>, key: keyof FullRow<Name> & string): Promise<void>;
  /** The rows that a question finds are this transaction's until it ends; those another one has are left out, not waited for. */
  own<Query extends Lockable>(query: Query): Query;
  /** Of these names those that are this transaction's until it ends; what another one has is left out. (SQLite has one writer: all.) */
  ownNames(names: string[]): Promise<string[]>;
  /** Writes the search row of one ticket or person; an empty text removes it. */
  index(kind: SearchKind, id: number, text: string): Promise<void>;
}

export interface Database extends Reader {
  readonly dialect: 'sqlite' | 'postgres';
  /** The same questions without holding up the process: on SQLite another thread answers. For reports, exports and scans. */
  readonly aside: Reader;
  /**
   * One transaction; `work` must await everything it starts. Inside, the database that opened it refuses reads and
   * further transactions: use `tx`. `label` names the verb in the log when the writer is held too long
   * (over 2 s logged, over 10 s rolled back).
   */
  transaction<T>(label: string, work: (tx: Writer, carried: Database) => Promise<T>): Promise<T>;
  /** Another number than before when another process wrote to the SQLite file; always 0 on PostgreSQL, where nodes share the jobs table. */
  dataVersion(): number;
  /** What the database takes for the time; only where several machines share it. */
  time?(): Promise<Date>;
  /**
   * Rewrites what lies on the disk, so that nothing deleted can be read from it; writing waits meanwhile. Undone when the
   * file is larger than `maxBytes`. PostgreSQL does this by itself, with time.
   */
  scrub?(maxBytes: number): Promise<Scrubbed>;
  close(): Promise<void>;
}

export interface Scrubbed {
  /** False when other processes kept the file busy, or it was too large: old bytes may still lie in it. */
  isClean: boolean;
  /** Copies made before migrations, which nothing here changes. */
  copies: string[];
}

export type SearchKind = 'ticket' | 'person';

export interface Search {
  /** Ids newest first; every word must match as a prefix, or (three letters or more) anywhere in a word. Never throws on odd input. */
  (kind: SearchKind, words: string, limit: number): Promise<number[]>;
}

const UNIQUE_VIOLATION = new Set(['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

export function isUniqueViolation(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && UNIQUE_VIOLATION.has(String(e.code))) return true;
  }
  return false;
}
