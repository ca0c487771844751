import { and, eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { deliveryById } from './deliveries.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { parkedAt } from './restored.ts';

/** A parked delivery stays where it is, at a person's word: they know that it left before the desk was restored, or it need not leave. */
export function leaveDelivery(desk: Desk, deliveryId: number, by: Actor): Promise<void> {
  return change(desk, 'leave delivery', async (tx, desk) => {
    const delivery = await deliveryById(tx, deliveryId);
    if (delivery?.state !== 'failed' || !parkedAt(delivery.response)) throw new Failure('hold.settled');
    const updatedAt = desk.clock.now();
    const { deliveries, deliveryRecipients } = tx.tables;
    await tx.update(deliveries).set({ state: 'cancelled', updatedAt }).where(eq(deliveries.id, deliveryId));
    await tx
      .update(deliveryRecipients)
      .set({ state: 'cancelled', updatedAt })
      .where(and(eq(deliveryRecipients.deliveryId, deliveryId), eq(deliveryRecipients.state, 'failed')));
    const { response } = delivery;
    await record(desk, tx, delivery.ticketId, by, { type: 'delivery.state', data: { deliveryId, state: 'cancelled', response } });
  });
}
