import { eq } from 'drizzle-orm';
import { indexTicket, type RequesterComment, writeComment } from './comment.ts';
import { type Actor, change, type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { type Comment, mustFind, survivorOf, type Ticket } from './find.ts';
import { followUp } from './follow-up.ts';
import { rememberTheirId } from './message-ids.ts';
import { moveStatus } from './move.ts';

/** What the requester's side says. On a closed ticket it opens a follow-up, linked to it. */
export function addRequesterComment(
  desk: Desk,
  draft: RequesterComment,
): Promise<{ ticket: Ticket; comment: Comment; isFollowUp: boolean }> {
  return change(desk, 'requester comment', async (tx, desk) => {
    const ticket = await survivorOf(tx, await mustFind(tx, draft.ticketId));
    const isAutomatic = draft.comment.isAutomatic ?? false;
    if (ticket.status === 'closed' && !isAutomatic) {
      return { ...(await followUp(desk, { ...draft, closed: ticket })), isFollowUp: true };
    }
    const reasons = draft.isThanks && ticket.status === 'solved' ? [{ key: 'mail.thanks' }] : [];
    const comment = await writeComment(desk, tx, ticket.id, { reasons, ...draft.comment, direction: 'in', visibility: 'public' });
    const { tickets } = tx.tables;
    // One failed verdict makes the ticket's next answers wait; a good one clears it.
    const verdict = draft.verdict === undefined || draft.verdict === 'none' ? ticket.verdict : draft.verdict;
    await tx.update(tickets).set({ updatedAt: desk.clock.now(), verdict }).where(eq(tickets.id, ticket.id));
    await indexTicket(tx, ticket.id);
    if (draft.messageId) await rememberTheirId(desk, tx, ticket.id, draft.messageId);
    const by: Actor = draft.comment.authorId === null ? SYSTEM : { kind: 'person', id: draft.comment.authorId };
    const happening = isAutomatic ? 'automatic mail' : draft.isThanks ? 'requester thanks' : 'requester comment';
    await moveStatus(desk, tx, ticket.id, happening, by);
    await record(desk, tx, ticket.id, by, {
      type: 'comment.added',
      data: {
        commentId: comment.id,
        visibility: 'public',
        direction: 'in',
        isAutomatic,
        isFirst: false,
        isThanks: draft.isThanks ?? false,
      },
    });
    return { ticket: await mustFind(tx, ticket.id), comment, isFollowUp: false };
  });
}
