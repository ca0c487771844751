import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scrubbed } from './database.ts';
import { isBusy } from './errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

const SEARCH_TABLES = ['search_ticket_words', 'search_ticket_parts', 'search_person_words', 'search_person_parts'];
const PAUSE_MILLISECONDS = 50;

interface ScrubLimits {
  maxBytes: number;
  /** How long it waits for other processes. */
  patienceMilliseconds: number;
}

/**
 * Rewrites the file, so that nothing deleted can be read from it: search indexes keep words until they are merged, pages
 * keep them until they are used again, and the log beside the file until it is emptied.
 */
export async function scrubSqlite(connection: SqliteConnection, file: string, limits: ScrubLimits): Promise<Scrubbed> {
  if (statSync(file).size > limits.maxBytes) return { isClean: false, copies: copiesBeside(file) };
  const deadline = performance.now() + limits.patienceMilliseconds;
  const steps = [
    ...SEARCH_TABLES.map((table) => () => mergeIndex(connection, table)),
    () => rewrite(connection),
    () => emptyLog(connection),
  ];
  let isClean = true;
  for (const step of steps) isClean = (await untilDone(step, deadline)) && isClean;
  return { isClean, copies: copiesBeside(file) };
}

function mergeIndex(connection: SqliteConnection, table: string): boolean {
  connection.exec(`insert into ${table} (${table}) values ('optimize')`);
  return true;
}

function rewrite(connection: SqliteConnection): boolean {
  connection.exec('vacuum');
  return true;
}

function emptyLog(connection: SqliteConnection): boolean {
  const [result] = connection.pragma('wal_checkpoint(truncate)') as { busy: number }[];
  return result?.busy === 0;
}

async function untilDone(step: () => boolean, deadline: number): Promise<boolean> {
  for (;;) {
    try {
      if (step()) return true;
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    if (performance.now() > deadline) return false;
    await pause(PAUSE_MILLISECONDS);
  }
}

function copiesBeside(file: string): string[] {
  const folder = dirname(file);
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.before-`))
    .map((name) => join(folder, name));
}
