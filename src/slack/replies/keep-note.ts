import { and, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Reason } from '#db/schema.ts';
import type { Document } from '#text/document.ts';
import { indexTicket } from '#tickets/comment.ts';
import type { Desk } from '#tickets/desk.ts';
import { note } from '#tickets/note.ts';
import type { KnownMessage } from './message.ts';

interface Words {
  document: Document;
  editedTs: string | null;
  reasons: Reason[];
  fileIds?: number[];
}

/** A message of the thread is a note from now on: its note is changed, or made where there was none. */
export async function keepAsNote(desk: Desk, tx: Writer, known: KnownMessage, words: Words): Promise<void> {
  if (known.commentId === null) {
    const comment = await note(desk, {
      ticketId: known.ticketId,
      authorId: known.authorId,
      body: words.document,
      files: (words.fileIds ?? []).map((fileId) => ({ fileId, isInline: false, contentId: null })),
      sourceKey: `${known.key}:${words.editedTs ?? ''}`,
      reasons: words.reasons,
    });
    await tx
      .update(tx.tables.threadMessages)
      .set({ kind: 'note', commentId: comment.id, reasons: words.reasons })
      .where(eq(tx.tables.threadMessages.id, known.id));
    return;
  }
  await tx.update(tx.tables.threadMessages).set({ kind: 'note' }).where(eq(tx.tables.threadMessages.id, known.id));
  await rewordNote(desk, tx, known, words.document);
}

/** Null, as nobody need be told. */
export async function rewordNote(desk: Desk, tx: Writer, { commentId }: KnownMessage, document: Document): Promise<null> {
  if (commentId === null) return null;
  const { comments } = tx.tables;
  const [row] = await tx
    .update(comments)
    .set({ document, editedAt: desk.clock.now() })
    .where(and(eq(comments.id, commentId), isNull(comments.redactedAt)))
    .returning({ ticketId: comments.ticketId });
  if (row) await indexTicket(tx, row.ticketId);
  return null;
}
