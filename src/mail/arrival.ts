import { normalAddress } from '#tickets/people.ts';
import type { Mail } from './store.ts';
import type { Letter, Mailbox } from './understand/letter.ts';

export interface Arrival {
  mail: Pick<Mail, 'id' | 'mailbox' | 'envelopeTo' | 'receivedAt' | 'releasedById' | 'isImported' | 'wholeSizeBytes'>;
  letter: Letter;
  /** The letter's files in their order, already stored. */
  fileIds: number[];
  ownAddresses: Set<string>;
  /** Its server vouches for who wrote it: one of us. */
  isInternal: boolean;
}

export interface Fate {
  outcome: NonNullable<Mail['outcome']>;
  ticketId?: number;
  commentId?: number;
  /** What people call the ticket by, where it is at hand. */
  ticketNumber?: number;
  /** The one that a report is about. */
  deliveryId?: number;
  reasons: string[];
}

/** Who wrote it: From, or the person a form, a list or a group speaks for. Whose matter a forward is, is another question. */
export function writerOf(letter: Letter): Mailbox {
  return letter.requester.why === 'forward' ? letter.from : letter.requester;
}

/** Only a server we trust can pass or fail a sender; without its word a mail is ordinary, unless it claims to be from us. */
export function verdictOf({
  letter,
  ownAddresses,
  isInternal,
}: Pick<Arrival, 'letter' | 'ownAddresses' | 'isInternal'>): 'pass' | 'none' | 'fail' {
  const { trusted, dmarc } = letter.authentication;
  const judged = trusted && (dmarc === 'pass' || dmarc === 'fail') ? dmarc : null;
  const said = judged ?? (isInternal ? 'pass' : null);
  if (said === 'fail' || (said !== 'pass' && ownAddresses.has(withoutPlus(letter.from.address)))) return 'fail';
  // What passed is the form or the list; the person it names is only named.
  return said === 'pass' && letter.requester.why !== 'reply-to' ? 'pass' : 'none';
}

export function withoutPlus(address: string): string {
  return normalAddress(address).replace(/\+[^@]*@/, '@');
}

/** Somebody wrote it, straight or through a list; From may be an address of ours. */
export function isFromPerson(letter: Letter): boolean {
  return letter.kind === 'message' || letter.kind === 'bulk' || letter.kind === 'own';
}
