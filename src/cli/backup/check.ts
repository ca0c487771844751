import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NewerDatabase } from '#db/migrate.ts';
import { openSqliteCopy } from '#db/copy.sqlite.ts';
import { checkContents, digestAt } from '#files/copy.ts';
import type { Progress } from '../output.ts';
import { FILES, type Kept, type Manifest, readList, readManifest } from './manifest.ts';

export interface CheckedBackup {
  manifest: Manifest;
  /** Sentences; empty when it can be restored. */
  problems: string[];
  /** It is whole, and this program is too old for it. */
  isNewer: boolean;
}

const MAX_TOLD = 20;

/** Reads every byte of a backup and changes none. Throws NoBackup for a folder that is none. */
export async function checkBackup(folder: string, tell: Progress): Promise<CheckedBackup> {
  const manifest = readManifest(folder);
  const problems: string[] = [];
  for (const one of [manifest.database, manifest.files?.list, manifest.secret]) {
    if (one) problems.push(...(await keptProblems(folder, one)));
  }
  if (problems.length > 0) return { manifest, problems, isNewer: false };
  const database = manifest.dialect === 'sqlite' ? checkDatabase(folder, manifest) : { problems: [], names: [], isNewer: false };
  problems.push(...database.problems);
  if (manifest.files) problems.push(...(await fileProblems(folder, manifest, { names: database.names, tell })));
  tell.end();
  return { manifest, problems, isNewer: database.isNewer };
}

async function keptProblems(folder: string, { name, bytes, sha256 }: Kept): Promise<string[]> {
  const path = join(folder, name);
  if (!existsSync(path)) return [`${name} is missing.`];
  if (statSync(path).size !== bytes) return [`${name} has ${statSync(path).size} bytes, and had ${bytes}.`];
  return (await digestAt(path)) === sha256 ? [] : [`${name} was changed after it was written.`];
}

function checkDatabase(folder: string, { database, counts }: Manifest): { problems: string[]; names: string[]; isNewer: boolean } {
  if (!database) return { problems: ['The manifest names no database.'], names: [], isNewer: false };
  const copy = openSqliteCopy(join(folder, database.name));
  try {
    const problems = copy.problems().map((words) => `The database is damaged: ${words}.`);
    if (problems.length > 0) return { problems, names: [], isNewer: false };
    const found = copy.counts();
    const differing = Object.entries(found).filter(([table, rows]) => counts[table] !== rows);
    return {
      problems: differing.map(([table, rows]) => `The database has ${rows} ${table}, and had ${counts[table]}.`),
      names: copy.fileNames(),
      isNewer: isNewer(() => copy.versions()),
    };
  } finally {
    copy.close();
  }
}

function isNewer(ask: () => unknown): boolean {
  try {
    ask();
    return false;
  } catch (error) {
    if (error instanceof NewerDatabase) return true;
    throw error;
  }
}

/** Every file a row names is in the list or stated as missing, and every one in the list is there. */
async function fileProblems(folder: string, { files }: Manifest, { names, tell }: { names: string[]; tell: Progress }): Promise<string[]> {
  if (!files) return [];
  const listed = readList(join(folder, files.list.name));
  const known = new Set([...listed.map(({ sha256 }) => sha256), ...files.missing, ...files.damaged]);
  const unlisted = names.filter((sha256) => !known.has(sha256));
  const { missing, damaged } = await checkContents(join(folder, FILES), listed, (done) => tell(`files ${done} of ${listed.length}`));
  return [
    ...unlisted.slice(0, MAX_TOLD).map((sha256) => `The database names the file ${sha256}, which is not in the list.`),
    ...missing.slice(0, MAX_TOLD).map((sha256) => `The file ${sha256} is missing.`),
    ...damaged.slice(0, MAX_TOLD).map((sha256) => `The file ${sha256} is not what its name says.`),
  ];
}
