import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { DeliveryState } from '#db/words.ts';
import { recipientsOf } from './deliveries.ts';
import { change, type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { mustFind, ticketName } from './find.ts';
import { moveStatus } from './move.ts';
import { parkedResponse } from './restored.ts';

export interface ParkedDelivery {
  deliveryId: number;
  ticket: string;
  template: string;
  to: string[];
  /** What it was when the backup was made. */
  state: DeliveryState;
  madeAt: string;
}

/** States that leave by themselves. */
const LEAVING: DeliveryState[] = ['queued', 'sending', 'delayed', 'unknown'];

/**
 * After a restore: whatever could leave may have left, from the desk that was lost. It waits for a person, like what
 * failed, and says why. Doing it twice parks once.
 */
export function parkDeliveries(desk: Desk, backupAt: Date): Promise<ParkedDelivery[]> {
  return change(desk, 'park deliveries', async (tx, desk) => {
    const { deliveries } = tx.tables;
    const { id, ticketId, commentId, template, state, createdAt } = deliveries;
    const rows = await tx
      .select({ id, ticketId, commentId, template, state, createdAt })
      .from(deliveries)
      .where(inArray(state, LEAVING))
      .orderBy(asc(id));
    const parked: ParkedDelivery[] = [];
    for (const row of rows) {
      await park(desk, tx, row.id, backupAt);
      const ticket = await mustFind(tx, row.ticketId);
      // An answer somebody must decide about opens its ticket, as a failed one does.
      if (row.commentId !== null && ticket.status !== 'closed') await moveStatus(desk, tx, ticket.id, 'reopen', SYSTEM);
      const to = (await recipientsOf(tx, row.id)).map(({ address }) => address);
      parked.push({
        deliveryId: row.id,
        ticket: ticketName(desk.settings, ticket),
        template: row.template,
        to,
        state: row.state,
        madeAt: row.createdAt.toISOString(),
      });
    }
    return parked;
  });
}

async function park(desk: Desk, tx: Writer, deliveryId: number, backupAt: Date): Promise<void> {
  const { deliveries, deliveryRecipients } = tx.tables;
  const now = desk.clock.now();
  const response = parkedResponse(backupAt);
  await tx
    .update(deliveries)
    .set({ state: 'failed', response, claimedBy: null, claimedUntil: null, updatedAt: now })
    .where(eq(deliveries.id, deliveryId));
  await tx
    .update(deliveryRecipients)
    .set({ state: 'failed', response, updatedAt: now })
    .where(and(eq(deliveryRecipients.deliveryId, deliveryId), inArray(deliveryRecipients.state, LEAVING)));
  const [{ ticketId } = { ticketId: null }] = await tx
    .select({ ticketId: deliveries.ticketId })
    .from(deliveries)
    .where(eq(deliveries.id, deliveryId));
  await record(desk, tx, ticketId, SYSTEM, { type: 'delivery.state', data: { deliveryId, state: 'failed', response } });
}
