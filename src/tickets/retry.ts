import { and, eq, inArray } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { deliveryById } from './deliveries.ts';
import { type Actor, change, type Desk, queue } from './desk.ts';
import { record } from './events.ts';
import { watched } from './late.ts';
import { parkedAt } from './restored.ts';

/** A failed delivery once more, for those who did not get it: the same bytes, the same Message-ID, at a person's word. */
export function retryDelivery(desk: Desk, deliveryId: number, by: Actor): Promise<void> {
  return change(desk, 'retry delivery', async (tx, desk) => {
    const delivery = await deliveryById(tx, deliveryId);
    if (delivery?.state !== 'failed' && delivery?.state !== 'bounced') throw new Failure('hold.settled');
    if (delivery.content === null) throw new Failure('person.gone');
    const now = desk.clock.now();
    const { deliveries, deliveryRecipients } = tx.tables;
    // The desk that was lost may have sent it: history and line say so from now on.
    const twice = parkedAt(delivery.response) ? { mayHaveArrivedTwice: true, response: null } : {};
    await tx
      .update(deliveries)
      .set({ state: 'queued', attempts: 0, firstTriedAt: null, nextAt: now, updatedAt: now, ...twice, ...watched(now) })
      .where(eq(deliveries.id, deliveryId));
    await tx
      .update(deliveryRecipients)
      .set({ state: 'queued', status: null, response: null, updatedAt: now })
      .where(and(eq(deliveryRecipients.deliveryId, deliveryId), inArray(deliveryRecipients.state, ['failed', 'bounced'])));
    await record(desk, tx, delivery.ticketId, by, { type: 'delivery.state', data: { deliveryId, state: 'queued', response: null } });
    await queue(desk, tx, { kind: `deliver.${delivery.via}`, lane: `deliver:${delivery.orderKey}`, payload: { deliveryId }, runAt: now });
  });
}
