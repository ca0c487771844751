import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** One content as a list of a backup names it. */
export interface Content {
  sha256: string;
  bytes: number;
}

export interface Copied {
  contents: Content[];
  /** Not in the folder it was to be copied from. */
  missing: string[];
  /** There, and not what its name says. */
  damaged: string[];
}

const AT_ONCE = 4;

/**
 * Copies contents from one folder of the store's shape to another. Durable when it resolves, and nothing half copied is
 * ever found under its name; what is there already is kept.
 */
export async function copyContents(from: string, to: string, names: readonly string[], tell: (done: number) => void): Promise<Copied> {
  const copied: Copied = { contents: [], missing: [], damaged: [] };
  const homes = new Set<string>();
  let done = 0;
  await eachOf(names, async (sha256) => {
    const target = placeOf(to, sha256);
    const bytes = (await digestAt(target)) === sha256 ? await sizeOf(target) : await copyOne(placeOf(from, sha256), target, sha256);
    if (bytes === null) copied.missing.push(sha256);
    else if (bytes < 0) copied.damaged.push(sha256);
    else copied.contents.push({ sha256, bytes });
    homes.add(dirname(target));
    done += 1;
    tell(done);
  });
  for (const home of homes) await syncFolder(home);
  if (homes.size > 0) await syncFolder(to);
  return { ...copied, contents: copied.contents.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)) };
}

/** Which of these contents are not there as their names say. */
export async function checkContents(
  folder: string,
  contents: readonly Content[],
  tell: (done: number) => void,
): Promise<Pick<Copied, 'missing' | 'damaged'>> {
  const found: Pick<Copied, 'missing' | 'damaged'> = { missing: [], damaged: [] };
  let done = 0;
  await eachOf(contents, async ({ sha256 }) => {
    const digest = await digestAt(placeOf(folder, sha256));
    if (digest === null) found.missing.push(sha256);
    else if (digest !== sha256) found.damaged.push(sha256);
    done += 1;
    tell(done);
  });
  return found;
}

/** Null when there is no such file. */
export async function digestAt(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The size; null when it is missing, negative when it is not what its name says. */
async function copyOne(source: string, target: string, sha256: string): Promise<number | null> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const unfinished = join(dirname(target), `.${sha256}.part`);
  try {
    // Where the disk can share blocks between files, a copy costs no space.
    await copyFile(source, unfinished, constants.COPYFILE_FICLONE);
    const file = await open(unfinished, 'r+');
    try {
      await file.chmod(0o600);
      await file.sync();
    } finally {
      await file.close();
    }
    // Read back: what counts is what lies there now.
    if ((await digestAt(unfinished)) !== sha256) return -1;
    await rename(unfinished, target);
    return await sizeOf(target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

function placeOf(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Not a SHA-256: ${sha256.slice(0, 80)}`);
  return join(folder, sha256.slice(0, 2), sha256);
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const hand = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
}
