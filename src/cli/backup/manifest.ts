import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Content } from '#files/copy.ts';
import { syncFolder } from '#files/copy.ts';
import { EXIT, Refused } from '../exit.ts';

/** The manifest is written last: a folder without one is no backup, or one that was not finished. */
export const MANIFEST = 'manifest.json';
/** Says of a folder without a manifest that a backup was begun there. */
export const UNFINISHED = 'unfinished';
export const DUMP = 'database.dump';
export const FILES = 'files';
export const FORMAT = 1;

const kept = z.object({ name: z.string().regex(/^[\w.-]+$/), bytes: z.number(), sha256: z.string() });

const shape = z.object({
  format: z.number(),
  program: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  dialect: z.enum(['sqlite', 'postgres']),
  migrations: z.number(),
  /** Null where pg_dump has to make it. */
  database: kept.nullable(),
  counts: z.record(z.string(), z.number()),
  /** Null where the files are in a store of their own, which has copies of its own. */
  files: z
    .object({ list: kept, count: z.number(), bytes: z.number(), missing: z.array(z.string()), damaged: z.array(z.string()) })
    .nullable(),
  /** Null where the secret comes from the environment, and is kept by whoever keeps that. */
  secret: kept.nullable(),
  /** Tells whether a secret is the right one, without telling it. The current one first. */
  secretIds: z.array(z.string()),
});

export type Manifest = z.infer<typeof shape>;
export type Kept = z.infer<typeof kept>;

export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST);
  if (!existsSync(folder)) throw new Refused(`There is no folder ${folder}.`);
  if (!existsSync(path))
    throw new Refused(
      isUnfinished(folder)
        ? `The backup in ${folder} was never finished. Use an older one.`
        : `${folder} is no backup: it has no ${MANIFEST}.`,
    );
  const text = readFileSync(path, 'utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Refused(`${path} cannot be read: ${(error as Error).message}. Use an older backup.`);
  }
  const { format = 0, program = '?' } = (parsed ?? {}) as { format?: number; program?: string };
  if (format > FORMAT)
    throw new Refused(`The backup was made by a newer program (${program}). Install that version to use it.`, EXIT.config);
  const result = shape.safeParse(parsed);
  if (!result.success) throw new Refused(`${path} is damaged: ${z.prettifyError(result.error)}. Use an older backup.`);
  return result.data;
}

export function isUnfinished(folder: string): boolean {
  return !existsSync(join(folder, MANIFEST)) && existsSync(join(folder, UNFINISHED));
}

/** Empty, not there yet, or with nothing but what pg_dump wrote. */
export function isFree(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).every((name) => name === DUMP);
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await syncFolder(folder);
}

/** Whole or not at all, and for the owner only. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.part`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

export function listText(contents: readonly Content[]): string {
  return contents.map(({ sha256, bytes }) => `${sha256} ${bytes}\n`).join('');
}

export function readList(path: string): Content[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [sha256 = '', bytes = ''] = line.split(' ');
      return { sha256, bytes: Number(bytes) };
    });
}
