import { oneLine } from './one-line.ts';

const MAX_NAME_CHARACTERS = 60;
// A greeting repeats what a stranger called himself: anything that could be an advertisement or a link is left out.
const NOT_A_NAME = /[@/\\<>{}[\]|]|www\.|\.\p{L}{2,}(?:\s|$)|\d{3,}/iu;
const WORDS = String.raw`\p{L}[\p{L}\p{M}'’.-]*(?:\s\p{L}[\p{L}\p{M}'’.-]*){0,3}`;
/** As Outlook and company directories write it, perhaps with a department behind. */
const LAST_FIRST = new RegExp(String.raw`^(${WORDS}),\s*(${WORDS})(?:\s*\([^()]*\))?$`, 'u');
// What stands behind a comma and is no given name, or makes the words a company's.
const NO_PERSON =
  /^(?:inc|ltd|llc|llp|plc|corp|gmbh|ag|oyj?|ab|abp|as|oü|ry|ky|sa|jr|sr|i{1,3}|ph\.?\s?d|m\.?d|msc|mba|esq|ооо|ао|пао|зао|ип)\.?$/iu;

/** Empty for what is no name. */
export function personName(name: string | null): string {
  const line = oneLine(name ?? '', Number.POSITIVE_INFINITY);
  if (line.length > MAX_NAME_CHARACTERS || NOT_A_NAME.test(line)) return '';
  const { last, given } = parts(line);
  return given ? `${given} ${last}` : line;
}

/** How a person is greeted; empty when their name leaves it open. */
export function greetedName(name: string | null): string {
  const known = personName(name);
  const { given } = parts(oneLine(name ?? '', Number.POSITIVE_INFINITY));
  return known.includes(',') ? '' : known && (given || known);
}

function parts(line: string): { last: string; given: string } {
  const [, last = '', given = ''] = LAST_FIRST.exec(line) ?? [];
  const isPerson = given !== '' && ![last, given].some((words) => words.split(' ').some((word) => NO_PERSON.test(word)));
  return isPerson ? { last, given } : { last: '', given: '' };
}
