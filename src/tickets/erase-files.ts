import { and, eq, exists, inArray, not } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { LIVE_HOLDS } from '#db/words.ts';
import type { Desk } from './desk.ts';
import { count, inBatches, type Tally } from './erase-tally.ts';

/** Takes files off comments. A file row goes when nothing else shows it; its bytes may go after the commit. */
export async function detachFiles(tx: Writer, commentIds: number[], tally: Tally): Promise<void> {
  const { commentFiles } = tx.tables;
  for (const ids of inBatches(commentIds)) {
    const removed = await tx.delete(commentFiles).where(inArray(commentFiles.commentId, ids)).returning({ fileId: commentFiles.fileId });
    count(tally, 'comment_files', removed.length);
    await dropFiles(tx, [...new Set(removed.map((row) => row.fileId))], tally);
  }
}

/** Removes the rows of these files that nothing shows any more. */
export async function dropFiles(tx: Writer, fileIds: number[], tally: Tally): Promise<void> {
  const { files, commentFiles } = tx.tables;
  const awaited = await filesOfLiveHolds(tx);
  for (const ids of inBatches(new Set(fileIds).difference(awaited))) {
    const isShown = exists(tx.select({ id: commentFiles.id }).from(commentFiles).where(eq(commentFiles.fileId, files.id)));
    const removed = await tx
      .delete(files)
      .where(and(inArray(files.id, ids), not(isShown)))
      .returning({ sha256: files.sha256 });
    count(tally, 'files', removed.length);
    for (const { sha256 } of removed) tally.digests.add(sha256);
  }
}

/** A held reply names its files before any comment does. */
export async function filesOfLiveHolds(reader: Reader): Promise<Set<number>> {
  const { holds } = reader.tables;
  const rows = await reader
    .select({ fileIds: holds.fileIds })
    .from(holds)
    .where(inArray(holds.state, [...LIVE_HOLDS]));
  return new Set(rows.flatMap((row) => row.fileIds));
}

/** After the commit: bytes leave when no row names them any more. Returns how many did. */
export async function removeBytes(desk: Desk, tally: Tally): Promise<number> {
  let removed = 0;
  for (const sha256 of tally.digests) {
    if (await isNamed(desk.db, sha256)) continue;
    await desk.files.remove(sha256);
    removed += 1;
  }
  tally.digests.clear();
  return removed;
}

export async function isNamed(reader: Reader, sha256: string): Promise<boolean> {
  const { files, mails } = reader.tables;
  const file = await reader.select({ id: files.id }).from(files).where(eq(files.sha256, sha256)).limit(1);
  if (file.length > 0) return true;
  const mail = await reader.select({ id: mails.id }).from(mails).where(eq(mails.rawFile, sha256)).limit(1);
  return mail.length > 0;
}
