import { and, eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { ReplyDraft } from './comment.ts';
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

const MAX_COPIES = 40;

async function copiedOn(reader: Reader, ticketId: number): Promise<number[]> {
  const { ticketPeople } = reader.tables;
  const rows = await reader
    .select({ personId: ticketPeople.personId })
    .from(ticketPeople)
    .where(and(eq(ticketPeople.ticketId, ticketId), eq(ticketPeople.role, 'cc')))
    .limit(MAX_COPIES);
  return rows.map((row) => row.personId);
}
