import type { Writer } from '#db/database.ts';
import type { Desk } from '#tickets/desk.ts';
import { isStaff, normalAddress, personBy } from '#tickets/people.ts';
import { type Arrival, withoutPlus, writerOf } from './arrival.ts';
import { ensureMailbox } from './letter-body.ts';
import { isNoReply } from './understand/automatic.ts';

const MAX_COPIES = 20;

/** Whom the writer copied: they get the answers too. */
export async function copiedPeople(desk: Desk, tx: Writer, { letter, ownAddresses }: Arrival): Promise<number[]> {
  // Who is on a list is the list's matter; an answer to the writer is not meant for all of them.
  if (letter.kind === 'bulk') return [];
  const writers = new Set([letter.from, writerOf(letter)].map(({ address }) => normalAddress(address)));
  // Who asks for answers elsewhere gets them there too; From alone says who asked.
  const others = [...letter.replyTo, ...letter.to, ...letter.cc].filter(({ address }) => {
    const place = normalAddress(address);
    const isOurs = ownAddresses.has(withoutPlus(place)) || desk.tokens.readReplyAddress(place) !== null;
    return place.includes('@') && !writers.has(place) && !isOurs && !isNoReply(place);
  });
  const ids: number[] = [];
  for (const { address, name } of others.slice(0, MAX_COPIES)) {
    const known = await personBy(tx, 'email', normalAddress(address));
    // Staff follow in Slack; as a copied person they would count as the customer's side.
    if (isStaff(known)) continue;
    ids.push((known ?? (await ensureMailbox(desk, tx, { address, name }))).id);
  }
  return ids;
}
