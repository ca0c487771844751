import { and, eq, isNull } from 'drizzle-orm';
import type { Reason, Row } from '#db/schema.ts';
import type { Writer } from '#db/database.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { indexTicket } from '#tickets/comment.ts';
import { record } from '#tickets/events.ts';
import { mustFind } from '#tickets/find.ts';
import { note } from '#tickets/note.ts';
import { personById } from '#tickets/people.ts';
import type { Document } from '#text/document.ts';
import { cancelDelivery } from '#tickets/cancel-delivery.ts';
import type { Slack } from '../slack.ts';
import type { Thread } from '../threads.ts';
import { endHold, type Hold, holdById, isLive, rewordHold } from './hold.ts';
import { judge } from './intake.ts';
import type { SlackMessage } from './message.ts';
import { lineWish } from '../jobs/line.ts';
import { queue } from '#tickets/desk.ts';

type Known = Row<'threadMessages'>;

/** The author changed their words. What has not left changes with them; what has, stays as it was and says so. */
export async function takeEdit(desk: Desk, slack: Slack, known: Known, message: SlackMessage): Promise<void> {
  const editedTs = message.edited?.ts ?? '';
  if (editedTs <= (known.editedTs ?? '')) return;
  const ticket = await mustFind(desk.db, known.ticketId);
  const author = known.authorId === null ? null : ((await personById(desk.db, known.authorId)) ?? null);
  const verdict = await judge(desk, slack, { ticket, message, author });
  if (verdict.kind === 'ignored' || verdict.kind === 'command') return;
  const reasons: Reason[] = verdict.kind === 'held' ? verdict.reasons : [verdict.reason];
  await change(desk, 'edit', async (tx, desk) => {
    await tx.update(tx.tables.threadMessages).set({ editedTs, reasons }).where(eq(tx.tables.threadMessages.id, known.id));
    if (known.holdId === null)
      return known.commentId === null ? undefined : editNote(desk, tx, { commentId: known.commentId, document: verdict.document });
    const hold = await holdById(tx, known.holdId);
    if (!hold) return;
    if (isLive(hold))
      return verdict.kind === 'note'
        ? toNote(desk, tx, { known, hold, document: verdict.document, reasons })
        : rewordHold(desk, hold.id, { document: verdict.document, editedTs, reasons: verdict.kind === 'held' ? verdict.reasons : [] });
    if (hold.state === 'released') await editReleased(desk, tx, { hold, document: verdict.document, editedTs });
  });
}

/** Marked as a note by the edit: it never leaves. */
async function toNote(
  desk: Desk,
  tx: Writer,
  { known, hold, document, reasons }: { known: Known; hold: Hold; document: Document; reasons: Reason[] },
): Promise<void> {
  await endHold(desk, hold.id, 'noted', { personId: hold.authorId });
  const comment = await note(desk, { ticketId: known.ticketId, authorId: known.authorId, body: document, sourceKey: known.key, reasons });
  await tx
    .update(tx.tables.threadMessages)
    .set({ kind: 'note', commentId: comment.id, holdId: null })
    .where(eq(tx.tables.threadMessages.id, known.id));
}

/** Still queued for everybody: the frozen mail is taken back and the new words are held. Otherwise the customer has the old ones. */
async function editReleased(
  desk: Desk,
  tx: Writer,
  { hold, document, editedTs }: { hold: Hold; document: Document; editedTs: string },
): Promise<void> {
  if (hold.commentId === null) return;
  const { holds, comments } = tx.tables;
  if (await cancelDelivery(desk, tx, hold.commentId)) {
    await tx.update(comments).set({ withdrawnAt: desk.clock.now() }).where(eq(comments.id, hold.commentId));
    await tx.update(holds).set({ state: 'lining', commentId: null, document, editedTs, releaseAt: null }).where(eq(holds.id, hold.id));
    await queue(desk, tx, lineWish(desk, hold.id));
    return;
  }
  await tx.update(holds).set({ document, editedTs }).where(eq(holds.id, hold.id));
  await tx.update(comments).set({ editedAt: desk.clock.now() }).where(eq(comments.id, hold.commentId));
  await record(
    desk,
    tx,
    hold.ticketId,
    { kind: 'person', id: hold.authorId },
    { type: 'comment.edited', data: { commentId: hold.commentId } },
  );
}

async function editNote(desk: Desk, tx: Writer, { commentId, document }: { commentId: number; document: Document }): Promise<void> {
  const { comments } = tx.tables;
  const [row] = await tx
    .update(comments)
    .set({ document, editedAt: desk.clock.now() })
    .where(and(eq(comments.id, commentId), isNull(comments.redactedAt)))
    .returning({ ticketId: comments.ticketId });
  if (row) await indexTicket(tx, row.ticketId);
}

/** A deletion that overtook its message: when the message comes, it is known to be gone. */
export async function keepDeletion(desk: Desk, thread: Thread, { key, ts }: { key: string; ts: string }): Promise<void> {
  const at = desk.clock.now();
  const { channel, ticketId } = thread;
  await change(desk, 'early deletion', async (tx) => {
    await tx
      .insert(tx.tables.threadMessages)
      .values({ key, ticketId, channel, ts, threadTs: thread.ts, kind: 'ignored', reasons: [], deletedAt: at, at })
      .onConflictDoNothing({ target: tx.tables.threadMessages.key });
  });
}

/** Deleted while held: cancelled. Deleted after the customer had it: a tombstone says so. */
export async function takeDeletion(desk: Desk, known: Known): Promise<void> {
  if (known.deletedAt) return;
  await change(desk, 'deletion', async (tx, desk) => {
    const now = desk.clock.now();
    await tx.update(tx.tables.threadMessages).set({ deletedAt: now }).where(eq(tx.tables.threadMessages.id, known.id));
    const hold = known.holdId === null ? undefined : await holdById(tx, known.holdId);
    if (hold && isLive(hold)) {
      await endHold(desk, hold.id, 'cancelled', { personId: hold.authorId, reasons: [{ key: 'hold.deleted' }] });
      return;
    }
    if (!hold?.commentId) return;
    const isCancelled = await cancelDelivery(desk, tx, hold.commentId);
    await tx.update(tx.tables.comments).set({ withdrawnAt: now }).where(eq(tx.tables.comments.id, hold.commentId));
    if (isCancelled) await tx.update(tx.tables.holds).set({ state: 'cancelled', updatedAt: now }).where(eq(tx.tables.holds.id, hold.id));
    const by = { kind: 'person' as const, id: hold.authorId };
    await record(desk, tx, hold.ticketId, by, { type: 'comment.withdrawn', data: { commentId: hold.commentId } });
  });
}
