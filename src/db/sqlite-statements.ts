import type { Statement } from 'better-sqlite3';
import type { Log } from '#log.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { storable } from './storable.ts';

const MAX_PREPARED = 400;
const SLOW_MILLISECONDS = 20;
const MAX_LOGGED_LETTERS = 300;

/** Asked before every statement, told of every failure. */
export interface Watcher {
  readonly label?: string;
  before(): void;
  failed(error: unknown): void;
}

/** What Drizzle's session for better-sqlite3 asks of a connection. */
export interface Client {
  prepare(text: string): unknown;
}

export interface Statements {
  /** A command of our own: begin, commit, savepoint. */
  run(text: string): void;
  all<T>(watcher: Watcher, text: string, ...parameters: unknown[]): T[];
  change(watcher: Watcher, text: string, ...parameters: unknown[]): void;
  client(watcher: Watcher): Client;
}

/** Compiled statements are kept by their text: compiling costs more than most of our statements take to run. */
export function statementsOf(connection: SqliteConnection, log: Log): Statements {
  const prepared = new Map<string, Statement>();

  function prepare(text: string): Statement {
    const known = prepared.get(text);
    const statement = known ?? connection.prepare(text);
    prepared.delete(text);
    prepared.set(text, statement);
    if (prepared.size > MAX_PREPARED) prepared.delete(prepared.keys().next().value ?? text);
    return statement;
  }

  function attempt<T>(watcher: Watcher, text: string, action: () => T): T {
    watcher.before();
    const startedAt = performance.now();
    try {
      return action();
    } catch (error) {
      watcher.failed(error);
      throw error;
    } finally {
      const ms = performance.now() - startedAt;
      if (ms > SLOW_MILLISECONDS) {
        const statement = text.replaceAll(/\s+/g, ' ').slice(0, MAX_LOGGED_LETTERS);
        log.warn({ ms: Math.round(ms), transaction: watcher.label, statement }, 'a statement kept the main thread');
      }
    }
  }

  function client(watcher: Watcher): Client {
    return {
      prepare(text) {
        const statement = attempt(watcher, text, () => prepare(text));
        const all =
          (isRaw: boolean) =>
          (...parameters: unknown[]) =>
            attempt(watcher, text, () => shaped(statement, isRaw).all(...parameters.map(storable)));
        const get =
          (isRaw: boolean) =>
          (...parameters: unknown[]) =>
            attempt(watcher, text, () => shaped(statement, isRaw).get(...parameters.map(storable)));
        return {
          run: (...parameters: unknown[]) => attempt(watcher, text, () => statement.run(...parameters.map(storable))),
          all: all(false),
          get: get(false),
          raw: () => ({ all: all(true), get: get(true) }),
        };
      },
    };
  }

  return {
    client,
    run: (text) => void prepare(text).run(),
    all: <T>(watcher: Watcher, text: string, ...parameters: unknown[]) =>
      attempt(watcher, text, () => shaped(prepare(text), false).all(...parameters) as T[]),
    change: (watcher, text, ...parameters) => void attempt(watcher, text, () => prepare(text).run(...parameters)),
  };
}

/** A kept statement remembers the shape it was last read in. */
function shaped(statement: Statement, isRaw: boolean): Statement {
  return statement.reader ? statement.raw(isRaw) : statement;
}
