import { and, eq, exists, inArray, isNotNull, isNull, lt, ne, notInArray, or } from 'drizzle-orm';
import { change } from './desk.ts';
import { windowsOf } from './erase-sweep.ts';
import { dropRawMails, LIVE_DELIVERIES } from './erase-ticket.ts';
import { count } from './erase-tally.ts';
import { MAX_ROWS, type Purge } from './retention.ts';

/** Mail as it arrived: what was understood of it stays on the ticket. */
export async function purgeRawMails({ desk, retention, tally, daysAgo }: Purge): Promise<boolean> {
  const { mails, tickets } = desk.db.tables;
  const before = daysAgo(retention.rawMailDays);
  // What was merged away ends with its merge: it is closed in its survivor.
  const isOver = or(lt(tickets.closedAt, before), and(isNotNull(tickets.mergedIntoId), lt(tickets.updatedAt, before)));
  const isOfOver = exists(
    desk.db
      .select({ id: tickets.id })
      .from(tickets)
      .where(and(eq(tickets.id, mails.ticketId), isOver)),
  );
  const isOld = or(and(isNull(mails.ticketId), lt(mails.receivedAt, before)), isOfOver);
  let purged = 0;
  for await (const ids of windowsOf(desk, 'mails', and(isNull(mails.purgedAt), ne(mails.state, 'stored'), isOld))) {
    purged += await change(desk, 'purge raw mail', (tx) => dropRawMails(desk, tx, inArray(tx.tables.mails.id, ids)));
    if (purged >= MAX_ROWS) break;
  }
  count(tally, 'mails', purged);
  return purged < MAX_ROWS;
}

/** The bytes of a delivery prove what left while somebody may ask; its content stays on the comment. */
export async function purgeDeliveryBytes({ desk, retention, tally, daysAgo }: Purge): Promise<boolean> {
  const { deliveries } = desk.db.tables;
  const isSettled = and(notInArray(deliveries.state, LIVE_DELIVERIES), lt(deliveries.updatedAt, daysAgo(retention.deliveryBytesDays)));
  let purged = 0;
  for await (const ids of windowsOf(desk, 'deliveries', and(isNotNull(deliveries.bytes), isSettled))) {
    await change(desk, 'purge delivery bytes', (tx) =>
      tx.update(tx.tables.deliveries).set({ bytes: null }).where(inArray(tx.tables.deliveries.id, ids)),
    );
    purged += ids.length;
    if (purged >= MAX_ROWS) break;
  }
  count(tally, 'deliveries', purged);
  return purged < MAX_ROWS;
}
