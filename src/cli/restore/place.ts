import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filePath, type Places } from '#config.ts';
import { secretPath, secretsIn } from '#config/secret.ts';
import { hasData, isServed } from '#db/copy.sqlite.ts';
import { copyContents, digestAt, syncFolder } from '#files/copy.ts';
import { secretId } from '#seal.ts';
import { EXIT, Refused } from '../exit.ts';
import type { Progress } from '../output.ts';
import { writeWhole } from '../backup/manifest.ts';
import { FILES, type Manifest, readList } from '../backup/manifest.ts';

export interface Target {
  /** Null on PostgreSQL. */
  database: string | null;
  /** Null where the files are not in a folder. */
  files: string | null;
  secret: string | null;
}

export function targetOf(places: Places): Target {
  const isFile = places.DATABASE_URL.startsWith('file:');
  const database = isFile ? filePath(places.DATABASE_URL) : null;
  return {
    database,
    files: places.FILES_URL.startsWith('file:') ? filePath(places.FILES_URL) : null,
    secret: database && !places.TIKETTI_SECRET ? secretPath(database) : null,
  };
}

/** What is there already is never written over: it must be empty, or be moved aside. */
export function refuseUnlessFree({ database, files }: Target, isForced: boolean, now: Date): void {
  if (database && isServed(database, now))
    throw new Refused('A server is running on this database. Stop it, wait half a minute, and try again.', EXIT.temporary);
  if (isForced) return;
  if (database && hasData(database))
    throw new Refused(`${database} has data. Restore to an empty place, or give --force: it is moved aside, never deleted.`);
  if (files && existsSync(files) && readdirSync(files).length > 0)
    throw new Refused(`${files} is not empty. Restore to an empty place, or give --force: it is moved aside, never deleted.`);
}

/** The backup's secret, or the environment's where that is the right one: without it mails sent before are strangers'. */
export function secretsFor(folder: string, { secret, secretIds }: Manifest, { TIKETTI_SECRET }: Places): string {
  if (TIKETTI_SECRET) {
    const [current] = secretsIn(TIKETTI_SECRET);
    const isKnown = secretsIn(TIKETTI_SECRET).some((one) => secretIds.includes(secretId(one)));
    if (!isKnown)
      throw new Refused(
        `TIKETTI_SECRET is not the one this backup was made with (${secretIds[0]}, not ${secretId(current)}). Set the right one, or add it behind the new one.`,
      );
    return TIKETTI_SECRET;
  }
  if (!secret) throw new Refused('The backup has no secret: set TIKETTI_SECRET to what it was when the backup was made.');
  return readFileSync(join(folder, secret.name), 'utf8');
}

/** Files stand ready before anything of the old is touched. Returns the folder they are in for now. */
export async function stageFiles(folder: string, manifest: Manifest, target: Target, tell: Progress): Promise<string | null> {
  if (!manifest.files || !target.files) return null;
  const isInPlace = !existsSync(target.files) || readdirSync(target.files).length === 0;
  const staged = isInPlace ? target.files : `${target.files}.restoring`;
  const names = readList(join(folder, manifest.files.list.name)).map(({ sha256 }) => sha256);
  await mkdir(staged, { recursive: true, mode: 0o700 });
  const copied = await copyContents(join(folder, FILES), staged, names, (done) => tell(`files ${done} of ${names.length}`));
  if (copied.missing.length + copied.damaged.length > 0) throw new Refused('A file of the backup could not be copied whole.');
  return staged;
}

export async function stageDatabase(folder: string, manifest: Manifest, database: string): Promise<string> {
  const staged = `${database}.restoring`;
  await mkdir(dirname(database), { recursive: true, mode: 0o700 });
  for (const end of ['', '-wal', '-shm']) await rm(staged + end, { force: true });
  await copyFile(join(folder, manifest.database?.name ?? ''), staged);
  const file = await open(staged, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
  if ((await digestAt(staged)) !== manifest.database?.sha256) throw new Refused('The database could not be copied whole.');
  return staged;
}

interface Staged {
  database: string;
  files: string | null;
  /** Null where the environment has it. */
  secret: string | null;
}

/** A few renames: what was there goes aside, what stands ready takes its place, the database last. Returns what went aside. */
export async function takePlaces(target: Target & { database: string }, staged: Staged, stamp: string): Promise<string[]> {
  const aside: string[] = [];
  const moveAside = async (path: string, end = '') => {
    if (!existsSync(path + end)) return;
    // What SQLite keeps beside a database follows its name.
    const to = `${path}.before-restore-${stamp}${end}`;
    await rename(path + end, to);
    aside.push(to);
  };
  for (const end of ['', '-wal', '-shm']) await moveAside(target.database, end);
  if (target.secret && staged.secret !== null) {
    await moveAside(target.secret);
    await writeWhole(target.secret, staged.secret);
  }
  if (target.files && staged.files !== null && staged.files !== target.files) {
    await moveAside(target.files);
    await rename(staged.files, target.files);
    await syncFolder(dirname(target.files));
  }
  await rename(staged.database, target.database);
  await syncFolder(dirname(target.database));
  return aside;
}
