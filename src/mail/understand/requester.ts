import { addressKey, domainOf } from './addresses.ts';
import { isNoReply, listAddress } from './automatic.ts';
import { parseAddresses } from './addresses.ts';
import { firstHeader } from './header.ts';
import type { Header } from './header.ts';
import type { Forwarded, Mailbox, Requester, UnderstandingContext } from './letter.ts';

export interface RequesterFacts {
  headers: Header[];
  from: Mailbox;
  sender: Mailbox | null;
  replyTo: Mailbox[];
  returnPath: string | null;
  forwarded: Forwarded | null;
}

/**
 * Whose matter the mail is. Normally From; Reply-To only where From is a list, one of our own addresses or a form that
 * reads no answers, because anybody can write any Reply-To. A forward counts only from agents; whether to believe it is
 * decided by the receiver.
 */
export function requesterOf(facts: RequesterFacts, context: UnderstandingContext): Requester {
  const forwarder = facts.forwarded?.from;
  if (forwarder && forwarder.address.includes('@') && isAgent(facts.from, context) && !isOwn(forwarder, context))
    return { ...forwarder, why: 'forward' };
  const replyTo = answersGoTo(facts.replyTo, context);
  if (replyTo && isRelayed(facts, context)) return { ...replyTo, name: replyTo.name || nameBeforeVia(facts.from.name), why: 'reply-to' };
  if (facts.from.address.includes('@')) return { ...facts.from, why: 'from' };
  if (replyTo?.address.includes('@')) return { ...replyTo, why: 'reply-to' };
  const fallback = [facts.sender?.address, facts.returnPath].find((address) => address?.includes('@'));
  return { address: fallback ?? '', name: facts.from.name, why: 'from' };
}

function isAgent(from: Mailbox, context: UnderstandingContext): boolean {
  const key = addressKey(from.address);
  if (context.agentAddresses.some((address) => addressKey(address) === key)) return true;
  return context.ownDomains.some((domain) => domain.toLowerCase() === domainOf(from.address));
}

/** With or without a plus part, in which our reply addresses carry their token. */
function isOwn(mailbox: Mailbox, context: UnderstandingContext): boolean {
  const keys = new Set([addressKey(mailbox.address), addressKey(mailbox.address).replace(/\+[^@]*(?=@)/, '')]);
  return context.ownAddresses.some((address) => keys.has(addressKey(address)));
}

/** A form may name us beside the person. */
function answersGoTo(replyTo: Mailbox[], context: UnderstandingContext): Mailbox | undefined {
  return replyTo.find((mailbox) => !isOwn(mailbox, context));
}

/** Groups, lists and contact forms put their own address in From and the person in Reply-To. */
export function isRelayed(
  { headers, from, replyTo }: Pick<RequesterFacts, 'headers' | 'from' | 'replyTo'>,
  context: UnderstandingContext,
): boolean {
  const answerTo = answersGoTo(replyTo, context);
  if (!answerTo || isNoReply(answerTo.address)) return false;
  const replyKey = addressKey(answerTo.address);
  const original = ['x-original-from', 'x-original-sender', 'x-google-original-from'].map((name) => firstHeader(headers, name));
  const isConfirmed = original.some(
    (value) => value !== null && parseAddresses(value).some((mailbox) => addressKey(mailbox.address) === replyKey),
  );
  // A list that names another author contradicts the Reply-To.
  const isUncontradictedList = original.every((value) => value === null) && addressKey(from.address) === listAddress(headers);
  return isConfirmed || isOwn(from, context) || isNoReply(from.address) || isUncontradictedList;
}

/** "Liisa via Support" is Liisa; what a form calls itself is nobody's name. */
function nameBeforeVia(name: string): string {
  if (!/\svia\s/i.test(name)) return '';
  return name
    .replace(/\s+via\s+.*$/i, '')
    .replaceAll(/^'|'$/g, '')
    .trim();
}
