import { parseAddresses } from './addresses.ts';
import type { Mailbox } from './letter.ts';

const MAX_LENGTH = 20_000;

/** Addresses as programs write them into a quoted header: `Liisa [mailto:l@x]`, `<l@x<mailto:l@x>>`, `Liisa (l@x)`. */
export function parseLooseAddresses(value: string): Mailbox[] {
  const text = value
    .slice(0, MAX_LENGTH)
    .replaceAll(/<mailto:[^<>]*>/gi, '')
    .replaceAll(/\[mailto:([^\][]*)\]/gi, '<$1>')
    .replaceAll(/\(([^\s()]+@[^\s()]+)\)/g, '<$1>')
    .replace(/\s+(?:on behalf of|im auftrag von|för räkning|puolesta|от имени)\s.*$/is, '')
    .replaceAll(/<\s*<([^<>]*)>\s*>/g, '<$1>');
  return parseAddresses(bytesOf(text));
}

/** The parser works on byte strings. */
function bytesOf(text: string): string {
  return /[^\u0000-\u007f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}
