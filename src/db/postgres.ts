import { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Pool, type ClientBase } from 'pg';
import { SECOND } from '#clock.ts';
import { carry, readerOf, type Builders, type Line, type Work } from './carried.ts';
import { postgresColumns } from './columns.postgres.ts';
import type { Database, Reader } from './database.ts';
import { runEffects } from './effects.ts';
import { Guard } from './guard.ts';
import { HOLD_LIMITS, watchHold } from './hold.ts';
import { CONNECTION_TIMEOUT_MILLISECONDS, MAX_CONNECTIONS, type DatabaseOptions } from './options.ts';
import { plainSession, type Query } from './postgres-session.ts';
import { borrow, type Loan } from './postgres-loan.ts';
import { namer } from './postgres-names.ts';
import { defineTables } from './schema.ts';
import { Scope } from './scope.ts';
import { indexPostgres, searchPostgres } from './search.postgres.ts';

// The process may stop dead with a transaction open; the others must not wait for its locks for ever.
const IDLE_IN_TRANSACTION_MILLISECONDS = 60_000;
const SESSION = `set default_transaction_read_only = on; set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MILLISECONDS}; set timezone = 'UTC'`;
// Two names with one hash are taken for one: rarely, and then one of them waits for the other.
const OWN_NAMES = 'select name from unnest($1::text[]) as name where pg_try_advisory_xact_lock(hashtextextended(name, 0))';

export function openPostgres(url: string, options: DatabaseOptions): Database {
  const pool = poolOf(url, options);
  const guard = new Guard();
  const named = namer();
  const orm = ormOf();
  const tables = defineTables(postgresColumns);
  const refuse = () => guard.refuse();
  const read: Query = async (config, parameters) => {
    refuse();
    return pool.query(named(config, parameters), parameters);
  };
  const limits = options.hold ?? HOLD_LIMITS;

  async function commit<T>(label: string, work: Work<T>): Promise<T> {
    const loan = await borrow(pool, named);
    const hold = watchHold(label, limits, options.log);
    const scope = new Scope(label, undefined, limits.limitMilliseconds);
    try {
      await loan.execute(`begin isolation level read committed read write; set local statement_timeout = ${limits.limitMilliseconds}`);
      const result = await carry(lineOf({ guard, tables, orm, loan }), scope, work, hold.expired);
      await loan.commit();
      runEffects(scope, options.log);
      return result;
    } catch (error) {
      await loan.rollback();
      throw error;
    } finally {
      hold.stop();
    }
  }

  const search: Reader['search'] = (kind, words, limit) => searchPostgres(read, { kind, words, limit });
  const reader = readerOf(orm(read), { tables, search }, refuse);

  return {
    dialect: 'postgres',
    ...reader,
    aside: reader,
    transaction: async (label, work) => {
      refuse();
      return commit(label, work);
    },
    dataVersion: () => 0,
    time: async () => {
      const { rows } = await read('select extract(epoch from clock_timestamp()) as seconds');
      return new Date(Number(rows[0]?.seconds) * SECOND);
    },
    close: async () => {
      refuse();
      if (!pool.ending) await pool.end();
    },
  };
}

function poolOf(url: string, options: DatabaseOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? MAX_CONNECTIONS,
    connectionTimeoutMillis: options.connectionTimeoutMilliseconds ?? CONNECTION_TIMEOUT_MILLISECONDS,
    keepAlive: true,
    application_name: 'tiketti',
    // The pool waits for what this returns, though its types say nothing of it.
    onConnect: ((client) => client.query(SESSION)) as (client: ClientBase) => void,
  });
  // An idle connection the server drops emits 'error' on the pool; unhandled, it would end the process.
  pool.on('error', (error) => options.log.warn({ error }, 'an idle database connection was lost'));
  return pool;
}

/** Many small Drizzles, one a transaction, share what is costly to make. */
function ormOf(): (query: Query) => Builders {
  const dialect = new PgDialect({ casing: 'snake_case' });
  return (query) => new NodePgDatabase(dialect, plainSession(query, dialect), undefined) as unknown as Builders;
}

interface LineParts {
  guard: Guard;
  tables: Line['tables'];
  orm: (query: Query) => Builders;
  loan: Loan;
}

function lineOf({ guard, tables, orm, loan }: LineParts): Line {
  const queryOf =
    (scope: Scope): Query =>
    (config, parameters) =>
      loan.query(config, parameters, scope);
  return {
    dialect: 'postgres',
    tables,
    guard,
    builders: (scope) => orm(queryOf(scope)),
    search: (scope, kind, words, limit) => searchPostgres(queryOf(scope), { kind, words, limit }),
    index: (scope, kind, id, text) => indexPostgres(queryOf(scope), { kind, id, text }),
    execute: (command) => loan.execute(command),
    ownNames: async (scope, names) => {
      const { rows } = await queryOf(scope)(OWN_NAMES, [names]);
      return rows.map((row: { name: string }) => row.name);
    },
  };
}
