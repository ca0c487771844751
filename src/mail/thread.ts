import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Desk } from '#tickets/desk.ts';
import { survivorOf, type Ticket, ticketById, ticketByNumber } from '#tickets/find.ts';
import { bareId } from '#tickets/message-ids.ts';
import { normalAddress, type Person, personBy, personById } from '#tickets/people.ts';
import { writerOf } from './arrival.ts';
import { taggedNumbers } from './subject-tag.ts';
import type { Letter } from './understand/letter.ts';

/** Which signal named the ticket, the most trusted first. */
export type Signal = 'reply address' | 'our message id' | 'their message id' | 'subject tag';

export interface Match {
  ticket: Ticket;
  signal: Signal;
  /** Signed by us: only somebody who got our mail can have it. */
  isSigned: boolean;
}

const MAX_IDS = 50;

/** The ticket a letter belongs to by its headers. Whether its sender does too is another question. */
export async function findThread(desk: Desk, reader: Reader, letter: Letter, envelopeTo: string[]): Promise<Match | null> {
  for (const [signal, isSigned, look] of LOOKS) {
    const ticket = await look(desk, reader, letter, envelopeTo);
    // Who was erased is a stranger when they write again, and their old ticket is nobody's.
    if (ticket && !ticket.deletedAt && !(await isErased(reader, ticket)))
      return { ticket: await survivorOf(reader, ticket), signal, isSigned };
  }
  return null;
}

async function isErased(reader: Reader, ticket: Ticket): Promise<boolean> {
  const requester = await personById(reader, ticket.requesterId);
  return requester?.erasedAt != null;
}

type Look = (desk: Desk, reader: Reader, letter: Letter, envelopeTo: string[]) => Promise<Ticket | undefined>;

const LOOKS: [Signal, boolean, Look][] = [
  ['reply address', true, byReplyAddress],
  ['our message id', true, byOurIds],
  ['their message id', false, byTheirIds],
  ['subject tag', false, bySubject],
];

async function byReplyAddress(desk: Desk, reader: Reader, letter: Letter, envelopeTo: string[]): Promise<Ticket | undefined> {
  for (const address of placesOf(letter, envelopeTo)) {
    const read = desk.tokens.readReplyAddress(address);
    if (read) return ticketById(reader, read.ticketId);
  }
  return undefined;
}

function placesOf(letter: Letter, envelopeTo: string[]): string[] {
  return [...envelopeTo, ...letter.deliveredTo, ...letter.to.map((to) => to.address), ...letter.cc.map((cc) => cc.address)];
}

/** Does our own signature say which ticket it belongs to? */
export function isSignedReply(desk: Desk, letter: Letter, envelopeTo: string[]): boolean {
  if (placesOf(letter, envelopeTo).some((address) => desk.tokens.readReplyAddress(address) !== null)) return true;
  return idsOf(letter).some((id) => desk.tokens.readMessageId(id) !== null);
}

/** What it answers, the nearest first. */
export function idsOf(letter: Letter): string[] {
  const ids = [letter.inReplyTo, ...letter.references.toReversed()].filter((id): id is string => Boolean(id));
  return [...new Set(ids.map(bareId))].slice(0, MAX_IDS);
}

async function byOurIds(desk: Desk, reader: Reader, letter: Letter): Promise<Ticket | undefined> {
  for (const id of idsOf(letter)) {
    const ticketId = desk.tokens.readMessageId(id);
    if (ticketId !== null) return ticketById(reader, ticketId);
  }
  return undefined;
}

async function byTheirIds(_desk: Desk, reader: Reader, letter: Letter): Promise<Ticket | undefined> {
  const ids = idsOf(letter);
  if (ids.length === 0) return undefined;
  const { messageIds } = reader.tables;
  const [row] = await reader
    .select({ ticketId: messageIds.ticketId })
    .from(messageIds)
    .where(inArray(messageIds.messageId, ids))
    .orderBy(desc(messageIds.id))
    .limit(1);
  return row ? ticketById(reader, row.ticketId) : undefined;
}

/** A subject may carry tags of other desks and of several tickets of ours: the first whose sender belongs there, else the first. */
async function bySubject(desk: Desk, reader: Reader, letter: Letter): Promise<Ticket | undefined> {
  let first: Ticket | undefined;
  for (const number of taggedNumbers(desk.settings, letter.subject)) {
    const ticket = await ticketByNumber(reader, number);
    if (!ticket) continue;
    const sender = await personBy(reader, 'email', normalAddress(writerOf(letter).address));
    if (await belongs(reader, ticket, sender, 'none')) return ticket;
    first ??= ticket;
  }
  return first;
}

/** Requester, CC, or of the requester's confirmed organization when the mail's verdict did not fail. */
export async function belongs(
  reader: Reader,
  ticket: Ticket,
  sender: Person | undefined,
  verdict: 'pass' | 'none' | 'fail',
): Promise<boolean> {
  if (!sender) return false;
  if (sender.id === ticket.requesterId) return true;
  const { ticketPeople } = reader.tables;
  const [copied] = await reader
    .select({ personId: ticketPeople.personId })
    .from(ticketPeople)
    .where(and(eq(ticketPeople.ticketId, ticket.id), eq(ticketPeople.personId, sender.id), eq(ticketPeople.role, 'cc')))
    .limit(1);
  if (copied) return true;
  return verdict !== 'fail' && ticket.organizationId !== null && sender.organizationId === ticket.organizationId;
}
