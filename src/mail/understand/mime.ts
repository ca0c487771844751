import { firstHeader, parseStructured, readHeaders } from './header.ts';
import type { Header, Structured } from './header.ts';
import { decodeTransfer } from './transfer.ts';

/** One MIME part. `content` is decoded from its transfer encoding, never from its charset. */
export interface Part {
  headers: Header[];
  type: Structured;
  disposition: Structured;
  children: Part[];
  content: () => Buffer;
}

export interface PartTree {
  root: Part;
  problems: string[];
}

const MAX_DEPTH = 30;
const MAX_PARTS = 1_000;
const MAX_BOUNDARY_LENGTH = 1_000;

interface Reader {
  bytes: Buffer;
  problems: Set<string>;
  partCount: number;
}

interface Range {
  start: number;
  end: number;
}

export function readParts(raw: Uint8Array): PartTree {
  const reader: Reader = { bytes: withLineFeeds(raw), problems: new Set(), partCount: 0 };
  const root = readPart(
    reader,
    { start: skipLeadingJunk(reader.bytes), end: reader.bytes.length },
    { depth: 0, defaultType: 'text/plain' },
  );
  return { root, problems: [...reader.problems] };
}

/** Mail with bare CR line ends exists; everything after this step looks for LF only. */
function withLineFeeds(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (bytes.includes(0x0a) || !bytes.includes(0x0d)) return bytes;
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(0x0d); at !== -1; at = copy.indexOf(0x0d, at + 1)) copy[at] = 0x0a;
  return copy;
}

function skipLeadingJunk(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 0x0a || bytes[at] === 0x0d) at++;
  return at;
}

interface Place {
  depth: number;
  defaultType: string;
}

function readPart(reader: Reader, range: Range, place: Place): Part {
  reader.partCount++;
  const block = readHeaders(reader.bytes, range.start, range.end);
  for (const problem of block.problems) reader.problems.add(problem);
  const body = { start: Math.min(block.bodyStart, range.end), end: range.end };
  const type = typeOf(block.headers, place.defaultType);
  const disposition = parseStructured(firstHeader(block.headers, 'content-disposition') ?? '');
  const children = type.value.startsWith('multipart/') ? readChildren(reader, body, { type, depth: place.depth }) : [];
  const encoding = transferEncoding(block.headers);
  return {
    headers: block.headers,
    type: children.length > 0 ? type : leafType(type),
    disposition,
    children,
    content: once(() => leafContent(reader.bytes, body, encoding)),
  };
}

function typeOf(headers: Header[], defaultType: string): Structured {
  const declared = firstHeader(headers, 'content-type');
  const type = parseStructured(declared ?? defaultType);
  if (/^[\w.+-]+\/[\w.+-]+$/.test(type.value)) return type;
  const repaired = /[\w.+-]+\/[\w.+-]+/.exec(type.value)?.[0] ?? (type.value === 'text' ? 'text/plain' : null);
  return { value: repaired ?? defaultType, parameters: type.parameters };
}

/** A multipart in which no part could be found is shown as the text it is. */
function leafType(type: Structured): Structured {
  return type.value.startsWith('multipart/') ? { value: 'text/plain', parameters: type.parameters } : type;
}

function transferEncoding(headers: Header[]): string {
  return /[\w-]+/.exec((firstHeader(headers, 'content-transfer-encoding') ?? '').replace(/^\s*\([^)]*\)/, ''))?.[0].toLowerCase() ?? '';
}

