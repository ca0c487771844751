import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './error.ts';

export const MIN_SECRET_LENGTH = 32;

/** What the file beside the database holds: a line for the current one, then one for each older one that is still accepted. */
export interface KeptSecrets {
  current: string;
  older: OlderSecret[];
}

export interface OlderSecret {
  secret: string;
  endedAt: Date;
  /** After this nothing signed with it is accepted. */
  until: Date;
}

/** Somebody else rotates the secret, or did so a moment ago and died. */
export class SecretIsRotating extends Error {
  constructor(lock: string) {
    super(`Another "tiketti secret rotate" is under way. If there is none, delete ${lock} and try again.`);
    this.name = 'SecretIsRotating';
  }
}

const STALE_LOCK_MS = 600_000;

export function secretPath(database: string): string {
  return join(dirname(database), 'secret');
}

/** In file mode the secret is made once and kept beside the database. The current one first. */
export function keptSecrets(database: string, now: Date): [string, ...string[]] {
  const path = secretPath(database);
  if (!existsSync(path)) writeSecret(path);
  const { current, older } = readSecrets(path);
  return [current, ...older.filter(({ until }) => until > now).map(({ secret }) => secret)];
}

/** TIKETTI_SECRET may be several, the current one first. One that has spaces or commas in it stays whole. */
export function secretsIn(text: string): [string, ...string[]] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const [first, ...others] = parts;
  return first !== undefined && parts.every((part) => part.length >= MIN_SECRET_LENGTH) ? [first, ...others] : [text];
}

export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

export function readSecrets(path: string): KeptSecrets {
  const [current = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const older = lines.map((line) => {
    const [secret = '', endedAt = '', until = ''] = line.trim().split(/\s+/);
    return { secret, endedAt: new Date(endedAt), until: new Date(until) };
  });
  const isWhole = older.every((one) => one.secret.length >= MIN_SECRET_LENGTH && Number.isFinite(one.until.getTime()));
  if (current.trim().length < MIN_SECRET_LENGTH || !isWhole)
    throw new ConfigError([`${path} is damaged: restore it from a backup, or set TIKETTI_SECRET.`]);
  return { current: current.trim(), older };
}

/** Takes the place of the file in one step: at any moment there is the old one or the new one, and it is whole. */
export function replaceSecrets(path: string, { current, older }: KeptSecrets): void {
  const lines = [current, ...older.map((one) => `${one.secret} ${one.endedAt.toISOString()} ${one.until.toISOString()}`)];
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, `${lines.join('\n')}\n`, { mode: 0o600, flush: true });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
  syncFolder(dirname(path));
}

/** One rotation at a time: of two, the secret of one would be lost with what was sealed under it. */
export async function whileRotating<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.rotating`;
  try {
    writeFileSync(lock, String(process.pid), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || Date.now() - statSync(lock).mtimeMs < STALE_LOCK_MS)
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? new SecretIsRotating(lock) : error;
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whole or not at all, and the first process wins: a full disk or two starts at once must not leave half a secret. */
function writeSecret(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, `${newSecret()}\n`, { mode: 0o600, flush: true });
    linkSync(unfinished, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
