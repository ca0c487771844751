import { isSignOff } from './sign-off.ts';
import { DISCLAIMER, MOBILE_FOOTERS } from './signature-words.ts';

export interface Signed {
  body: string;
  signature: string;
}

const MAX_SIGNATURE_LINES = 40;
const MAX_CONTACT_LINES = 12;
const MAX_SHORT_LINE = 80;
const MAX_FOOTER_LENGTH = 160;

/** Splits the signature off the end. Never deletes, and prefers keeping words in the body to hiding them. */
export function splitSignature(text: string): Signed {
  const lines = text.split('\n');
  let end = lastTextLine(lines, lines.length);
  const cuts = [
    disclaimerStart,
    listFooterStart,
    mobileFooterStart,
    delimiterStart,
    mobileFooterStart,
    lonelyFooterStart,
    contactStart,
    cardStart,
  ];
  for (const startOf of cuts) end = lastTextLine(lines, startOf(lines, end));
  const body = lines.slice(0, end).join('\n').trimEnd();
  if (body.trim() === '') return { body: text, signature: '' };
  return { body, signature: lines.slice(end).join('\n').trim() };
}

/** The index after the last line with text. */
function lastTextLine(lines: string[], end: number): number {
  let at = end;
  while (at > 0 && (lines[at - 1] ?? '').trim() === '') at--;
  return at;
}

/** `-- ` by RFC 3676, and the dashes people type for it. */
function delimiterStart(lines: string[], end: number): number {
  for (let at = Math.max(1, end - MAX_SIGNATURE_LINES); at < end; at++) {
    if (isSignatureDelimiter(lines[at] ?? '')) return at;
  }
  return end;
}

/** What list servers put below every mail. */
function listFooterStart(lines: string[], end: number): number {
  const MAX_FOOTER_LINES = 8;
  for (let at = Math.max(1, end - MAX_FOOTER_LINES); at < end; at++) {
    const rest = lines.slice(at + 1, end).join('\n');
    if (/^[_-]{20,}\s*$/.test(lines[at] ?? '') && /mailing list|unsubscribe|postituslista|e-postlista|рассылк/i.test(rest)) return at;
  }
  return end;
}

export function isSignatureDelimiter(line: string): boolean {
  return /^(?:--|—|–|\u2013\u2013|__|- --)[\s\u00a0]*$/.test(line.slice(0, 20));
}

function mobileFooterStart(lines: string[], end: number): number {
  const MAX_FOOTERS = 40;
  let start = end;
  for (let count = 0; count < MAX_FOOTERS; count++) {
    const last = lastTextLine(lines, start);
    if (last === 0 || !isMobileFooter(lines[last - 1] ?? '')) break;
    start = last - 1;
  }
  return start;
}

/** In the middle, a footer with empty lines round it ends what was typed: some programs quote below it without any mark. */
function lonelyFooterStart(lines: string[], end: number): number {
  for (let at = 1; at < end - 1; at++) {
    const isAlone = (lines[at - 1] ?? '').trim() === '' && (lines[at + 1] ?? '').trim() === '';
    if (isAlone && isMobileFooter(lines[at] ?? '') && lastTextLine(lines, at) > 0) return at;
  }
  return end;
}

function isMobileFooter(line: string): boolean {
  if (line.length > MAX_FOOTER_LENGTH) return false;
  const bare = line
    .replace(/\s*[<(]https?:[^\s<>()]*[>)]\s*/g, ' ')
    .replaceAll(/^[\s_*>-]+|[\s_*.!-]+$/g, '')
    .trim();
  return MOBILE_FOOTERS.some((pattern) => pattern.test(bare)) && !/[?]$|,\s*(?:is|are|was|which)\s/.test(bare);
}

/** A legal paragraph at the very end. */
function disclaimerStart(lines: string[], end: number): number {
  const MIN_DISCLAIMER_LENGTH = 150;
  let start = end;
  while (start > 0 && (lines[start - 1] ?? '').trim() !== '' && end - start < MAX_SIGNATURE_LINES) start--;
  const paragraph = lines.slice(start, end).join(' ');
  const hasTextAbove = lastTextLine(lines, start) > 0;
  return hasTextAbove && paragraph.length >= MIN_DISCLAIMER_LENGTH && DISCLAIMER.test(paragraph.slice(0, 5_000)) ? start : end;
}

/** After "Best regards" and the name, telephone numbers and titles are folded; the greeting and the name stay. */
function contactStart(lines: string[], end: number): number {
  for (let at = end - 1; at >= Math.max(1, end - MAX_CONTACT_LINES); at--) {
    if (!isSignOff(lines[at] ?? '')) continue;
    const nameLine = nextTextLine(lines, at + 1, end);
    const contact = nextTextLine(lines, nameLine + 1, end);
    const rest = lines.slice(contact, end).filter((line) => line.trim() !== '');
    return rest.length > 0 && looksLikeContact(rest) ? contact : end;
  }
  return end;
}

/** A last paragraph of a name with an address and a number is a card, even without a greeting. */
function cardStart(lines: string[], end: number): number {
  let start = end;
  while (start > 0 && (lines[start - 1] ?? '').trim() !== '') start--;
  const card = lines.slice(start, end);
  const above = (lines[lastTextLine(lines, start) - 1] ?? '').trim();
  const isCardSized =
    card.length >= 3 &&
    card.length <= MAX_CONTACT_LINES &&
    card.every((line) => line.length <= MAX_SHORT_LINE && !/[?!]|\.\s*$/.test(line));
  if (!isCardSized || above === '' || above.endsWith(':')) return end;
  const addresses = card.filter((line) => /@|https?:|www\./.test(line)).length;
  const numbers = card.filter((line) => /(?:\d[\s()/.-]{0,2}){7,}/.test(line)).length;
  return addresses >= 1 && addresses + numbers >= 2 ? start : end;
}

function nextTextLine(lines: string[], from: number, end: number): number {
  let at = from;
  while (at < end && (lines[at] ?? '').trim() === '') at++;
  return at;
}

function looksLikeContact(lines: string[]): boolean {
  const isShort = lines.every((line) => line.length <= MAX_SHORT_LINE && !line.includes('?'));
  return isShort && lines.some((line) => /@|https?:|www\.|(?:\d[\s()/-]?){6,}/.test(line));
}
