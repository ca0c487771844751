import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Bytes by their SHA-256. What `put` returned for is durable: file and folder were synced before it resolved. */
export interface FileStore {
  put(bytes: Uint8Array): Promise<string>;
  /** Throws when the bytes are gone. */
  get(sha256: string): Promise<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  remove(sha256: string): Promise<void>;
}

/** Where a step of `put` can be watched: a test records the order in which bytes become durable. */
export type Watch = (step: 'written' | 'synced' | 'renamed' | 'folder synced') => void;

export function openFileStore(folder: string, watch: Watch = () => {}): FileStore {
  const place = (sha256: string) => join(folder, checked(sha256).slice(0, 2), sha256);

  return {
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = place(sha256);
      if (await exists(path)) return sha256;
      const home = join(folder, sha256.slice(0, 2));
      await mkdir(home, { recursive: true });
      const temporary = join(home, `.${randomUUID()}`);
      try {
        await writeDurably(temporary, bytes, watch);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      watch('renamed');
      await syncFolder(home);
      await syncFolder(folder);
      watch('folder synced');
      return sha256;
    },
    get: (sha256) => readFile(place(sha256)),
    has: (sha256) => exists(place(sha256)),
    remove: (sha256) => rm(place(sha256), { force: true }),
  };
}

function checked(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Not a SHA-256: ${sha256.slice(0, 80)}`);
  return sha256;
}

async function writeDurably(path: string, bytes: Uint8Array, watch: Watch): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
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

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
