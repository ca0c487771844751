import { and, eq, exists, inArray, isNull, not } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { LIVE_HOLDS } from '#db/words.ts';
import type { FileStore } from '#files/store.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { change, type Desk, queue } from './desk.ts';
import { count, inBatches, type Tally } from './erase-tally.ts';

const REMOVE = 'files.remove';
/** Long enough for whoever is storing the same bytes just now to write the row that names them. */
const REMOVE_AFTER = MINUTE;
const MAX_AT_ONCE = 500;

/** Takes files off comments. A file row goes when nothing else shows it; its bytes go by a job, when nothing names them. */
export async function detachFiles(desk: Desk, tx: Writer, commentIds: number[], tally: Tally): Promise<void> {
  const { commentFiles } = tx.tables;
  for (const ids of inBatches(commentIds)) {
    const removed = await tx.delete(commentFiles).where(inArray(commentFiles.commentId, ids)).returning({ fileId: commentFiles.fileId });
    count(tally, 'comment_files', removed.length);
    const fileIds = removed.map((row) => row.fileId);
    await dropFiles(desk, tx, fileIds, tally);
  }
}

/** Removes the rows of these files that nothing shows any more. */
export async function dropFiles(desk: Desk, tx: Writer, fileIds: number[], tally: Tally): Promise<void> {
  const { files, commentFiles } = tx.tables;
  if (fileIds.length === 0) return;
  const awaited = await filesOfLiveHolds(tx);
  for (const ids of inBatches(new Set(fileIds).difference(awaited))) {
    const isShown = exists(tx.select({ id: commentFiles.id }).from(commentFiles).where(eq(commentFiles.fileId, files.id)));
    const removed = await tx
      .delete(files)
      .where(and(inArray(files.id, ids), not(isShown)))
      .returning({ sha256: files.sha256 });
    count(tally, 'files', removed.length);
    const digests = removed.map((row) => row.sha256);
    await unname(desk, tx, digests);
  }
}

/** A held reply names its files before any comment does. */
async function filesOfLiveHolds(reader: Reader): Promise<Set<number>> {
  const { holds } = reader.tables;
  const rows = await reader
    .select({ fileIds: holds.fileIds })
    .from(holds)
    .where(inArray(holds.state, [...LIVE_HOLDS]));
  return new Set(rows.flatMap((row) => row.fileIds));
}

/** These bytes lose a name with this commit: they leave when it was the last, even if the process ends right after. */
export async function unname(desk: Desk, tx: Writer, digests: string[]): Promise<void> {
  const runAt = later(desk.clock.now(), REMOVE_AFTER);
  const wishes = [...new Set(digests)].map((sha256) => ({ kind: REMOVE, key: `remove:${sha256}`, payload: { sha256 }, runAt }));
  await queue(desk, tx, wishes);
}

/**
 * For an erasure, which waits for nobody: removes what nothing names any more. Returns how many contents went. Whoever
 * stores the very same bytes in this very moment, and has not named them yet, loses them.
 */
export async function removeBytes(desk: Desk): Promise<number> {
  const { jobs } = desk.db.tables;
  let removed = 0;
  for (;;) {
    const isFree = and(eq(jobs.kind, REMOVE), isNull(jobs.claimedUntil), isNull(jobs.stoppedAt));
    const wishes = await desk.db.select({ id: jobs.id, payload: jobs.payload }).from(jobs).where(isFree).limit(MAX_AT_ONCE);
    if (wishes.length === 0) return removed;
    for (const { payload } of wishes) {
      const sha256 = String(payload['sha256']);
      if (await isNamed(desk.db, sha256)) continue;
      await desk.files.remove(sha256);
      removed += 1;
    }
    const ids = wishes.map((wish) => wish.id);
    await change(desk, 'bytes removed', (tx) => tx.delete(tx.tables.jobs).where(inArray(tx.tables.jobs.id, ids)));
  }
}

/** By now whoever stored the same bytes before they lost their name has named them; whoever did since has touched them. */
export const removeBytesJob: JobKind<Desk> = {
  kind: REMOVE,
  concurrency: 4,
  leaseSeconds: 60,
  retries: [MINUTE, 60 * MINUTE],
  prepare: async (desk, job) => {
    const sha256 = String(job.payload['sha256']);
    if (await isNamed(desk.db, sha256)) return;
    const listed = listedStore(desk.files);
    await (listed ? listed.removeOlder(sha256, job.createdAt) : desk.files.remove(sha256));
  },
};

/** A store that can say what lies in it, and since when. */
export interface ListedStore extends FileStore {
  /** The digests that begin with these two letters. */
  list(prefix: string): Promise<string[]>;
  /** False when the same bytes were stored again since `before`: whoever did is about to name them. */
  removeOlder(sha256: string, before: Date): Promise<boolean>;
}

export function listedStore(store: FileStore): ListedStore | null {
  return 'list' in store && 'removeOlder' in store ? (store as ListedStore) : null;
}

async function isNamed(reader: Reader, sha256: string): Promise<boolean> {
  const { files, mails } = reader.tables;
  const file = await reader.select({ id: files.id }).from(files).where(eq(files.sha256, sha256)).limit(1);
  if (file.length > 0) return true;
  const mail = await reader.select({ id: mails.id }).from(mails).where(eq(mails.rawFile, sha256)).limit(1);
  return mail.length > 0;
}
