import { labelledLine } from './header-labels.ts';
import type { Label } from './header-labels.ts';

type Fields = Partial<Record<Label, string>>;

export interface HeaderBlock {
  first: number;
  /** The line after the block. */
  end: number;
  fields: Fields;
}

const MAX_BLOCK_LINES = 30;
const MAX_CONTINUATION_LINES = 4;

/** The header block (`From: … Sent: … Subject: …`) that starts in this line; null where it is only prose with a colon. */
export function headerBlockAt(lines: string[], first: number): HeaderBlock | null {
  const opening = labelledLine(unquoted(lines[first] ?? ''));
  if (!opening || opening.label === 'cc' || opening.label === 'other') return null;
  const fields: Fields = {};
  let last: Label = opening.label;
  let continued = 0;
  let at = first;
  for (; at < lines.length && at - first < MAX_BLOCK_LINES; at++) {
    const line = unquoted(lines[at] ?? '');
    const labelled = labelledLine(line);
    if (labelled) {
      const { label } = labelled;
      if (label !== 'other' && fields[label] !== undefined) break;
      fields[label] ??= labelled.value;
      last = label;
      continued = 0;
    } else if (line === '') {
      if (!blockGoesOn(lines, at + 1, fields)) break;
    } else if (continued < MAX_CONTINUATION_LINES && continuesValue(lines, at, { fields, last })) {
      fields[last] = `${fields[last] ?? ''} ${line}`.trim();
      continued++;
    } else break;
  }
  return isBelievable(fields) ? { first, end: at, fields } : null;
}

/** HTML turned to text may leave one empty line between the labels. */
function blockGoesOn(lines: string[], next: number, fields: Fields): boolean {
  const labelled = labelledLine(unquoted(lines[next] ?? ''));
  return labelled !== null && (labelled.label === 'other' || fields[labelled.label] === undefined) && !isBelievable(fields);
}

/** Long values wrap: the line belongs to the value if a further label or the end of the block follows. */
function continuesValue(lines: string[], at: number, { fields, last }: { fields: Fields; last: Label }): boolean {
  if (fields[last] === '' && last !== 'cc') return true;
  for (let ahead = 1; ahead <= MAX_CONTINUATION_LINES; ahead++) {
    const line = unquoted(lines[at + ahead] ?? '');
    if (line === '') return isWrappedSubject(lines, at, last) || ((last === 'to' || last === 'cc') && /@/.test(unquoted(lines[at] ?? '')));
    const labelled = labelledLine(line);
    if (labelled && (labelled.label === 'other' || fields[labelled.label] === undefined)) return true;
  }
  return false;
}

/** A subject that filled its line may end in the next; normally the line after it is the mail itself. */
function isWrappedSubject(lines: string[], at: number, last: Label): boolean {
  const MIN_FULL_LINE = 65;
  return last === 'subject' && unquoted(lines[at - 1] ?? '').length >= MIN_FULL_LINE;
}

/** "From: Helsinki, To: Turku" is a journey; a mail has an address, or a date and a subject. */
function isBelievable(fields: Fields): boolean {
  const found = ['from', 'date', 'to', 'subject'].filter((label) => fields[label as Label] !== undefined).length;
  if (found < 2) return false;
  const hasAddress = [fields.from, fields.to].some((value) => /@|\[mailto:/.test(value ?? ''));
  return hasAddress || (fields.date !== undefined && /\d/.test(fields.date) && (found >= 3 || fields.subject !== undefined));
}

export function unquoted(line: string): string {
  return line
    .slice(0, 4_000)
    .replace(/^[\s>|]+/, '')
    .replaceAll(/[\u00a0\u202f\u200e\u200f\u2060\ufeff]/g, ' ')
    .trim();
}
