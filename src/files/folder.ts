import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '#clock.ts';
import { checked, digestOf, type FileStore, isDigest, whole } from './store.ts';

/** Where a step of `put` can be watched: a test records the order in which bytes become durable. */
export type Watch = (step: 'written' | 'synced' | 'renamed' | 'folder synced') => void;

/** Files in a folder. Before `put` resolves, file and folder are synced. */
export function openFolder(folder: string, clock: Clock, watch: Watch = () => {}): FileStore {
  const place = (sha256: string) => join(folder, checked(sha256).slice(0, 2), sha256);

  return {
    async put(bytes) {
      const sha256 = digestOf(bytes);
      const path = place(sha256);
      const home = join(folder, sha256.slice(0, 2));
      // Who put the same bytes a moment ago may not have synced the folder yet, so it is synced for known ones too.
      if (!(await touch(path, clock.now()))) await move(bytes, { home, path, now: clock.now(), watch });
      await syncFolder(home);
      await syncFolder(folder);
      watch('folder synced');
      return sha256;
    },
    get: async (sha256) => whole(sha256, await readFile(place(sha256))),
    has: async (sha256) => exists(place(sha256)),
    remove: async (sha256) => rm(place(sha256), { force: true }),
    list: async (prefix) => (await namesIn(join(folder, prefix))).filter(isDigest),
    removeOlder: async (sha256, before) => removeOlder(place(sha256), before),
    check: () => checkFolder(folder),
    hurry: () => {},
  };
}

interface Move {
  home: string;
  path: string;
  now: Date;
  watch: Watch;
}

async function move(bytes: Uint8Array, { home, path, now, watch }: Move): Promise<void> {
  await mkdir(home, { recursive: true });
  const temporary = join(home, `.${randomUUID()}`);
  try {
    await writeDurably(temporary, bytes, { now, watch });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  watch('renamed');
}

async function writeDurably(path: string, bytes: Uint8Array, { now, watch }: Pick<Move, 'now' | 'watch'>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.utimes(now, now);
    watch('written');
    await file.sync();
    watch('synced');
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function exists(path: string): Promise<boolean> {
  return unlessMissing(false, async () => {
    await stat(path);
    return true;
  });
}

/** Says that these bytes are wanted again, to whoever looks for old ones. False when they are not here. */
async function touch(path: string, now: Date): Promise<boolean> {
  return unlessMissing(false, async () => {
    await utimes(path, now, now);
    return true;
  });
}

async function removeOlder(path: string, before: Date): Promise<boolean> {
  if (!(await isOlder(path, before))) return false;
  const aside = join(dirname(path), `.${randomUUID()}`);
  await rename(path, aside);
  // Who stored the same bytes between the look and the rename has touched what lies aside now; later, they are written anew.
  if (!(await isOlder(aside, before))) {
    await rename(aside, path);
    return false;
  }
  await rm(aside);
  return true;
}

function isOlder(path: string, before: Date): Promise<boolean> {
  return unlessMissing(false, async () => (await stat(path)).mtime < before);
}

function namesIn(folder: string): Promise<string[]> {
  return unlessMissing([], () => readdir(folder));
}

async function checkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const probe = join(folder, `.${randomUUID()}`);
  await writeFile(probe, '', { mode: 0o600 });
  await rm(probe);
}

async function unlessMissing<T>(otherwise: T, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}
