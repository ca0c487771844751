import { domainToUnicode } from 'node:url';
import { addressParser } from 'postal-mime';
import { decodeLiteral, decodeHeaderText, splitWords } from './encoded-word.ts';
import type { Mailbox } from './letter.ts';

export const MAX_ADDRESSES = 100;
const MAX_HEADER_LENGTH = 200_000;

/** The mailboxes of an address header (a byte string); groups are flattened, broken ones give what can be read. */
export function parseAddresses(value: string, hint: string | null = null): Mailbox[] {
  return parseAddressText(value.slice(0, MAX_HEADER_LENGTH), hint);
}

function parseAddressText(value: string, hint: string | null): Mailbox[] {
  const words: string[] = [];
  const held = holdEncodedWords(value, words, hint);
  const restore = (text: string): string => text.replaceAll(/\ue000(\d+)\ue001/g, (_, index: string) => words[Number(index)] ?? '');
  const found = addressParser(withCommas(plainComments(held)), { flatten: true });
  const mailboxes = found.map((entry) => ({
    address: cleanAddress(restore(entry.address ?? '')),
    name: cleanName(restore(entry.name ?? '')),
  }));
  return mailboxes
    .filter((mailbox) => mailbox.address !== '' || mailbox.name !== '')
    .map(recovered)
    .slice(0, MAX_ADDRESSES);
}

/** Decoded words may hold commas and angle brackets, so they are set aside until the structure is known. */
function holdEncodedWords(value: string, words: string[], hint: string | null): string {
  if (!value.includes('=?')) return decodeLiteral(value, hint);
  let run = '';
  const out: string[] = [];
  const flush = (): void => {
    if (run !== '') out.push(`\ue000${words.push(decodeHeaderText(run)) - 1}\ue001`);
    run = '';
  };
  let from = 0;
  for (const { literal, word } of splitWords(value)) {
    if (run !== '' && literal.trim() === '' && word) run += literal;
    else {
      flush();
      out.push(decodeLiteral(literal, hint));
    }
    from += literal.length;
    if (word) {
      run += value.slice(from, word.end);
      from = word.end;
    }
  }
  flush();
  return out.join('');
}

/** A comment inside an address says nothing; an address in a comment is the address where there is no other. */
function plainComments(value: string): string {
  if (!value.includes('(')) return value;
  if (!value.includes('<')) return value.replaceAll(/(?<=[^\s,;]\s*)\(([^\s()<>]{1,320}@[^\s()<>]{1,320})\)/g, '<$1>');
  return value.replaceAll(/<([^<>]{1,500})>/g, (_, inner: string) => `<${inner.replaceAll(/\([^()]{0,200}\)/g, '')}>`);
}

/** Outlook separates with semicolons; outside groups they mean a comma. */
function withCommas(value: string): string {
  return value.includes(';') && !/:[^<>"]*;/.test(value.replaceAll(/"[^"]*"/g, '')) ? replaceOutsideQuotes(value) : value;
}

function replaceOutsideQuotes(value: string): string {
  let isQuoted = false;
  return value.replaceAll(/[";]/g, (char) => {
    if (char === '"') isQuoted = !isQuoted;
    return char === ';' && !isQuoted ? ',' : char;
  });
}

function cleanAddress(address: string): string {
  const bare = address
    .replaceAll(/[\u0000-\u0020\u00a0\u200b-\u200f\u202a-\u202e\ufeff]/g, '')
    .replace(/^(?:mailto:)+/i, '')
    .replace(/^[<'"[(]+/, '')
    .replace(/^@[^:@\s]+(?:,@[^:@\s]+)*:/, '')
    .replace(/[>'"\]),;:.]+$/, '');
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, Math.max(at, 0));
  const unquoted = /^[^"]*"$/.test(local) ? local.slice(0, -1) : local;
  return bare.length > 320 ? '' : at > 0 ? unquoted + bare.slice(at) : bare;
}

function cleanName(name: string): string {
  const flat = name.replaceAll(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069\s]+/g, ' ').trim();
  const unquoted = /^(["'])(.*)\1$/.exec(flat)?.[2] ?? flat;
  if (/^[<>()"',;\s]*$/.test(unquoted)) return '';
  return unquoted
    .replaceAll(/\\(["\\'])/g, '$1')
    .trim()
    .slice(0, 300);
}

/** `support@example.com` alone may be parsed as a name; an address in the name never beats a real one. */
function recovered(mailbox: Mailbox): Mailbox {
  if (mailbox.address.includes('@')) return mailbox.name === mailbox.address ? { ...mailbox, name: '' } : mailbox;
  const inName = mailbox.name.length < 1_000 ? /[^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+/.exec(mailbox.name)?.[0] : null;
  if (!inName) return mailbox;
  return { address: cleanAddress(inName), name: cleanName(mailbox.name.replace(inName, '').replaceAll(/[<>()]/g, '')) };
}

/** How two spellings of one address are compared: domain in Unicode, lower case, NFC. */
export function addressKey(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return address.toLowerCase();
  const domain = address.slice(at + 1).toLowerCase();
  return `${address.slice(0, at).normalize('NFC').toLowerCase()}@${domainToUnicode(domain) || domain}`;
}

export function domainOf(address: string): string {
  return addressKey(address).split('@').at(-1) ?? '';
}
