import { eq } from 'drizzle-orm';
import type { ReplyDraft } from './comment.ts';
import { copiedOn } from './copy.ts';
import { type Actor, change, type Desk } from './desk.ts';
import type { Comment, Ticket } from './find.ts';
import { goingOn } from './follow-up.ts';
import { moveStatus } from './move.ts';
import { openTicket } from './open.ts';

/** An answer to a closed matter opens it anew: a ticket of its author, for the same people, that begins with the answer. */
export function replyInFollowUp(desk: Desk, draft: ReplyDraft, closed: Ticket): Promise<{ ticket: Ticket; comment: Comment }> {
  return change(desk, 'reply in follow-up', async (tx, desk) => {
    const by: Actor = { kind: 'person', id: draft.authorId };
    const { body, files = [], sourceKey } = draft;
    const opened = await openTicket(desk, {
      ...goingOn(closed),
      by,
      body: { authorId: draft.authorId, direction: 'out', visibility: 'public', via: 'slack', body, files, sourceKey },
      assigneeId: draft.authorId,
      verdict: closed.verdict,
      ccIds: await copiedOn(tx, closed.id),
    });
    const now = desk.clock.now();
    await tx.update(tx.tables.tickets).set({ lastReplyAt: now, updatedAt: now }).where(eq(tx.tables.tickets.id, opened.ticket.id));
    await moveStatus(desk, tx, opened.ticket.id, 'agent reply', by);
    return opened;
  });
}
