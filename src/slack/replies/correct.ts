import { eq } from 'drizzle-orm';
import type { Translate } from '#i18n.ts';
import { Failure } from '#failure.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Document } from '#text/document.ts';
import { type Hold, startHold } from './hold.ts';

/** A second mail that says what the edited message says now; held like any other. `t` is the customer's language. */
export async function startCorrection(desk: Desk, hold: Hold, t: Translate): Promise<void> {
  if (hold.commentId === null || !hold.editedTs) throw new Failure('hold.settled');
  const { threadMessages } = desk.db.tables;
  const [message] = await desk.db.select().from(threadMessages).where(eq(threadMessages.key, hold.sourceKey));
  if (!message?.editedTs) throw new Failure('hold.settled');
  const document: Document = {
    blocks: [{ type: 'paragraph', inlines: [{ type: 'text', text: t('slack:line.correction') }] }, ...hold.document.blocks],
  };
  await startHold(desk, {
    ticketId: hold.ticketId,
    authorId: hold.authorId,
    document,
    fileIds: [],
    sourceKey: `correction:${hold.id}:${message.editedTs}`,
    channel: hold.channel,
    threadTs: hold.threadTs,
    sourceTs: null,
    holdSeconds: hold.holdSeconds,
    reasons: [],
  });
}
