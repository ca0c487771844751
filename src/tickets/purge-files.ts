import { and, eq, inArray, lt, not, exists } from 'drizzle-orm';
import { DAY, HOUR, later } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import { change, type Desk } from './desk.ts';
import { dropFiles, listedStore } from './erase-files.ts';
import { windowsOf } from './erase-sweep.ts';
import { inBatches, type Tally } from './erase-tally.ts';

/** A file of a mail or a message gets its comment in the same minute; one that has none after this never will. */
const UNUSED_AFTER = HOUR;
/** Bytes are stored before the row that names them is written. */
const UNNAMED_AFTER = DAY;
const MAX_FILES = 5_000;
const SHARDS = 256;

/** File rows nothing shows: of mail that was a duplicate or is in quarantine, whose raw bytes hold them anyway. */
export async function removeUnusedFiles(desk: Desk, tally: Tally): Promise<void> {
  const { files, commentFiles } = desk.db.tables;
  const isShown = exists(desk.db.select({ id: commentFiles.id }).from(commentFiles).where(eq(commentFiles.fileId, files.id)));
  const isOld = lt(files.createdAt, later(desk.clock.now(), -UNUSED_AFTER));
  let dropped = 0;
  for await (const ids of windowsOf(desk, 'files', and(isOld, not(isShown)))) {
    await change(desk, 'remove unused files', (tx) => dropFiles(desk, tx, ids, tally));
    dropped += ids.length;
    if (dropped >= MAX_FILES) break;
  }
}

/**
 * Bytes no row ever named, because a process ended between storing them and writing its row. What was stored lately is left
 * alone: somebody may be about to name it.
 */
export async function removeUnnamedBytes(desk: Desk): Promise<number> {
  const files = listedStore(desk.files);
  if (!files) return 0;
  const before = later(desk.clock.now(), -UNNAMED_AFTER);
  let removed = 0;
  for (let shard = 0; shard < SHARDS && removed < MAX_FILES; shard += 1) {
    for (const batch of inBatches(await files.list(shard.toString(16).padStart(2, '0')))) {
      const named = await namedAmong(desk.db, batch);
      for (const sha256 of batch) if (!named.has(sha256) && (await files.removeOlder(sha256, before))) removed += 1;
    }
  }
  return removed;
}

async function namedAmong(reader: Reader, digests: string[]): Promise<Set<string>> {
  const { files, mails } = reader.tables;
  const byFile = await reader.select({ sha256: files.sha256 }).from(files).where(inArray(files.sha256, digests));
  const byMail = await reader.select({ sha256: mails.rawFile }).from(mails).where(inArray(mails.rawFile, digests));
  return new Set([...byFile, ...byMail].flatMap((row) => row.sha256 ?? []));
}
