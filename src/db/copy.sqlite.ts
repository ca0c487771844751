import { closeSync, existsSync, fsyncSync, openSync, statSync, writeFileSync } from 'node:fs';
import Connection from 'better-sqlite3';
import { knownMigrations, MIGRATIONS_TABLE, pendingMigrations, type Versions } from './migrations.ts';
import { BUSY_MILLISECONDS } from './options.ts';
import { sqlitePath } from './sqlite-connection.ts';

/** A step reads so much and lets go of the machine. */
const PAGES_A_STEP = 256;
/** What was written is brought to the disk in pieces: one large sync would keep the server's commits waiting. */
const STEPS_A_SYNC = 16;

/**
 * A copy of the database as it is in this moment, while a server writes. The connection's own read transaction keeps that
 * moment: without it SQLite would begin anew after every commit of the server's, and never end on a busy day.
 */
export async function copySqlite(url: string, target: string, tell: (share: number) => void): Promise<void> {
  // It holds customers' words: nobody else on the machine may look.
  writeFileSync(target, '', { mode: 0o600 });
  const source = new Connection(sqlitePath(url), { timeout: BUSY_MILLISECONDS, fileMustExist: true });
  try {
    source.pragma('query_only = on');
    source.exec('begin');
    source.prepare('select count(*) from sqlite_master').get();
    let steps = 0;
    await source.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        tell(1 - remainingPages / totalPages);
        steps += 1;
        if (steps % STEPS_A_SYNC === 0) sync(target);
        return PAGES_A_STEP;
      },
    });
    source.exec('rollback');
    // What the server wrote meanwhile waits in its log: moved home here, so that none of its commits has to.
    source.pragma('wal_checkpoint(passive)');
  } finally {
    source.close();
  }
  const copy = new Connection(target);
  try {
    // One file, with nothing beside it.
    copy.pragma('journal_mode = delete');
  } finally {
    copy.close();
  }
  sync(target);
}

export interface CopiedTables {
  tickets: number;
  comments: number;
  people: number;
  mails: number;
  deliveries: number;
  files: number;
}

const COUNTED = ['tickets', 'comments', 'people', 'mails', 'deliveries', 'files'] as const;

/** A copy, looked at without changing a byte of it. */
export interface SqliteCopy {
  counts(): CopiedTables;
  /** The digests of every file a row names. */
  fileNames(): string[];
  /** What SQLite finds wrong; empty when all is well. */
  problems(): string[];
  /** Throws `NewerDatabase`. */
  versions(): Versions;
  close(): void;
}

export function openSqliteCopy(file: string): SqliteCopy {
  const connection = new Connection(file, { readonly: true, fileMustExist: true });
  const count = (table: string) => Number(connection.prepare(`select count(*) from ${table}`).pluck().get());
  return {
    counts: () => Object.fromEntries(COUNTED.map((table) => [table, count(table)])) as unknown as CopiedTables,
    fileNames: () => {
      const names = 'select sha256 from files union select raw_file from mails where raw_file is not null order by 1';
      return connection.prepare(names).pluck().all() as string[];
    },
    problems: () => {
      const found = connection.pragma('integrity_check(20)') as { integrity_check: string }[];
      return found.map((row) => row.integrity_check).filter((words) => words !== 'ok');
    },
    versions: () => {
      const known = knownMigrations('sqlite');
      const applied = connection.prepare(`select created_at from ${MIGRATIONS_TABLE}`).pluck().all() as number[];
      return { applied: applied.length, pending: pendingMigrations(known, applied).length };
    },
    close: () => void connection.close(),
  };
}

/** Has it anything somebody would miss? False where there is no such file, and for one that was only just made. */
export function hasData(file: string): boolean {
  if (!existsSync(file) || statSync(file).size === 0) return false;
  const connection = new Connection(file, { readonly: true });
  try {
    const tables = connection.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
    const kept = ['tickets', 'mails', 'people', 'mailboxes'].filter((table) => tables.includes(table));
    return kept.some((table) => connection.prepare(`select 1 from ${table} limit 1`).get() !== undefined);
  } finally {
    connection.close();
  }
}

/** Does a server say that it is there? */
export function isServed(file: string, now: Date): boolean {
  if (!existsSync(file) || statSync(file).size === 0) return false;
  const connection = new Connection(file, { readonly: true });
  try {
    const table = connection.prepare("select 1 from sqlite_master where type = 'table' and name = 'leases'").get();
    if (!table) return false;
    const row = connection.prepare("select 1 from leases where (name = 'server' or name like 'server/%') and until > ? limit 1");
    return row.get(now.getTime()) !== undefined;
  } finally {
    connection.close();
  }
}

/** Nobody has it open and nothing is beside it: the file alone is the database. */
export function settleSqlite(file: string): void {
  const connection = new Connection(file, { fileMustExist: true });
  try {
    connection.pragma('wal_checkpoint(truncate)');
    connection.pragma('journal_mode = delete');
  } finally {
    connection.close();
  }
  sync(file);
}

function sync(path: string): void {
  const opened = openSync(path, 'r+');
  fsyncSync(opened);
  closeSync(opened);
}
