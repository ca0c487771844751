import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Connection from 'better-sqlite3';
import { BUSY_MILLISECONDS } from './options.ts';

/** SQLite's own 2 MB hold the indexes of a small desk only. */
const CACHE_KIBIBYTES = 16 * 1024;

export type SqliteConnection = Connection.Database;

/** `file:./data/tiketti.db`, `file:///srv/tiketti.db` or a bare path. */
export function sqlitePath(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url.replace(/^file:/, '');
}

/** The folder holds customers' words: nobody else on the machine may look. */
export function makeRoom(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
}

export function connectReader(file: string): SqliteConnection {
  const connection = connect(file, BUSY_MILLISECONDS);
  connection.pragma('query_only = on');
  return connection;
}

/** Its `begin` is tried again by a timer: a busy timeout here would stop the whole process while it waits. */
export function connectWriter(file: string): SqliteConnection {
  const connection = connect(file, BUSY_MILLISECONDS);
  connection.pragma('foreign_keys = on');
  connection.pragma('busy_timeout = 0');
  return connection;
}

export function connect(file: string, timeout: number): SqliteConnection {
  const connection = new Connection(file, { timeout });
  connection.pragma('journal_mode = wal');
  // Rows that were acknowledged to a mail server or to Slack must survive a power cut.
  connection.pragma('synchronous = full');
  // Savepoints keep what they may have to undo: in memory, not in a file made and removed for each.
  connection.pragma('temp_store = memory');
  connection.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
  return connection;
}
