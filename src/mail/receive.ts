import { and, eq, ne, or } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import { type Desk, SYSTEM } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';
import { type Ticket, ticketName } from '#tickets/find.ts';
import { isStaff, normalAddress, personBy } from '#tickets/people.ts';
import { markDeliverable } from '#tickets/undeliverable.ts';
import { type Arrival, type Fate, verdictOf, withoutPlus, writerOf } from './arrival.ts';
import { floodOf } from './flood.ts';
import { append } from './receive-append.ts';
import { receiveBounce } from './receive-bounce.ts';
import { openFromMail } from './receive-open.ts';
import { isStillSame, sameContentKeys } from './sameness.ts';
import type { Letter } from './understand/letter.ts';
import { belongs, findThread, type Match } from './thread.ts';

/** Nobody wrote these to us: a list's mail went to many. What belongs to no ticket waits for a person, who can make it one. */
const UNTHREADED_QUIET = new Set(['auto_reply', 'receipt', 'calendar', 'feedback_report', 'spam', 'bulk']);

/** Decides what one understood mail becomes, and does it. Every mail ends as one fate, with its reasons. */
export async function receiveMail(desk: Desk, tx: Writer, arrival: Arrival): Promise<Fate> {
  const { mail, letter } = arrival;
  if (await isDuplicate(tx, arrival)) return { outcome: 'duplicate', reasons: ['same content as a mail already here'] };
  if (isOurOwn(desk, arrival)) return { outcome: 'ignored', reasons: ['our own mail came back'] };
  if (mail.releasedById !== null) return receiveReleased(desk, tx, arrival);
  if (letter.kind === 'bounce') return receiveBounce(desk, tx, arrival);
  const from = normalAddress(writerOf(letter).address);
  if (!from.includes('@')) return { outcome: 'quarantined', reasons: ['no sender address'] };
  const flood = await floodOf(tx, arrival, from);
  if (flood) return { outcome: 'quarantined', reasons: [flood] };
  if (verdictOf(arrival) !== 'fail') await markDeliverable(tx, from);
  const match = await findThread(desk, tx, letter, mail.envelopeTo);
  if (match) return receiveThreaded(desk, tx, arrival, match);
  if (UNTHREADED_QUIET.has(letter.kind)) return unread(letter);
  return openFromMail(desk, arrival, null);
}

/** A person has judged that somebody should read it: it only needs somebody it is from. */
async function receiveReleased(desk: Desk, tx: Writer, arrival: Arrival): Promise<Fate> {
  const from = normalAddress(writerOf(arrival.letter).address);
  if (!from.includes('@')) return { outcome: 'quarantined', reasons: ['released, but it has no sender address a ticket could be for'] };
  const match = await findThread(desk, tx, arrival.letter, arrival.mail.envelopeTo);
  const sender = match ? await personBy(tx, 'email', from) : undefined;
  if (match && (await belongs(tx, match.ticket, sender, verdictOf(arrival)))) return append(desk, arrival, match, 'participant');
  return openFromMail(desk, arrival, match?.ticket ?? null);
}

const SAME_CONTENT = keep<{ key: string; older: string; mailId: number }, { receivedAt: Date }[]>((reader, { key, older, mailId }) => {
  const { mails } = reader.tables;
  return reader
    .select({ receivedAt: mails.receivedAt })
    .from(mails)
    .where(and(or(eq(mails.contentDigest, key), eq(mails.contentDigest, older)), ne(mails.id, mailId)));
});

async function isDuplicate(tx: Writer, { mail, letter }: Arrival): Promise<boolean> {
  const isAnonymous = isAnonymousLetter(letter);
  const [key, older = key] = sameContentKeys(letter.contentDigest, { isAnonymous, at: mail.receivedAt, arrivedAt: null });
  const others = await tx.ask(SAME_CONTENT, { key, older, mailId: mail.id });
  return others.some(({ receivedAt }) => isStillSame(receivedAt, isAnonymous, mail.receivedAt));
}

/** Under which its content is known from now on. */
export function contentKeyOf({ receivedAt }: Arrival['mail'], letter: Letter): string {
  return sameContentKeys(letter.contentDigest, { isAnonymous: isAnonymousLetter(letter), at: receivedAt, arrivedAt: null })[0];
}

/** Nothing of it tells when it was made. */
function isAnonymousLetter({ messageId, date }: Letter): boolean {
  return messageId === null && date === null;
}

/** A copy of what we sent (a Sent folder, a forwarder pointing back): it carries our signature, where only From would be a claim. */
function isOurOwn(desk: Desk, { letter, ownAddresses }: Arrival): boolean {
  if (letter.messageId && desk.tokens.readMessageId(letter.messageId) !== null) return true;
  if ((letter.headers['x-tiketti-instance'] ?? []).some((instance) => desk.tokens.isOwnInstance(instance))) return true;
  // Some servers give our mail an id of theirs; where answers go stays signed.
  const isFromUs = ownAddresses.has(withoutPlus(letter.from.address));
  return isFromUs && letter.replyTo.some(({ address }) => desk.tokens.readReplyAddress(address) !== null);
}

async function receiveThreaded(desk: Desk, tx: Writer, arrival: Arrival, match: Match): Promise<Fate> {
  const sender = await personBy(tx, 'email', normalAddress(writerOf(arrival.letter).address));
  const isStaffs = isStaff(sender) && sender?.id !== match.ticket.requesterId;
  if (!isStaffs && (await belongs(tx, match.ticket, sender, verdictOf(arrival)))) return append(desk, arrival, match, 'participant');
  if (arrival.letter.kind === 'bulk') return unread(arrival.letter);
  if (UNTHREADED_QUIET.has(arrival.letter.kind)) return recordQuietly(desk, tx, arrival, match.ticket);
  // Nothing proves that a colleague wrote it, so it does nothing a colleague could do; nor is it the customer's.
  if (isStaffs) return append(desk, arrival, match, 'agent');
  // Whoever has our signed address or id got our mail from somebody: shown to the team, answered to nobody. At a closed
  // ticket nobody looks any more.
  if (match.isSigned && match.ticket.status !== 'closed') return append(desk, arrival, match, 'stranger');
  const reason = `points at ${ticketName(desk.settings, match.ticket)} by ${match.signal}, but its sender does not belong there`;
  const opened = await openFromMail(desk, arrival, match.ticket);
  return { ...opened, outcome: 'linked', reasons: [...opened.reasons, reason] };
}

function unread(letter: Letter): Fate {
  return { outcome: 'quarantined', reasons: [`${letter.kind} that belongs to no ticket`, ...letter.reasons] };
}

async function recordQuietly(desk: Desk, tx: Writer, { mail, letter }: Arrival, ticket: Ticket): Promise<Fate> {
  await record(desk, tx, ticket.id, SYSTEM, { type: 'mail.recorded', data: { mailId: mail.id, kind: letter.kind, why: letter.reasons } });
  return { outcome: 'appended', ticketId: ticket.id, reasons: [`${letter.kind}: recorded, changes nothing`, ...letter.reasons] };
}
