import type pg from 'pg';
import { Mutex } from './mutex.ts';
import type { namer } from './postgres-names.ts';
import type { Scope } from './scope.ts';
import { storable } from './storable.ts';

const ROLLBACK_MILLISECONDS = 1_000;

/** One pooled connection while a transaction has it. */
export interface Loan {
  query(config: pg.QueryConfig | string, parameters: unknown[] | undefined, scope: Scope): Promise<pg.QueryResult>;
  execute(command: string): Promise<void>;
  commit(): Promise<void>;
  /** Gives the connection back whatever happens: closed if it cannot be cleaned. */
  rollback(): Promise<void>;
}

export async function borrow(pool: pg.Pool, named: ReturnType<typeof namer>): Promise<Loan> {
  const client = await pool.connect();
  // The driver runs one statement at a time; two at once is our caller's right.
  const turns = new Mutex();
  let isLent = true;
  // Unhandled, a connection lost between two statements would end the process; the next statement tells of it.
  const onError = () => undefined;
  client.on('error', onError);

  const run = (config: pg.QueryConfig | string, parameters?: unknown[]) => {
    if (!isLent) throw new Error('The connection of this transaction has been given back.');
    return client.query(named(config, parameters), parameters?.map(storable));
  };

  function giveBack(error?: Error): void {
    if (!isLent) return;
    isLent = false;
    client.off('error', onError);
    client.release(error);
  }

  return {
    query: (config, parameters, scope) =>
      turns.run(async () => {
        scope.admit();
        try {
          return await run(config, parameters);
        } catch (error) {
          scope.fail(error);
          throw withoutValues(error);
        }
      }),
    execute: (command) => turns.run(async () => void (await run(command))),
    commit: async () => {
      const { command } = await turns.run(() => run('commit'));
      // PostgreSQL answers so, without an error, when a statement had failed.
      if (command === 'ROLLBACK') throw new Error('The transaction was rolled back at its commit.');
      giveBack();
    },
    rollback: async () => {
      if (!isLent) return;
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(new Error('The rollback took too long.')), ROLLBACK_MILLISECONDS);
      try {
        await Promise.race([turns.run(async () => run('rollback')), late.promise]);
        giveBack();
      } catch (error) {
        giveBack(error instanceof Error ? error : new Error('rollback', { cause: error }));
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The server repeats the offending row in `detail`, and errors end in a log. */
export function withoutValues(error: unknown): unknown {
  if (error instanceof Error && 'detail' in error) Object.assign(error, { detail: undefined });
  return error;
}
