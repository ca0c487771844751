import { decodeBytes } from './charset.ts';
import { decodeHeaderText } from './encoded-word.ts';
import type { Structured } from './header.ts';

const MAX_NAME_BYTES = 255;
const MAX_SECTIONS = 100;

/** The parameter as text: RFC 2231 sections, RFC 2047 words in quotes (illegal, usual) or raw bytes. */
export function textParameter(header: Structured, name: string, hint: string | null): string | null {
  const plain = header.parameters.get(name);
  const extended = joinSections(header, name);
  if (extended !== null) return extended;
  return plain === undefined ? null : decodeHeaderText(plain, hint);
}

interface Section {
  text: string;
  isEncoded: boolean;
}

function joinSections(header: Structured, name: string): string | null {
  const sections = sectionsOf(header, name);
  const first = sections[0];
  if (!first) return null;
  const prefix = first.isEncoded ? /^([^']*)'[^']*'/.exec(first.text) : null;
  if (prefix) sections[0] = { ...first, text: first.text.slice(prefix[0].length) };
  const hasPlainText = sections.every((section) => !section.isEncoded);
  const bytes = Buffer.concat(sections.map(({ text, isEncoded }) => (isEncoded ? percentDecoded(text) : Buffer.from(text, 'latin1'))));
  return hasPlainText ? decodeHeaderText(bytes.toString('latin1')) : decodeBytes(bytes, prefix?.[1] ?? 'utf-8').text;
}

function sectionsOf(header: Structured, name: string): Section[] {
  const whole = header.parameters.get(`${name}*`);
  if (whole !== undefined) return [{ text: whole, isEncoded: true }];
  const sections: Section[] = [];
  for (let number = 0; number < MAX_SECTIONS; number++) {
    const encoded = header.parameters.get(`${name}*${number}*`);
    const text = encoded ?? header.parameters.get(`${name}*${number}`);
    if (text === undefined) break;
    sections.push({ text, isEncoded: encoded !== undefined });
  }
  return sections;
}

function percentDecoded(text: string): Buffer {
  return Buffer.from(
    text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** A name that is safe to show and to store: no path, no control or bidi characters, at most 255 bytes, its extension kept. */
export function safeFilename(name: string): string {
  const base = name.normalize('NFC').replaceAll(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');
  const clean = base
    .replace(/^(?:[A-Za-z]:)?.*[\\/](?=[^\\/])/s, '')
    .replaceAll(/[\\/]/g, '_')
    .trim();
  if (/^\.*$/.test(clean)) return '';
  return shortened(clean);
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  let stem = extension ? name.slice(0, dot) : name;
  stem = Buffer.from(stem)
    .subarray(0, MAX_NAME_BYTES - Buffer.byteLength(extension))
    .toString()
    .replace(/\ufffd+$/, '');
  return stem + extension;
}

/** Doubled names get `-2`, `-3` before the extension. */
export function uniqueFilename(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate.toLowerCase()); count++) candidate = numbered(name, count);
  taken.add(candidate.toLowerCase());
  return candidate;
}

function numbered(name: string, count: number): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}-${count}${name.slice(dot)}` : `${name}-${count}`;
}
