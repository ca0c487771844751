import { and, eq, exists, isNull, lt } from 'drizzle-orm';
import { change } from './desk.ts';
import { windowsOf } from './erase-sweep.ts';
import { forgetSources } from './erase-person.ts';
import { erasedDocument, eraseTicket, queueSlackErasure } from './erase-ticket.ts';
import type { Purge } from './retention.ts';

/** A deleted ticket can be brought back for this long. */
const DELETED_DAYS = 30;
const MAX_TICKETS = 100;

/** Deleted tickets are emptied; their rows stay, unseen, so that numbers and counts stay true. */
export async function purgeDeletedTickets({ desk, tally, daysAgo }: Purge): Promise<boolean> {
  const { tickets, comments } = desk.db.tables;
  const hasWords = exists(
    desk.db
      .select({ id: comments.id })
      .from(comments)
      .where(and(eq(comments.ticketId, tickets.id), isNull(comments.redactedAt))),
  );
  let purged = 0;
  for await (const ids of windowsOf(desk, 'tickets', and(lt(tickets.deletedAt, daysAgo(DELETED_DAYS)), hasWords))) {
    for (const id of ids) {
      if (purged >= MAX_TICKETS) return false;
      await change(desk, 'purge ticket', async (tx, desk) => {
        const { sideMessages, ticketPeople } = tx.tables;
        await eraseTicket(desk, tx, id, tally);
        await queueSlackErasure(desk, tx, [id]);
        await forgetSources(tx, [id]);
        await tx
          .update(sideMessages)
          .set({ document: erasedDocument(desk) })
          .where(eq(sideMessages.ticketId, id));
        await tx.delete(ticketPeople).where(eq(ticketPeople.ticketId, id));
      });
      purged += 1;
    }
  }
  return true;
}
