import { and, eq, inArray, notInArray } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Row } from '#db/schema.ts';
import type { DeliveryState } from '#db/words.ts';
import { withoutAddresses } from '#log.ts';
import { type Delivery, deliveryById, recipientsOf } from './deliveries.ts';
import { type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { mustFind } from './find.ts';
import { moveStatus } from './move.ts';

export interface Settlement {
  /** What became of it for everybody this try was for and nobody refused. */
  state: DeliveryState;
  response: string | null;
  nextAt?: Date;
  /** Recipients the server refused, each with its own answer. */
  refused?: Refused[];
}

export interface Refused {
  address: string;
  /** `delayed`: it is tried again for this one alone. */
  state: 'failed' | 'delayed';
  status: string;
  response: string;
}

const LIVE: DeliveryState[] = ['queued', 'sending', 'delayed', 'unknown'];

/** A delivery is under way while it is for anybody; then it is as bad as its worst. */
const WEIGHTIEST: DeliveryState[] = ['sending', 'unknown', 'delayed', 'queued', 'bounced', 'failed', 'accepted', 'cancelled'];

type Before = Pick<Delivery, 'state' | 'ticketId' | 'commentId' | 'messageId'>;

const BEFORE = keep<{ deliveryId: number }, Before[]>((reader, { deliveryId }) => {
  const { id, state, ticketId, commentId, messageId } = reader.tables.deliveries;
  return reader.select({ state, ticketId, commentId, messageId }).from(reader.tables.deliveries).where(eq(id, deliveryId));
});

type Reached = Pick<Row<'deliveryRecipients'>, 'state' | 'role' | 'response'>;

const REACHED = keep<{ deliveryId: number }, Reached[]>((reader, { deliveryId }) => {
  const { id, state, role, response, deliveryId: of } = reader.tables.deliveryRecipients;
  return reader.select({ state, role, response }).from(reader.tables.deliveryRecipients).where(eq(of, deliveryId)).orderBy(id);
});

/** Writes what became of a delivery, per recipient; a failure reopens its ticket, so that somebody looks. */
export async function settleDelivery(desk: Desk, tx: Writer, deliveryId: number, settlement: Settlement): Promise<void> {
  const { deliveries } = tx.tables;
  const [before] = await tx.ask(BEFORE, { deliveryId });
  // Cancelled, or erased, while it was under way: nothing of its answer is kept.
  if (!before || before.state === 'cancelled') return;
  const now = desk.clock.now();
  await settleRecipients(desk, tx, deliveryId, settlement);
  const reached = await tx.ask(REACHED, { deliveryId });
  const { state, response } = overall(reached) ?? settlement;
  await tx
    .update(deliveries)
    .set({
      state,
      response,
      updatedAt: now,
      ...(settlement.state === 'accepted' ? { acceptedAt: now } : {}),
      ...(settlement.nextAt ? { nextAt: settlement.nextAt } : {}),
    })
    .where(eq(deliveries.id, deliveryId));
  const failed = settlement.refused?.find((one) => one.state === 'failed') ?? (settlement.state === 'failed' ? settlement : undefined);
  await announce(desk, tx, before.ticketId, {
    deliveryId,
    from: before.state,
    to: failed ? 'failed' : state,
    response: failed?.response ?? response,
    isNews: failed !== undefined,
  });
  tx.afterCommit(() => tellLog(desk, { ...before, id: deliveryId }, settlement));
  const isReplied = reached.some((one) => one.role === 'to' && one.state === 'accepted');
  if (isReplied && settlement.state === 'accepted' && before.commentId !== null) await markReplied(desk, tx, before.ticketId);
}

/** The end of a reply's way, or of a try. */
function tellLog(desk: Desk, { id, ticketId, commentId, messageId }: Before & Pick<Delivery, 'id'>, { state, response }: Settlement): void {
  const words = withoutAddresses(desk.log, response ?? '');
  const about = { delivery: id, ticket: ticketId, comment: commentId ?? undefined, state, messageId, response: words };
  desk.log.info(about, state === 'accepted' ? 'A delivery was taken.' : 'A delivery was not taken.');
}

async function settleRecipients(desk: Desk, tx: Writer, deliveryId: number, { state, response, refused = [] }: Settlement): Promise<void> {
  const { deliveryRecipients } = tx.tables;
  const updatedAt = desk.clock.now();
  const isLive = and(eq(deliveryRecipients.deliveryId, deliveryId), inArray(deliveryRecipients.state, LIVE));
  const others = refused.map((one) => one.address);
  await tx
    .update(deliveryRecipients)
    .set({ state, response, updatedAt })
    .where(others.length > 0 ? and(isLive, notInArray(deliveryRecipients.address, others)) : isLive);
  for (const { address, ...answer } of refused) {
    await tx
      .update(deliveryRecipients)
      .set({ ...answer, updatedAt })
      .where(and(isLive, eq(deliveryRecipients.address, address)));
  }
}

/** Null when nobody is left: the person was erased. */
function overall(reached: Reached[]): Pick<Reached, 'state' | 'response'> | null {
  const state = WEIGHTIEST.find((one) => reached.some((recipient) => recipient.state === one));
  const worst = reached.find((recipient) => recipient.state === state);
  return worst ? { state: worst.state, response: worst.response } : null;
}

export interface Bounced {
  /** Empty when the report does not say. */
  address: string;
  status: string;
  response: string;
}

/** A delivery report about one of our mails: those of its recipients whom it names have bounced, and nobody else. */
export async function bounceDelivery(desk: Desk, tx: Writer, deliveryId: number, bounced: Bounced[]): Promise<void> {
  const before = await deliveryById(tx, deliveryId);
  if (!before) return;
  const now = desk.clock.now();
  const { deliveries, deliveryRecipients } = tx.tables;
  const recipients = await recipientsOf(tx, deliveryId);
  const news = bounced.flatMap((one) => {
    // A mail that was forwarded comes back from another address than it went to.
    const hit = recipients.length === 1 ? recipients[0] : recipients.find((recipient) => recipient.address === one.address);
    return hit && hit.state !== 'bounced' ? [{ ...one, recipientId: hit.id }] : [];
  });
  for (const { recipientId, status, response } of news) {
    await tx
      .update(deliveryRecipients)
      .set({ state: 'bounced', status, response, updatedAt: now })
      .where(eq(deliveryRecipients.id, recipientId));
  }
  const [first] = news;
  if (!first) return;
  const after = overall(await tx.ask(REACHED, { deliveryId }));
  await tx
    .update(deliveries)
    .set({ ...after, updatedAt: now })
    .where(eq(deliveries.id, deliveryId));
  const about = { delivery: deliveryId, ticket: before.ticketId, comment: before.commentId ?? undefined, messageId: before.messageId };
  tx.afterCommit(() => desk.log.info({ ...about, status: news.map(({ status }) => status) }, 'A delivery bounced.'));
  await announce(desk, tx, before.ticketId, { deliveryId, from: before.state, to: 'bounced', response: first.response, isNews: true });
}

interface Step {
  deliveryId: number;
  from: DeliveryState;
  to: DeliveryState;
  response: string | null;
  /** Somebody more did not get it, whatever the delivery was before. */
  isNews: boolean;
}

async function announce(desk: Desk, tx: Writer, ticketId: number, { deliveryId, from, to, response, isNews }: Step): Promise<void> {
  if (from === to && !isNews) return;
  if (isNews) {
    const ticket = await mustFind(tx, ticketId);
    if (ticket.status !== 'closed') await moveStatus(desk, tx, ticketId, 'reopen', SYSTEM);
  }
  await record(desk, tx, ticketId, SYSTEM, { type: 'delivery.state', data: { deliveryId, state: to, response } });
}

/** The first accepted public delivery is the first reply. */
async function markReplied(desk: Desk, tx: Writer, ticketId: number): Promise<void> {
  const ticket = await mustFind(tx, ticketId);
  if (ticket.firstRepliedAt) return;
  await tx.update(tx.tables.tickets).set({ firstRepliedAt: desk.clock.now() }).where(eq(tx.tables.tickets.id, ticketId));
}
