import { and, eq, inArray, isNotNull, ne, or } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import type { Desk } from './desk.ts';
import { dropRawMails, eraseComments, eraseMails, eraseRecipients, erasedDocument, LIVE_DELIVERIES } from './erase-ticket.ts';
import { count, type Tally } from './erase-tally.ts';
import type { Subject } from './erase-subject.ts';
import type { Addressing, OutgoingContent } from './frozen.ts';

/** Somebody else's ticket: what the person wrote goes, and every copy of bytes that may quote them; the rest is not theirs. */
export async function eraseFromTicket(
  desk: Desk,
  tx: Writer,
  ticketId: number,
  { subject, tally }: { subject: Subject; tally: Tally },
): Promise<void> {
  const { mails, sideMessages, messageIds } = tx.tables;
  if (subject.person) {
    await eraseOwnWords(desk, tx, { ticketId, personId: subject.person.id }, tally);
    const isTheirs = and(eq(sideMessages.ticketId, ticketId), eq(sideMessages.authorId, subject.person.id));
    const said = await tx
      .update(sideMessages)
      .set({ document: erasedDocument(desk) })
      .where(isTheirs)
      .returning({ id: sideMessages.id });
    count(tally, 'side_messages', said.length);
  }
  const theirMails = and(eq(mails.ticketId, ticketId), inArray(mails.fromAddress, [...subject.addresses, '']));
  const theirIds = (
    await tx
      .select({ id: mails.messageId })
      .from(mails)
      .where(and(theirMails, isNotNull(mails.messageId)))
  ).map((row) => bare(row.id));
  await tx
    .delete(messageIds)
    .where(and(eq(messageIds.ticketId, ticketId), eq(messageIds.isOwn, false), inArray(messageIds.messageId, [...theirIds, ''])));
  await eraseMails(desk, tx, theirMails, tally);
  count(tally, 'mails', await dropRawMails(desk, tx, and(eq(mails.ticketId, ticketId), ne(mails.state, 'stored'))));
  await eraseFromDeliveries(desk, tx, ticketId, { subject, tally });
}

function bare(messageId: string | null): string {
  return (messageId ?? '').trim().replace(/^<(.*)>$/, '$1');
}

/** Public answers of a former colleague are the desk's word to its customer: they lose the name, not the words. */
function eraseOwnWords(
  desk: Desk,
  tx: Writer,
  { ticketId, personId }: { ticketId: number; personId: number },
  tally: Tally,
): Promise<void> {
  const { comments } = tx.tables;
  const isTheirOwn = or(eq(comments.direction, 'in'), eq(comments.visibility, 'internal'));
  return eraseComments(desk, tx, and(eq(comments.ticketId, ticketId), eq(comments.authorId, personId), isTheirOwn), tally);
}

/** A mail still to leave for others goes without them; for them alone it stays here. */
async function eraseFromDeliveries(
  desk: Desk,
  tx: Writer,
  ticketId: number,
  { subject, tally }: { subject: Subject; tally: Tally },
): Promise<void> {
  const { deliveries, deliveryRecipients } = tx.tables;
  const places = [...subject.addresses, ...subject.slackIds, ''];
  const now = desk.clock.now();
  for (const delivery of await tx.select().from(deliveries).where(eq(deliveries.ticketId, ticketId))) {
    const isTheirs = and(eq(deliveryRecipients.deliveryId, delivery.id), inArray(deliveryRecipients.address, places));
    await tx
      .update(deliveryRecipients)
      .set({ state: 'cancelled', updatedAt: now })
      .where(and(isTheirs, inArray(deliveryRecipients.state, LIVE_DELIVERIES)));
    await eraseRecipients(tx, isTheirs, tally);
    const isLive = LIVE_DELIVERIES.includes(delivery.state);
    const addressing = withoutPerson(delivery.addressing as Addressing | null, places);
    const isForNobody = isLive && Array.isArray(addressing?.to) && addressing.to.length === 0;
    const content = delivery.content as OutgoingContent | null;
    await tx
      .update(deliveries)
      .set({
        bytes: null,
        content: content ? { ...content, quoted: null } : null,
        addressing: addressing as Row<'deliveries'>['addressing'],
        ...(isForNobody ? { state: 'cancelled', updatedAt: now } : {}),
      })
      .where(eq(deliveries.id, delivery.id));
  }
}

function withoutPerson(addressing: Addressing | null, places: string[]): Addressing | null {
  if (!addressing || !Array.isArray(addressing.to)) return addressing;
  const isOther = ({ address }: { address: string }) => !places.includes(address);
  return { ...addressing, to: addressing.to.filter(isOther), cc: addressing.cc.filter(isOther) };
}
