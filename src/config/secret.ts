import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './error.ts';

export const MIN_SECRET_LENGTH = 32;

/** In file mode the secret is made once and kept beside the database. */
export function keptSecret(database: string): string {
  const path = join(dirname(database), 'secret');
  if (!existsSync(path)) writeSecret(path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < MIN_SECRET_LENGTH) throw new ConfigError([`${path} is damaged: restore it from a backup, or set TIKETTI_SECRET.`]);
  return secret;
}

/** Whole or not at all, and the first process wins: a full disk or two starts at once must not leave half a secret. */
function writeSecret(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    linkSync(unfinished, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  const opened = openSync(folder, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
