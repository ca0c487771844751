import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '#clock.ts';
import { type DataConfig, filePath, type Places, readDataConfig, readPlaces } from '#config.ts';
import { secretPath } from '#config/secret.ts';
import { copySqlite, openSqliteCopy } from '#db/copy.sqlite.ts';
import { openDatabase, isPostgres } from '#db/open.ts';
import { versions } from '#db/migrate.ts';
import { type Copied, copyContents, digestAt, syncFolder } from '#files/copy.ts';
import { createLog } from '#log.ts';
import { secretId } from '#seal.ts';
import { namedContents } from '#tickets/named-contents.ts';
import { programVersion } from '../main/version.ts';
import { DUMP, FILES, FORMAT, isFree, type Kept, listText, type Manifest, MANIFEST, readManifest, UNFINISHED } from './backup/manifest.ts';
import { writeManifest, writeWhole } from './backup/manifest.ts';
import { reportBackup } from './backup/report.ts';
import { EXIT, Refused } from './exit.ts';
import type { Progress, Terminal } from './output.ts';

type Environment = Record<string, string | undefined>;

export interface BackupOptions {
  environment: Environment;
  /** The folder holds an older backup, which this one takes the place of. */
  isForced: boolean;
  /** A secret from the environment is written too. */
  withSecret: boolean;
}

interface Snapshot {
  database: Kept | null;
  migrations: number;
  counts: Record<string, number>;
  names: string[];
}

interface Backup {
  config: DataConfig;
  folder: string;
  /** Of this backup's own files: an older one in the same folder stays whole until this one is. */
  stamp: string;
  tell: Progress;
}

/** Retention may remove a file between the copy of the database and that of the file: then both are taken again. */
const MAX_TURNS = 3;

/** Database, files, secret and a manifest with checksums, beside a running server. */
export async function backUp(folder: string, options: BackupOptions, { out, tell }: Terminal): Promise<number> {
  refuseWithoutSecret(readPlaces(options.environment));
  await claimFolder(folder, options);
  const config = readDataConfig(options.environment);
  const at = systemClock.now();
  const backup: Backup = { config, folder, stamp: at.toISOString().replaceAll(/[-:]|\.\d+/g, ''), tell };
  const { snapshot, files, lost } = await copyAll(backup);
  const list = files ? await writeList(backup, files) : null;
  const secret = await copySecret(backup, options);
  const manifest: Manifest = {
    format: FORMAT,
    program: programVersion(),
    at,
    dialect: isPostgres(config.DATABASE_URL) ? 'postgres' : 'sqlite',
    migrations: snapshot.migrations,
    database: snapshot.database,
    counts: snapshot.counts,
    files: files &&
      list && {
        list,
        count: files.contents.length,
        bytes: files.contents.reduce((sum, { bytes }) => sum + bytes, 0),
        missing: files.missing,
        damaged: files.damaged,
      },
    secret,
    secretIds: config.secrets.map(secretId),
  };
  await writeManifest(folder, manifest);
  await tidy(folder, manifest, files);
  tell.end();
  reportBackup(out, { folder, manifest, lost, config });
  return lost.length > 0 || (files?.damaged.length ?? 0) > 0 ? EXIT.failed : EXIT.ok;
}

/** Reading the settings would make a new one in its place, and the backup would bring back one that opens nothing. */
function refuseWithoutSecret({ DATABASE_URL, TIKETTI_SECRET }: Places): void {
  if (TIKETTI_SECRET || isPostgres(DATABASE_URL)) return;
  const path = secretPath(filePath(DATABASE_URL));
  if (!existsSync(path))
    throw new Refused(`${path} is missing, so a backup would not be whole. Bring it back from an older one, or set TIKETTI_SECRET.`);
}

async function claimFolder(folder: string, { isForced }: BackupOptions): Promise<void> {
  if (!isFree(folder)) {
    const isOurs = existsSync(join(folder, MANIFEST)) || existsSync(join(folder, UNFINISHED));
    if (!isOurs) throw new Refused(`${folder} is not empty and holds no backup. Give a folder of its own.`);
    if (!isForced) throw new Refused(`${folder} holds a backup already. Give another folder, or --force to take its place.`);
    if (existsSync(join(folder, MANIFEST))) readManifest(folder);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, UNFINISHED), 'A backup was begun here. It is finished when there is a manifest and this file is gone.\n');
}