function leafContent(bytes: Buffer, body: Range, encoding: string): Buffer {
  return decodeTransfer(bytes.subarray(body.start, body.end), encoding);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function readChildren(reader: Reader, body: Range, parent: { type: Structured; depth: number }): Part[] {
  if (parent.depth >= MAX_DEPTH) {
    reader.problems.add(`parts nested deeper than ${MAX_DEPTH} kept as text`);
    return [];
  }
  const ranges = splitBody(reader, body, parent.type.parameters.get('boundary'));
  const defaultType = parent.type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  const children: Part[] = [];
  for (const range of ranges) {
    if (reader.partCount >= MAX_PARTS) {
      reader.problems.add(`parts over the limit of ${MAX_PARTS} not read`);
      break;
    }
    children.push(readPart(reader, range, { depth: parent.depth + 1, defaultType }));
  }
  return children;
}

function splitBody(reader: Reader, body: Range, declared: string | undefined): Range[] {
  const boundary = declared?.slice(0, MAX_BOUNDARY_LENGTH).trimEnd();
  const ranges = boundary ? rangesBetween(reader, body, boundary) : [];
  if (ranges.length > 0) return ranges;
  const found = guessBoundary(reader.bytes, body);
  if (!found) {
    reader.problems.add('a multipart without its boundary was read as text');
    return [];
  }
  reader.problems.add(boundary ? 'the declared boundary does not occur, another was found' : 'a multipart without a declared boundary');
  return rangesBetween(reader, body, found);
}

/** The parts between delimiter lines. What stands before the first and after the closing one is not content. */
function rangesBetween(reader: Reader, body: Range, boundary: string): Range[] {
  const { bytes } = reader;
  const marker = Buffer.from(`--${boundary}`, 'latin1');
  const delimiter = { body, marker };
  const ranges: Range[] = [];
  let partStart = -1;
  for (let at = nextDelimiter(bytes, body.start, delimiter); at !== -1; at = nextDelimiter(bytes, at + 1, delimiter)) {
    const lineEnd = lineEndAt(bytes, at, body.end);
    const tail = bytes.toString('latin1', at + marker.length, Math.min(lineEnd, at + marker.length + 100)).trimEnd();
    if (tail !== '' && tail !== '--') continue;
    if (partStart !== -1) ranges.push({ start: partStart, end: beforeLineBreak(bytes, at, partStart) });
    partStart = tail === '--' ? -1 : Math.min(lineEnd + 1, body.end);
    if (tail === '--' && nextDelimiter(bytes, lineEnd, delimiter) === -1) return ranges;
  }
  if (partStart === -1) return ranges;
  if (partStart < body.end) ranges.push({ start: partStart, end: body.end });
  reader.problems.add('the closing boundary is missing');
  return ranges;
}

function nextDelimiter(bytes: Buffer, from: number, { body, marker }: { body: Range; marker: Buffer }): number {
  for (let at = bytes.indexOf(marker, from); at !== -1 && at < body.end; at = bytes.indexOf(marker, at + 1)) {
    if (at === body.start || bytes[at - 1] === 0x0a) return at;
  }
  return -1;
}

function lineEndAt(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(0x0a, at);
  return found === -1 || found > end ? end : found;
}

function beforeLineBreak(bytes: Buffer, delimiter: number, least: number): number {
  let end = delimiter;
  if (end > least && bytes[end - 1] === 0x0a) end--;
  if (end > least && bytes[end - 1] === 0x0d) end--;
  return end;
}

/** A line of `--something` followed by a part header. */
function guessBoundary(bytes: Buffer, body: Range): string | null {
  const MAX_TRIES = 50;
  const delimiter = { body, marker: Buffer.from('--') };
  let tries = 0;
  for (let at = nextDelimiter(bytes, body.start, delimiter); at !== -1 && tries < MAX_TRIES; tries++) {
    const lineEnd = lineEndAt(bytes, at, body.end);
    const line = bytes.toString('latin1', at + 2, Math.min(lineEnd, at + 202)).trimEnd();
    const next = bytes.toString('latin1', lineEnd + 1, Math.min(lineEnd + 60, body.end));
    if (line.length > 3 && !line.includes(' ') && /^content-(?:type|transfer|disp)/i.test(next)) return line;
    at = nextDelimiter(bytes, Math.max(lineEnd, at + 1), delimiter);
  }
  return null;
}
