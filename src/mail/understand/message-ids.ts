import { decodeHeaderText } from './encoded-word.ts';

const MAX_REFERENCES = 50;
const MAX_ID_LENGTH = 998;
const MAX_HEADER_LENGTH = 512 * 1024;

/** Ids without their brackets, in order, each once; the last 50 count, because the nearest message stands last. */
export function messageIds(values: string[]): string[] {
  const text = values.map((value) => decoded(value.slice(-MAX_HEADER_LENGTH))).join(' ');
  const bracketed = text.includes('<') ? [...text.matchAll(/<([^<>]*)>/g)].map((match) => match[1] ?? '') : [];
  const found = bracketed.length > 0 ? bracketed : text.split(/[\s,]+/);
  const clean = found.map(cleanId).filter((id) => id !== '' && id.length <= MAX_ID_LENGTH && (bracketed.length > 0 || id.includes('@')));
  return [...new Set(clean)].slice(-MAX_REFERENCES);
}

export function messageId(value: string | null): string | null {
  if (value === null) return null;
  const text = decoded(value.slice(0, MAX_HEADER_LENGTH)).trim();
  const id = cleanId(/<([^<>]*)>/.exec(text)?.[1] ?? text.split(/\s(?![^<]*>)/)[0] ?? '');
  return id === '' || id.length > MAX_ID_LENGTH ? null : id;
}

function decoded(value: string): string {
  return decodeHeaderText(value);
}

function cleanId(id: string): string {
  return id.replaceAll(/[\s\u0000-\u001f<>]+/g, '').replace(/^"(.*)"$/, '$1');
}