async function copyAll(backup: Backup): Promise<{ snapshot: Snapshot; files: Copied | null; lost: string[] }> {
  const areFilesHere = backup.config.FILES_URL.startsWith('file:');
  for (let turn = 1; ; turn += 1) {
    const snapshot = await takeSnapshot(backup);
    if (!areFilesHere) return { snapshot, files: null, lost: [] };
    const { length } = snapshot.names;
    const files = await copyContents(filePath(backup.config.FILES_URL), join(backup.folder, FILES), snapshot.names, (done) =>
      backup.tell(`files ${done} of ${length}`),
    );
    const lost = files.missing.length > 0 ? await stillNamed(backup, files.missing) : [];
    if (lost.length === files.missing.length || turn === MAX_TURNS) return { snapshot, files, lost };
  }
}

/** The database as it is now, and what it names. On PostgreSQL pg_dump makes the copy; the names are those of this moment. */
async function takeSnapshot(backup: Backup): Promise<Snapshot> {
  const { config, folder, stamp, tell } = backup;
  if (isPostgres(config.DATABASE_URL)) {
    const dump = join(folder, DUMP);
    const { applied } = await versions(config.DATABASE_URL);
    const names = await namesNow(backup);
    return { database: existsSync(dump) ? await keptAt(folder, DUMP) : null, migrations: applied, counts: {}, names };
  }
  const name = `database-${stamp}.db`;
  const target = join(folder, name);
  await rm(target, { force: true });
  await copySqlite(config.DATABASE_URL, target, (share) => tell(`database ${Math.round(share * 100)} %`));
  const copy = openSqliteCopy(target);
  try {
    const problems = copy.problems();
    if (problems.length > 0)
      throw new Refused(`The database is damaged: ${problems[0]}. Restore the last good backup; "tiketti doctor" says more.`);
    return {
      database: await keptAt(folder, name),
      migrations: copy.versions().applied,
      counts: { ...copy.counts() },
      names: copy.fileNames(),
    };
  } finally {
    copy.close();
  }
}

/** Those that the running desk names still: they were not removed, they are lost. */
async function stillNamed(backup: Backup, missing: string[]): Promise<string[]> {
  const named = new Set(await namesNow(backup));
  return missing.filter((sha256) => named.has(sha256));
}

async function namesNow({ config }: Backup): Promise<string[]> {
  const log = createLog({
    level: 'error',
    secret: config.secrets[0],
    plainAddresses: false,
    write: (line) => void process.stderr.write(line),
  });
  const db = await openDatabase(config.DATABASE_URL, { log });
  try {
    return await namedContents(db.aside);
  } finally {
    await db.close();
  }
}

async function writeList({ folder, stamp }: Backup, { contents }: Copied): Promise<Kept> {
  const name = `files-${stamp}.txt`;
  await writeWhole(join(folder, name), listText(contents));
  return keptAt(folder, name);
}

/** What the environment holds is its keeper's: it is written here only when asked for. */
async function copySecret({ config, folder, stamp }: Backup, { withSecret }: BackupOptions): Promise<Kept | null> {
  if (config.TIKETTI_SECRET && !withSecret) return null;
  const text = config.TIKETTI_SECRET ? `${config.TIKETTI_SECRET}\n` : readFileSync(secretPath(filePath(config.DATABASE_URL)), 'utf8');
  const name = `secret-${stamp}`;
  await writeWhole(join(folder, name), text);
  return keptAt(folder, name);
}

async function keptAt(folder: string, name: string): Promise<Kept> {
  const path = join(folder, name);
  return { name, bytes: statSync(path).size, sha256: (await digestAt(path)) ?? '' };
}

/** What the manifest does not name was an older backup's, or an unfinished one's. */
async function tidy(folder: string, manifest: Manifest, files: Copied | null): Promise<void> {
  const ours = [MANIFEST, FILES, DUMP, manifest.database?.name, manifest.files?.list.name, manifest.secret?.name];
  for (const name of await readdir(folder)) {
    const isLeft = name === UNFINISHED || /^(database|files|secret)-\d{8}T\d{6}Z(\.\w+)*$/.test(name) || name.endsWith('.part');
    if (isLeft && !ours.includes(name)) await rm(join(folder, name), { force: true });
  }
  const named = new Set(files?.contents.map(({ sha256 }) => sha256));
  const home = join(folder, FILES);
  for (const shard of existsSync(home) ? await readdir(home) : []) {
    for (const sha256 of await readdir(join(home, shard))) if (!named.has(sha256)) await rm(join(home, shard, sha256), { force: true });
  }
  await syncFolder(folder);
}
