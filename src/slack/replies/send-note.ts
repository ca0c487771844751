import { eq } from 'drizzle-orm';
import { change, type Desk } from '#tickets/desk.ts';
import { commentById, filesOf, mustFind } from '#tickets/find.ts';
import type { Person } from '#tickets/people.ts';
import { endHold, holdById, isLive, startHold } from './hold.ts';
import { weigh } from './judge.ts';
import { withMentionNames } from './mentions.ts';
import { isSentNote, type KnownMessage } from './message.ts';
import { holdSecondsOf } from './standing.ts';

/** A note becomes a held reply that follows its message: an edit rewords it, a deletion cancels it. Twice is once. */
export async function holdNote(desk: Desk, known: KnownMessage, author: Person): Promise<void> {
  if (!['note', 'reply'].includes(known.kind) || known.deletedAt || known.commentId === null) return;
  const before = known.holdId === null ? undefined : await holdById(desk.db, known.holdId);
  if (before && (isLive(before) || before.state === 'released')) return;
  const comment = await commentById(desk.db, known.commentId);
  if (!comment) return;
  const ticket = await mustFind(desk.db, known.ticketId);
  const fileIds = (await filesOf(desk.db, [comment.id])).map(({ file }) => file.id);
  const document = withMentionNames(comment.document);
  const reasons = await weigh(desk, { ticket, author, document, hasFiles: fileIds.length > 0 });
  const holdSeconds = await holdSecondsOf(desk, ticket);
  await change(desk, 'send note', async (tx, desk) => {
    const hold = await startHold(desk, {
      ticketId: ticket.id,
      authorId: author.id,
      document,
      fileIds,
      // Sent, taken back and sent again: each is a hold of its own.
      sourceKey: `sent-note:${known.id}:${known.holdId ?? 0}`,
      channel: known.channel,
      threadTs: known.threadTs,
      sourceTs: known.ts,
      editedTs: known.editedTs,
      holdSeconds,
      reasons,
    });
    const { threadMessages } = tx.tables;
    await tx.update(threadMessages).set({ kind: 'reply', holdId: hold.id }).where(eq(threadMessages.id, known.id));
  });
}

/** While it is held; afterwards the customer has it. */
export async function takeNoteBack(desk: Desk, known: KnownMessage): Promise<void> {
  await change(desk, 'take note back', async (tx, desk) => {
    const hold = known.holdId === null ? undefined : await holdById(tx, known.holdId);
    if (!hold || !isLive(hold) || !isSentNote(hold)) return;
    await endHold(desk, hold.id, 'cancelled', { personId: hold.authorId });
    const { threadMessages } = tx.tables;
    await tx.update(threadMessages).set({ kind: 'note' }).where(eq(threadMessages.id, known.id));
  });
}
