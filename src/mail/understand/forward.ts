import { attributionEndingAt } from './attribution.ts';
import { isForwardDivider, isOriginalDivider, isRule, looksLikeDivider } from './divider.ts';
import { headerBlockAt, unquoted } from './header-block.ts';
import type { HeaderBlock } from './header-block.ts';
import { labelStarts } from './header-labels.ts';
import type { Forwarded, Mailbox } from './letter.ts';
import { parseLooseAddresses } from './loose-addresses.ts';
import { isMark, withoutMarks } from './quote-marks.ts';

const MAX_COMMENT_LINES = 200;
const MAX_ANALYSED_LENGTH = 256 * 1024;
const MAX_LINES_BETWEEN = 6;
const NOBODY: Mailbox = { address: '', name: '' };

interface Start {
  /** First line that is no longer the forwarder's. */
  first: number;
  bodyStart: number;
  fields: HeaderBlock['fields'];
}

/**
 * The mail inside a forwarded mail. A divider that says so is enough; without one the subject must say it,
 * because the same header block stands above an ordinary reply's quote.
 */
export function findForward(markedText: string, subjectSaysForward: boolean): Forwarded | null {
  const lines = separatedLines(markedText.slice(0, MAX_ANALYSED_LENGTH));
  const end = Math.min(lines.length, MAX_COMMENT_LINES);
  for (let at = 0; at < end; at++) {
    const start = startAt(lines, at, subjectSaysForward);
    if (start) return describe(lines, start);
    if (!subjectSaysForward && endsOwnText(lines, at)) return null;
  }
  return null;
}

function startAt(lines: string[], at: number, subjectSaysForward: boolean): Start | null {
  const line = lines[at] ?? '';
  if (isForwardDivider(line)) return blockBelow(lines, at) ?? attributionBelow(lines, at);
  if (!subjectSaysForward) return null;
  if (isOriginalDivider(line) || isRule(line) || looksLikeDivider(line)) {
    const start = blockBelow(lines, at);
    if (start) return start;
  }
  const block = headerBlockAt(lines, at);
  if (block && (block.fields.from !== undefined || block.fields.subject !== undefined))
    return { first: at, bodyStart: block.end, fields: block.fields };
  return attributionStart(lines, at);
}

function blockBelow(lines: string[], divider: number): Start | null {
  for (let at = divider + 1; at <= divider + MAX_LINES_BETWEEN && at < lines.length; at++) {
    const block = headerBlockAt(lines, at);
    if (block) return { first: divider, bodyStart: block.end, fields: block.fields };
    if (!isEmpty(lines[at] ?? '')) return null;
  }
  return null;
}

function attributionBelow(lines: string[], divider: number): Start | null {
  for (let at = divider + 1; at <= divider + MAX_LINES_BETWEEN && at < lines.length; at++) {
    const start = attributionStart(lines, at);
    if (start) return { ...start, first: divider };
  }
  return null;
}

/** "Liisa <l@example.com> kirjoitti 28.10.2025 klo 12.46:" above a forwarded text; only the address can be told. */
function attributionStart(lines: string[], at: number): Start | null {
  const attribution = attributionEndingAt(lines, at);
  if (!attribution || attribution.isVague) return null;
  const words = lines
    .slice(attribution.first, at + 1)
    .map(unquoted)
    .join(' ');
  const from = mailboxInWords(words);
  return from === '' ? null : { first: attribution.first, bodyStart: at + 1, fields: { from } };
}

function mailboxInWords(words: string): string {
  const address = /[<([]?(?:mailto:)?([^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+)[>)\]]?/.exec(words);
  if (!address) return '';
  const before = words.slice(0, address.index).replaceAll(/[“”„«»]/g, '"');
  const quoted = /"([^"]{1,100})"\s*$/.exec(before)?.[1];
  const name = quoted ?? nameAtEnd(before);
  return `"${name.replaceAll('"', '')}" <${address[1] ?? ''}>`;
}

/** The capitalised words right before the address, without the date in front of them. */
function nameAtEnd(before: string): string {
  const words = before.trim().split(/\s+/).slice(-6);
  const name: string[] = [];
  for (const word of words.toReversed()) {
    const isName = /^\p{Lu}[\p{L}'’.-]*$/u.test(word) && !/^(?:AM|PM|On|Uhr|UTC|GMT|[A-Z]{3,4})$/.test(word);
    if (!isName) break;
    name.unshift(word);
  }
  return name.join(' ');
}

/** Above a quoted earlier mail nothing is forwarded, whatever that mail says further down. */
function endsOwnText(lines: string[], at: number): boolean {
  const line = lines[at] ?? '';
  return isOriginalDivider(line) || headerBlockAt(lines, at) !== null || attributionEndingAt(lines, at)?.isVague === false;
}

function describe(lines: string[], { first, bodyStart, fields }: Start): Forwarded {
  const to = parseLooseAddresses(fields.to ?? '');
  return {
    from: parseLooseAddresses(fields.from ?? '')[0] ?? NOBODY,
    to,
    cc: parseLooseAddresses(fields.cc ?? ''),
    subject: (fields.subject ?? '').replaceAll(/\s+/g, ' ').trim(),
    date: (fields.date ?? '').replaceAll(/\s+/g, ' ').trim(),
    body: bodyText(lines.slice(bodyStart)),
    message: messageText(lines.slice(0, first)),
  };
}

/** Some programs quote the whole forwarded mail; then one level of `>` comes off. */
function bodyText(lines: string[]): string {
  const written = lines.filter((line) => !isEmpty(line));
  const isQuoted = written.length > 0 && written.filter((line) => /^\s{0,4}>/.test(line)).length >= written.length * 0.9;
  const plain = isQuoted ? lines.map((line) => line.replace(/^\s{0,4}> ?/, '')) : lines;
  return withoutMarks(plain.join('\n'))
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

function messageText(lines: string[]): string {
  return withoutMarks(lines.join('\n')).trim();
}

function isEmpty(line: string): boolean {
  const bare = unquoted(line);
  return bare === '' || isMark(bare);
}

/** Yahoo writes the divider and all labels into one line. */
function separatedLines(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.length > 8_000) return [line];
    const match = /^(\s*-{3,} ?[^-]{3,60}-{3,}) *([^-\s].*)$/.exec(line);
    return match && isForwardDivider(match[1] ?? '') ? [match[1] ?? '', ...splitLabels(match[2] ?? '')] : [line];
  });
}

function splitLabels(line: string): string[] {
  const starts = [0, ...labelStarts(line)];
  return starts.map((start, index) => line.slice(start, starts[index + 1]).trim()).filter((piece) => piece !== '');
}
