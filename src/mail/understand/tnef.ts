import { decodeBytes } from './charset.ts';
import { decompressRtf } from './compressed-rtf.ts';
import { readMapiProperties } from './mapi-properties.ts';
import type { MapiProperties } from './mapi-properties.ts';

/** winmail.dat: what Outlook sends when it forgets that others exist. */
export interface TnefFile {
  filename: string;
  contentType: string | null;
  contentId: string | null;
  content: Buffer;
}

const SIGNATURE = 0x223e9f78;
const MAX_FILES = 200;
const MAX_DEPTH = 3;

const ATTRIBUTE = {
  body: 0x0002800c,
  messageProperties: 0x00069003,
  rendering: 0x00069002,
  title: 0x00018010,
  data: 0x0006800f,
  attachment: 0x00069005,
};
const PROPERTY = {
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  data: 0x3701,
  filename: 0x3704,
  longFilename: 0x3707,
  displayName: 0x3001,
  mimeType: 0x370e,
  contentId: 0x3712,
};
const OBJECT_ID_LENGTH = 16;

export function isTnef(bytes: Buffer): boolean {
  return bytes.length > 6 && bytes.readUInt32LE(0) === SIGNATURE;
}

/** The files inside; the body comes as `body.rtf`, `body.html` or `body.txt`. What is cut off is read as far as it goes. */
export function unpackTnef(bytes: Buffer, depth = 0): TnefFile[] {
  if (!isTnef(bytes)) return [];
  const files: TnefFile[] = [];
  const bodies: TnefFile[] = [];
  let current: Draft | null = null;
  for (const { id, data } of attributes(bytes)) {
    if (id === ATTRIBUTE.rendering) {
      if (current) files.push(...finished(current, depth));
      current = { title: '', data: null, properties: new Map() };
    } else if (id === ATTRIBUTE.messageProperties) bodies.push(...bodyFiles(readMapiProperties(data)));
    else if (id === ATTRIBUTE.body && data.length > 1) bodies.push(file('body.txt', 'text/plain', withoutEndingNul(data)));
    else if (current) current = extended(current, id, data);
    if (files.length > MAX_FILES) break;
  }
  if (current) files.push(...finished(current, depth));
  return [...files, ...bodies].slice(0, MAX_FILES);
}

interface Draft {
  title: string;
  data: Buffer | null;
  properties: MapiProperties;
}

function* attributes(bytes: Buffer): Generator<{ id: number; data: Buffer }> {
  const HEADER_LENGTH = 9;
  const CHECKSUM_LENGTH = 2;
  let at = 6;
  while (at + HEADER_LENGTH <= bytes.length) {
    const level = bytes[at];
    if (level !== 1 && level !== 2) return;
    const id = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const start = at + HEADER_LENGTH;
    if (start + length > bytes.length) return;
    yield { id, data: bytes.subarray(start, start + length) };
    at = start + length + CHECKSUM_LENGTH;
  }
}

function extended(draft: Draft, id: number, data: Buffer): Draft {
  if (id === ATTRIBUTE.title) return { ...draft, title: text(withoutEndingNul(data)) };
  if (id === ATTRIBUTE.data) return { ...draft, data };
  if (id === ATTRIBUTE.attachment) return { ...draft, properties: readMapiProperties(data) };
  return draft;
}

function finished(draft: Draft, depth: number): TnefFile[] {
  const { properties } = draft;
  const embedded = properties.get(PROPERTY.data);
  const inner = embedded?.subarray(OBJECT_ID_LENGTH);
  if (inner && isTnef(inner) && depth < MAX_DEPTH) return unpackTnef(inner, depth + 1);
  const content = draft.data ?? embedded ?? Buffer.alloc(0);
  const name = [PROPERTY.longFilename, PROPERTY.filename].map((id) => string(properties, id)).find((found) => found !== '');
  return [
    {
      filename: name ?? (draft.title || string(properties, PROPERTY.displayName)),
      contentType: string(properties, PROPERTY.mimeType) || null,
      contentId: string(properties, PROPERTY.contentId) || null,
      content,
    },
  ];
}

function bodyFiles(properties: MapiProperties): TnefFile[] {
  const rtf = properties.get(PROPERTY.rtf);
  const html = properties.get(PROPERTY.html);
  const plain = string(properties, PROPERTY.body);
  return [
    ...(rtf ? [file('body.rtf', 'application/rtf', decompressRtf(rtf))] : []),
    ...(html ? [file('body.html', 'text/html', html)] : []),
    ...(plain === '' ? [] : [file('body.txt', 'text/plain', Buffer.from(plain))]),
  ];
}

function file(filename: string, contentType: string, content: Buffer): TnefFile {
  return { filename, contentType, contentId: null, content };
}

function string(properties: MapiProperties, id: number): string {
  const value = properties.get(id);
  if (!value) return '';
  return properties.unicode?.has(id) ? value.toString('utf16le').replace(/\u0000+$/, '') : text(withoutEndingNul(value));
}

function text(bytes: Buffer): string {
  return decodeBytes(bytes, null).text;
}

function withoutEndingNul(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
