import { parseAddresses } from './addresses.ts';
import { parseMailDate } from './date.ts';
import { decodeHeaderText } from './encoded-word.ts';
import { allHeaders, firstHeader } from './header.ts';
import type { Header } from './header.ts';
import type { Letter, Mailbox } from './letter.ts';
import { messageId, messageIds } from './message-ids.ts';
import type { Part } from './mime.ts';

export type Envelope = Pick<
  Letter,
  | 'messageId'
  | 'date'
  | 'subject'
  | 'from'
  | 'sender'
  | 'replyTo'
  | 'to'
  | 'cc'
  | 'inReplyTo'
  | 'references'
  | 'listId'
  | 'deliveredTo'
  | 'returnPath'
  | 'headers'
> & { charsetHint: string | null };

const MAX_HEADER_VALUE = 4_000;
const MAX_SUBJECT = 1_000;
const MAX_DELIVERED_TO = 20;
const NOBODY: Mailbox = { address: '', name: '' };
const DELIVERY_HEADERS = [
  'delivered-to',
  'x-original-to',
  'x-envelope-to',
  'envelope-to',
  'x-delivered-to',
  'x-rcpt-to',
  'x-forwarded-to',
  'x-real-to',
];

export function readEnvelope(root: Part, problems: { add: (problem: string) => void }): Envelope {
  const { headers } = root;
  const charsetHint = firstCharset(root);
  const addresses = (name: string): Mailbox[] => allHeaders(headers, name).flatMap((value) => parseAddresses(value, charsetHint));
  const withAddress = (name: string): Mailbox[] => addresses(name).filter((mailbox) => mailbox.address.includes('@'));
  const date = firstHeader(headers, 'date');
  const parsedDate = date === null ? null : parseMailDate(date);
  if (date !== null && parsedDate === null) problems.add('the date could not be read');
  const subject = cleanSubject(decodeHeaderText(firstHeader(headers, 'subject') ?? '', charsetHint));
  return {
    messageId: messageId(firstHeader(headers, 'message-id')),
    date: parsedDate,
    subject,
    from: fromOf(addresses('from'), problems),
    sender: withAddress('sender')[0] ?? null,
    replyTo: withAddress('reply-to'),
    to: withAddress('to'),
    cc: withAddress('cc'),
    inReplyTo: messageIds(allHeaders(headers, 'in-reply-to'))[0] ?? null,
    references: messageIds(allHeaders(headers, 'references')),
    listId: listId(headers),
    deliveredTo: deliveredTo(headers),
    returnPath: returnPath(headers),
    headers: headerRecord(headers, charsetHint),
    charsetHint,
  };
}

function fromOf(found: Mailbox[], problems: { add: (problem: string) => void }): Mailbox {
  const real = found.filter((mailbox) => mailbox.address.includes('@'));
  if (real.length > 1) problems.add('more than one sender in From, the first was taken');
  if (real.length === 0) problems.add('no usable address in From');
  return real[0] ?? (found[0] ? { address: '', name: found[0].name || found[0].address } : NOBODY);
}

function cleanSubject(subject: string): string {
  return subject
    .replaceAll(/[\u0000-\u001f\u007f\u2028\u2029\s]+/g, ' ')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .toWellFormed()
    .trim()
    .slice(0, MAX_SUBJECT);
}

function listId(headers: Header[]): string | null {
  const value = firstHeader(headers, 'list-id');
  if (value === null) return null;
  return (/<([^<>]{1,500})>/.exec(value.slice(0, 1_000))?.[1] ?? value.slice(0, 500)).trim();
}

function deliveredTo(headers: Header[]): string[] {
  const values = headers.filter((header) => DELIVERY_HEADERS.includes(header.name)).flatMap((header) => parseAddresses(header.value));
  return [...new Set(values.map((mailbox) => mailbox.address).filter((address) => address.includes('@')))].slice(0, MAX_DELIVERED_TO);
}

/** Empty for the null sender, which is not the same as no header at all. */
function returnPath(headers: Header[]): string | null {
  const value = firstHeader(headers, 'return-path');
  if (value === null) return null;
  if (/^<?\s*>?$/.test(value.trim()) || /^<?mailer-daemon>?$/i.test(value.trim())) return '';
  return parseAddresses(value)[0]?.address ?? null;
}

function headerRecord(headers: Header[], charsetHint: string | null): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of headers) {
    const text = decodeHeaderText(value.slice(0, MAX_HEADER_VALUE), charsetHint).replaceAll('\u0000', '').toWellFormed();
    values.set(name, [...(values.get(name) ?? []), text]);
  }
  return Object.fromEntries(values);
}

function firstCharset(part: Part): string | null {
  const own = part.type.parameters.get('charset');
  if (own) return own;
  for (const child of part.children) {
    const found = firstCharset(child);
    if (found) return found;
  }
  return null;
}
