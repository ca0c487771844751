import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { DeliveryState } from '#db/words.ts';
import { LIVE_HOLDS } from '#db/words.ts';
import { translator } from '#i18n.ts';
import { type Document, plainDocument } from '#text/document.ts';
import { type Desk, queue } from './desk.ts';
import { eraseEvents } from './erase-events.ts';
import { detachFiles, dropFiles, unname } from './erase-files.ts';
import { count, inBatches, type Tally } from './erase-tally.ts';

export const LIVE_DELIVERIES: DeliveryState[] = ['queued', 'sending', 'delayed', 'unknown'];

/** What stands where words stood. */
export function erasedWords(desk: Desk): string {
  return translator(desk.settings.language)('privacy:words');
}

/**
 * Empties one ticket: nothing anybody said on it stays, here or in Slack. What reports count stays: status, times, group,
 * who answered when.
 */
export async function eraseTicket(desk: Desk, tx: Writer, ticketId: number, tally: Tally): Promise<void> {
  const { tickets, messageIds, sideConversations } = tx.tables;
  const words = erasedWords(desk);
  const [ticket] = await tx
    .update(tickets)
    .set({ subject: words, customFields: {} })
    .where(eq(tickets.id, ticketId))
    .returning({ id: tickets.id });
  if (!ticket) return;
  count(tally, 'tickets', 1);
  await eraseComments(desk, tx, eq(tx.tables.comments.ticketId, ticketId), tally);
  await eraseDeliveries(desk, tx, ticketId, tally);
  await eraseHolds(desk, tx, ticketId, tally);
  await eraseMails(desk, tx, eq(tx.tables.mails.ticketId, ticketId), tally);
  await eraseEvents(tx, ticketId, words, tally);
  count(
    tally,
    'message_ids',
    (await tx.delete(messageIds).where(eq(messageIds.ticketId, ticketId)).returning({ id: messageIds.id })).length,
  );
  await tx.update(sideConversations).set({ subject: words }).where(eq(sideConversations.ticketId, ticketId));
  await tx.index('ticket', ticketId, '');
}

/** In the lane of what is being posted on a ticket, so that it comes after it. The posts themselves are found then. */
export async function queueSlackErasure(desk: Desk, tx: Writer, ticketIds: number[]): Promise<void> {
  const { slackPosts } = tx.tables;
  for (const ids of inBatches(ticketIds)) {
    const shown = await tx.selectDistinct({ ticketId: slackPosts.ticketId }).from(slackPosts).where(inArray(slackPosts.ticketId, ids));
    const wishes = shown.map(({ ticketId }) => ({
      kind: 'slack.erase',
      key: `erase:${ticketId}`,
      lane: `thread:${ticketId}`,
      payload: { ticketId },
      runAt: desk.clock.now(),
    }));
    await queue(desk, tx, wishes);
  }
}

/** Author and time stay; the words, the files and the reasons that quote them go. */
export async function eraseComments(desk: Desk, tx: Writer, which: SQL | undefined, tally: Tally): Promise<void> {
  const { comments } = tx.tables;
  const erased = await tx
    .update(comments)
    .set({ document: erasedDocument(desk), fullText: null, hiddenLines: 0, reasons: [], redactedAt: desk.clock.now() })
    .where(and(which, isNull(comments.redactedAt)))
    .returning({ id: comments.id });
  count(tally, 'comments', erased.length);
  await detachFiles(
    desk,
    tx,
    erased.map((row) => row.id),
    tally,
  );
}

export function erasedDocument(desk: Desk): Document {
  return plainDocument(erasedWords(desk));
}

async function eraseDeliveries(desk: Desk, tx: Writer, ticketId: number, tally: Tally): Promise<void> {
  const { deliveries, deliveryRecipients } = tx.tables;
  const now = desk.clock.now();
  await tx
    .update(deliveries)
    .set({ state: 'cancelled', updatedAt: now })
    .where(and(eq(deliveries.ticketId, ticketId), inArray(deliveries.state, LIVE_DELIVERIES)));
  const erased = await tx
    .update(deliveries)
    .set({ content: null, addressing: null, bytes: null, response: null, orderKey: `${ticketId}:erased` })
    .where(eq(deliveries.ticketId, ticketId))
    .returning({ id: deliveries.id });
  count(tally, 'deliveries', erased.length);
  const ofTicket = inArray(
    deliveryRecipients.deliveryId,
    tx.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.ticketId, ticketId)),
  );
  await tx
    .update(deliveryRecipients)
    .set({ state: 'cancelled', updatedAt: now })
    .where(and(ofTicket, inArray(deliveryRecipients.state, LIVE_DELIVERIES)));
  await eraseRecipients(tx, ofTicket, tally);
}

/** Who got it is forgotten; that somebody did, and how it went, stays. */
export async function eraseRecipients(tx: Writer, which: SQL | undefined, tally: Tally): Promise<void> {
  const { deliveryRecipients } = tx.tables;
  const erased = await tx
    .update(deliveryRecipients)
    .set({ address: sql`'erased-' || ${deliveryRecipients.id}`, name: '', response: null })
    .where(which)
    .returning({ id: deliveryRecipients.id });
  count(tally, 'delivery_recipients', erased.length);
}

async function eraseHolds(desk: Desk, tx: Writer, ticketId: number, tally: Tally): Promise<void> {
  const { holds, threadMessages } = tx.tables;
  const now = desk.clock.now();
  const held = await tx.select({ id: holds.id, fileIds: holds.fileIds }).from(holds).where(eq(holds.ticketId, ticketId));
  await tx
    .update(holds)
    .set({ state: 'cancelled', releaseAt: null, updatedAt: now })
    .where(and(eq(holds.ticketId, ticketId), inArray(holds.state, [...LIVE_HOLDS])));
  await tx
    .update(holds)
    .set({ document: erasedDocument(desk), fileIds: [], reasons: [] })
    .where(eq(holds.ticketId, ticketId));
  count(tally, 'holds', held.length);
  await dropFiles(
    desk,
    tx,
    held.flatMap((hold) => hold.fileIds),
    tally,
  );
  await tx.update(threadMessages).set({ reasons: [] }).where(eq(threadMessages.ticketId, ticketId));
}

/** The digests stay: the same mail, seen again in a mailbox, must not come in as new. */
export async function eraseMails(desk: Desk, tx: Writer, which: SQL | undefined, tally: Tally): Promise<void> {
  const { mails } = tx.tables;
  await dropRawMails(desk, tx, which);
  const erased = await tx
    .update(mails)
    .set({ messageId: null, envelopeFrom: null, envelopeTo: [], fromAddress: null, reasons: [], state: 'processed' })
    .where(which)
    .returning({ id: mails.id });
  count(tally, 'mails', erased.length);
}

/** Only the bytes as they arrived; what was understood of them stays. Returns how many lost them. */
export async function dropRawMails(desk: Desk, tx: Writer, which: SQL | undefined): Promise<number> {
  const { mails } = tx.tables;
  const large = await tx
    .select({ rawFile: mails.rawFile })
    .from(mails)
    .where(and(which, isNotNull(mails.rawFile)));
  const dropped = await tx
    .update(mails)
    .set({ raw: null, rawFile: null, purgedAt: desk.clock.now() })
    .where(and(which, isNull(mails.purgedAt)))
    .returning({ id: mails.id });
  const digests = large.flatMap((mail) => mail.rawFile ?? []);
  await unname(desk, tx, digests);
  return dropped.length;
}
