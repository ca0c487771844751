import { and, eq, inArray, notInArray } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Desk } from './desk.ts';

/** Takes a comment's mail back while it is still queued for everybody. False when it is too late. */
export async function cancelDelivery(desk: Desk, tx: Writer, commentId: number): Promise<boolean> {
  const { deliveries, deliveryRecipients } = tx.tables;
  const rows = await tx.select().from(deliveries).where(eq(deliveries.commentId, commentId));
  if (rows.length === 0 || rows.some((row) => row.state !== 'queued' || row.attempts > 0)) return false;
  const ids = rows.map((row) => row.id);
  const settled = await tx
    .select({ id: deliveryRecipients.id })
    .from(deliveryRecipients)
    .where(and(inArray(deliveryRecipients.deliveryId, ids), notInArray(deliveryRecipients.state, ['queued'])));
  if (settled.length > 0) return false;
  const now = desk.clock.now();
  // The state is part of the condition: a sender that was faster has already changed it.
  const cancelled = await tx
    .update(deliveries)
    .set({ state: 'cancelled', updatedAt: now })
    .where(and(inArray(deliveries.id, ids), eq(deliveries.state, 'queued')))
    .returning({ id: deliveries.id });
  if (cancelled.length !== ids.length) throw new Error('A delivery was taken while it was being cancelled.');
  await tx.update(deliveryRecipients).set({ state: 'cancelled', updatedAt: now }).where(inArray(deliveryRecipients.deliveryId, ids));
  return true;
}
