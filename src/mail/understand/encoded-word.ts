import { countReplacements, decodeBytes } from './charset.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer.ts';

interface Word {
  charset: string;
  /** The decoded bytes; those of adjacent words of one charset belong together. */
  bytes: Buffer[];
  end: number;
}

interface Piece {
  literal: string;
  word: Word | null;
}

/** RFC 2047 text as people read it. `value` is a byte string; raw 8-bit bytes are read with the mail's own charset where there is one. */
export function decodeHeaderText(value: string, hint: string | null = null): string {
  if (!value.includes('=?')) return decodeLiteral(value, hint);
  const pieces = splitWords(value);
  const joined = render(joinSplitWords(pieces), hint);
  return countReplacements(joined) === 0 ? joined : fewerReplacements(joined, render(pieces, hint));
}

/** Raw 8-bit bytes only; encoded words stay as they are. */
export function decodeLiteral(value: string, hint: string | null = null): string {
  if (!/[\x80-\xff\x1b]/.test(value)) return value;
  return decodeBytes(Buffer.from(value, 'latin1'), null, hint).text;
}

function fewerReplacements(left: string, right: string): string {
  return countReplacements(right) < countReplacements(left) ? right : left;
}

export function splitWords(value: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = value.indexOf('=?'); at !== -1; at = value.indexOf('=?', at)) {
    const word = readWord(value, at);
    if (!word) {
      at += 2;
      continue;
    }
    pieces.push({ literal: value.slice(from, at), word });
    from = word.end;
    at = word.end;
  }
  pieces.push({ literal: value.slice(from), word: null });
  return pieces;
}

const WORD_START = /^=\?([^?\s]{1,60})\?([bBqQ])\?/;
const MAX_WORD_LENGTH = 8_000;

function readWord(value: string, at: number): Word | null {
  const start = WORD_START.exec(value.slice(at, at + 70));
  if (!start) return null;
  const payloadAt = at + start[0].length;
  const closing = wordEnd(value, payloadAt);
  if (closing === -1) return null;
  return {
    charset: (start[1] ?? '').replace(/\*.*$/, ''),
    bytes: [wordBytes(start[2] ?? '', value.slice(payloadAt, closing))],
    end: closing + 2,
  };
}

/** A question mark inside a Q word is illegal but usual, so `?=` must not be the start of an escape such as `?=20`. */
function wordEnd(value: string, from: number): number {
  for (let at = value.indexOf('?=', from); at !== -1 && at - from < MAX_WORD_LENGTH; at = value.indexOf('?=', at + 1)) {
    const isEscape = /^[0-9A-F]{2}/.test(value.slice(at + 2, at + 4)) && value.indexOf('?=', at + 2) !== -1;
    if (!isEscape) return at;
  }
  return -1;
}

/** A character may be cut between two words of the same charset, so their bytes are joined before decoding. */
function joinSplitWords(pieces: Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1)?.word;
    const isSameCharset = last?.charset.toLowerCase() === piece.word?.charset.toLowerCase();
    if (last && piece.word && piece.literal.trim() === '' && isSameCharset) last.bytes.push(...piece.word.bytes);
    else joined.push(piece.word ? { literal: piece.literal, word: { ...piece.word, bytes: [...piece.word.bytes] } } : piece);
  }
  return joined;
}

function render(pieces: Piece[], hint: string | null): string {
  let isAfterWord = false;
  const out: string[] = [];
  for (const { literal, word } of pieces) {
    const isFolding = isAfterWord && word !== null && literal.trim() === '';
    if (!isFolding) out.push(decodeLiteral(literal, hint));
    if (word) out.push(decodeWord(word));
    isAfterWord = word !== null;
  }
  return out.join('');
}

function decodeWord(word: Word): string {
  return decodeBytes(Buffer.concat(word.bytes), word.charset).text;
}

function wordBytes(encoding: string, payload: string): Buffer {
  return encoding.toLowerCase() === 'b' ? decodeBase64(payload) : decodeQuotedPrintable(Buffer.from(qText(payload), 'latin1'));
}

function qText(payload: string): string {
  return payload.replaceAll('_', ' ').replaceAll(/=\s+(?=[0-9A-Fa-f])/g, '=');
}
