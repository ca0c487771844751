import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, inject } from 'vitest';
import type { Database } from '#db/database.ts';
import { isPostgres, openDatabase } from '#db/open.ts';
import type { DatabaseOptions } from '#db/options.ts';
import type { Fields, Log } from '#log.ts';

const TEMPLATE = 'tiketti_template';
const TEST_CONNECTIONS = 6;

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Fields;
}

/** Remembers what was said, and lets a test wait for a line. */
export function recordLog(): Log & { lines: LogLine[]; next(message: string): Promise<LogLine> } {
  const lines: LogLine[] = [];
  const waiting: { message: string; resolve: (line: LogLine) => void }[] = [];
  const say = (level: LogLine['level']) => (fields: Fields, message: string) => {
    const line = { level, message, fields };
    lines.push(line);
    for (const waiter of waiting.filter((one) => message.includes(one.message))) waiter.resolve(line);
  };
  return {
    lines,
    next: (message) => new Promise((resolve) => void waiting.push({ message, resolve })),
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    address: (value) => value ?? '-',
  };
}

const name = () => `t_${randomBytes(6).toString('hex')}`;

/** A migrated database nobody else uses: a copied file. */
export async function freshSqliteUrl(): Promise<string> {
  const file = join(inject('databaseFolder'), `${name()}.db`);
  await copyFile(inject('sqliteTemplate'), file);
  return `file:${file}`;
}

/** A migrated database nobody else uses; the first of a run starts the server. */
export async function freshPostgresUrl({ isEmpty = false } = {}): Promise<string> {
  const server = await postgresUrl();
  const database = name();
  const admin = new Client({ connectionString: `${server}/postgres` });
  await admin.connect();
  await admin.query(`create database ${database} ${isEmpty ? '' : `template ${TEMPLATE}`}`);
  await admin.end();
  return `${server}/${database}`;
}

export const DIALECTS = { sqlite: freshSqliteUrl, postgres: freshPostgresUrl };
export type Dialect = keyof typeof DIALECTS;

export async function freshSqlite(options: Partial<DatabaseOptions> = {}): Promise<Database> {
  return openTest(await freshSqliteUrl(), options);
}

export async function freshPostgres(options: Partial<DatabaseOptions> = {}): Promise<Database> {
  return openTest(await freshPostgresUrl(), options);
}

export function openTest(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  return openDatabase(url, { log: recordLog(), maxConnections: TEST_CONNECTIONS, ...options });
}

/** The same for a database that its server has yet to migrate. */
export async function openUnchecked(url: string, options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const all = { log: recordLog(), maxConnections: TEST_CONNECTIONS, ...options };
  return isPostgres(url) ? (await import('#db/postgres.ts')).openPostgres(url, all) : (await import('#db/sqlite.ts')).openSqlite(url, all);
}

/** What the tests of one engine share; `db` is a fresh database in every test. */
export interface Subject {
  readonly dialect: Dialect;
  readonly url: string;
  readonly db: Database;
  readonly log: ReturnType<typeof recordLog>;
}

/** The same tests on SQLite and on PostgreSQL. */
export function describeDatabases(title: string, body: (subject: Subject) => void, options: Partial<DatabaseOptions> = {}): void {
  describe.each(Object.keys(DIALECTS) as Dialect[])(`${title} on %s`, (dialect) => {
    let current: { url: string; db: Database; log: Subject['log'] } | undefined;
    const opened = () => {
      if (!current) throw new Error('The database is there inside a test only.');
      return current;
    };
    beforeEach(async () => {
      const url = await DIALECTS[dialect]();
      const log = recordLog();
      current = { url, log, db: await openTest(url, { log, ...options }) };
    });
    afterEach(async () => {
      await current?.db.close();
      current = undefined;
    });
    body({
      dialect,
      get url() {
        return opened().url;
      },
      get db() {
        return opened().db;
      },
      get log() {
        return opened().log;
      },
    });
  });
}

let server: Promise<string> | undefined;

function postgresUrl(): Promise<string> {
  server ??= askDoor();
  return server;
}

async function askDoor(): Promise<string> {
  const socket = connect(inject('postgresDoor'), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  await once(socket, 'end');
  socket.destroy();
  if (!answer.startsWith('postgres://')) throw new Error(answer);
  return answer;
}
