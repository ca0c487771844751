import { and, desc, eq, gt, inArray } from 'drizzle-orm';
import { DAY, later } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import type { Delivery } from '#tickets/deliveries.ts';
import type { Desk } from '#tickets/desk.ts';
import { bareId } from '#tickets/message-ids.ts';
import { normalAddress } from '#tickets/people.ts';
import { idsOf } from './thread.ts';
import type { Letter } from './understand/letter.ts';

/** Servers try for five days at most before they report. */
const RECENT = 5 * DAY;
const MAX_RECIPIENTS = 10;

export interface Reported {
  delivery: Pick<Delivery, 'id' | 'ticketId'>;
  /** Only the address speaks for it: anybody could have written that. */
  isGuess: boolean;
}

/** The mail of ours that a delivery report is about: by the id it returns, by what it answers, at last by whom it names. */
export async function reportedDelivery(desk: Desk, reader: Reader, letter: Letter): Promise<Reported | null> {
  const returned = letter.bounce?.originalMessageId;
  const ids = [...(returned ? [bareId(returned)] : []), ...idsOf(letter)];
  const byId = await byIds(reader, ids);
  if (byId) return { delivery: byId, isGuess: false };
  const guessed = await byRecipients(desk, reader, letter);
  return guessed ? { delivery: guessed, isGuess: true } : null;
}

async function byIds(reader: Reader, ids: string[]): Promise<Reported['delivery'] | undefined> {
  if (ids.length === 0) return undefined;
  const { deliveries } = reader.tables;
  const { id, ticketId, messageId } = deliveries;
  const bracketed = ids.map((one) => `<${one}>`);
  const rows = await reader.select({ id, ticketId, messageId }).from(deliveries).where(inArray(messageId, bracketed));
  return bracketed.map((one) => rows.find((row) => row.messageId === one)).find((row) => row !== undefined);
}

async function byRecipients(desk: Desk, reader: Reader, letter: Letter): Promise<Reported['delivery'] | undefined> {
  const places = (letter.bounce?.recipients ?? []).map(({ address }) => normalAddress(address)).filter((address) => address.includes('@'));
  if (places.length === 0) return undefined;
  const { deliveries, deliveryRecipients } = reader.tables;
  const [newest] = await reader
    .select({ id: deliveries.id, ticketId: deliveries.ticketId })
    .from(deliveryRecipients)
    .innerJoin(deliveries, eq(deliveries.id, deliveryRecipients.deliveryId))
    .where(
      and(
        inArray(deliveryRecipients.address, places.slice(0, MAX_RECIPIENTS)),
        eq(deliveries.via, 'mail'),
        inArray(deliveries.state, ['accepted', 'unknown']),
        gt(deliveries.createdAt, later(desk.clock.now(), -RECENT)),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(1);
  return newest;
}
