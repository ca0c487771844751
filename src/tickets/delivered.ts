import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { DeliveryState } from '#db/words.ts';
import { type Delivery, deliveryById, recipientsOf } from './deliveries.ts';
import { type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { mustFind } from './find.ts';
import { moveStatus } from './move.ts';

export interface Settlement {
  state: DeliveryState;
  response: string | null;
  nextAt?: Date;
  /** Recipients the server refused although it took the mail for others. */
  rejected?: { address: string; status: string; response: string }[];
}

const LIVE: DeliveryState[] = ['queued', 'sending', 'delayed', 'unknown'];

type Before = Pick<Delivery, 'state' | 'ticketId' | 'commentId'>;

const BEFORE = keep<{ deliveryId: number }, Before[]>((reader, { deliveryId }) => {
  const { id, state, ticketId, commentId } = reader.tables.deliveries;
  return reader.select({ state, ticketId, commentId }).from(reader.tables.deliveries).where(eq(id, deliveryId));
});

/** Writes what became of a delivery, per recipient; a failure reopens its ticket, so that somebody looks. */
export async function settleDelivery(desk: Desk, tx: Writer, deliveryId: number, settlement: Settlement): Promise<void> {
  const { deliveries, deliveryRecipients } = tx.tables;
  const [before] = await tx.ask(BEFORE, { deliveryId });
  // Cancelled, or erased, while it was under way: nothing of its answer is kept.
  if (!before || before.state === 'cancelled') return;
  const now = desk.clock.now();
  await tx
    .update(deliveryRecipients)
    .set({ state: settlement.state, response: settlement.response, updatedAt: now })
    .where(and(eq(deliveryRecipients.deliveryId, deliveryId), inArray(deliveryRecipients.state, LIVE)));
  for (const refused of settlement.rejected ?? []) {
    await tx
      .update(deliveryRecipients)
      .set({ state: 'failed', status: refused.status, response: refused.response, updatedAt: now })
      .where(and(eq(deliveryRecipients.deliveryId, deliveryId), eq(deliveryRecipients.address, refused.address)));
  }
  const isRefused = (settlement.rejected?.length ?? 0) > 0;
  const state: DeliveryState = isRefused ? 'failed' : settlement.state;
  await tx
    .update(deliveries)
    .set({
      state,
      response: settlement.response,
      updatedAt: now,
      ...(settlement.state === 'accepted' ? { acceptedAt: now } : {}),
      ...(settlement.nextAt ? { nextAt: settlement.nextAt } : {}),
    })
    .where(eq(deliveries.id, deliveryId));
  await announce(desk, tx, before.ticketId, deliveryId, { from: before.state, to: state, response: settlement.response });
  if (settlement.state === 'accepted' && before.commentId !== null) await markReplied(desk, tx, before.ticketId);
}

/** A delivery report about one of our mails: the very recipient it names has bounced. */
export async function bounceDelivery(
  desk: Desk,
  tx: Writer,
  deliveryId: number,
  bounced: { address: string | null; status: string; response: string },
): Promise<void> {
  const before = await deliveryById(tx, deliveryId);
  if (!before || before.state === 'bounced') return;
  const now = desk.clock.now();
  const { deliveries, deliveryRecipients } = tx.tables;
  const recipients = await recipientsOf(tx, deliveryId);
  const hit = recipients.find((recipient) => recipient.address === bounced.address) ?? recipients[0];
  if (hit) {
    await tx
      .update(deliveryRecipients)
      .set({ state: 'bounced', status: bounced.status, response: bounced.response, updatedAt: now })
      .where(eq(deliveryRecipients.id, hit.id));
  }
  await tx.update(deliveries).set({ state: 'bounced', response: bounced.response, updatedAt: now }).where(eq(deliveries.id, deliveryId));
  await announce(desk, tx, before.ticketId, deliveryId, { from: before.state, to: 'bounced', response: bounced.response });
}

async function announce(
  desk: Desk,
  tx: Writer,
  ticketId: number,
  deliveryId: number,
  step: { from: DeliveryState; to: DeliveryState; response: string | null },
) {
  if (step.from === step.to) return;
  if (step.to === 'failed' || step.to === 'bounced') {
    const ticket = await mustFind(tx, ticketId);
    if (ticket.status !== 'closed') await moveStatus(desk, tx, ticketId, 'reopen', SYSTEM);
  }
  await record(desk, tx, ticketId, SYSTEM, { type: 'delivery.state', data: { deliveryId, state: step.to, response: step.response } });
}

/** The first accepted public delivery is the first reply. */
async function markReplied(desk: Desk, tx: Writer, ticketId: number): Promise<void> {
  const ticket = await mustFind(tx, ticketId);
  if (ticket.firstRepliedAt) return;
  await tx.update(tx.tables.tickets).set({ firstRepliedAt: desk.clock.now() }).where(eq(tx.tables.tickets.id, ticketId));
}
