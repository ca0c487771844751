import { ATTRIBUTION_START, isWeekday, WROTE, WROTE_UNSPACED } from './quote-words.ts';

const MAX_LINES = 4;
const MAX_LENGTH = 900;

export interface Attribution {
  first: number;
  last: number;
  /** Says "wrote" but neither when nor by which address: counts only directly above a quote. */
  isVague: boolean;
}

/** The attribution ("On … Liisa wrote:") that ends in line `last`, with the lines it began on. */
export function attributionEndingAt(lines: string[], last: number): Attribution | null {
  const closing = plainLine(lines[last] ?? '');
  if (closing.length > MAX_LENGTH || !mayEnd(closing)) return null;
  let joined = '';
  let best: Attribution | null = null as Attribution | null;
  for (let first = last; first > last - MAX_LINES && first >= 0; first--) {
    const line = plainLine(lines[first] ?? '');
    if (first !== last && !leadsOn(line)) break;
    joined = joined === '' ? line : `${line} ${joined}`;
    if (joined.length > MAX_LENGTH) break;
    const strength = strengthOf(joined, line);
    if (strength === 'whole') return { first, last, isVague: false };
    if (strength === 'named' && (best === null || best.isVague)) best = { first, last, isVague: false };
    if (strength === 'vague' && best === null) best = { first, last, isVague: true };
  }
  return best;
}

/** An attribution wraps in the middle; a line that ends a sentence is not part of it. */
function leadsOn(line: string): boolean {
  return line !== '' && !/[^\d\s]{3}[.!?:]$/.test(line);
}

/** Without quote marks, odd spaces and emphasis. */
function plainLine(line: string): string {
  return line
    .slice(0, MAX_LENGTH + 100)
    .replace(/^[\s>|]+/, '')
    .replaceAll(/[\u00a0\u2000-\u200f\u202f\u202a-\u202e\u2060\ufeff\s]+/g, ' ')
    .replaceAll('*', '')
    .trim();
}

function mayEnd(line: string): boolean {
  return (
    /[:：]["']?$/.test(line) || /\s-{2,}$/.test(line) || WROTE.has(lastWord(line)) || WROTE_UNSPACED.some((form) => line.endsWith(form))
  );
}

function lastWord(line: string): string {
  return line.slice(line.lastIndexOf(' ') + 1).toLowerCase();
}

/** `whole`: begins as attributions begin; `named`: begins with the name; `vague`: only says that somebody wrote. */
function strengthOf(joined: string, firstLine: string): 'whole' | 'named' | 'vague' | 'none' {
  const hasVerb = containsWrote(joined);
  const hasAddress = /[^\s@]@[^\s@]/.test(joined);
  const hasDate = /\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}年/.test(joined);
  const hasTime = /\b\d{1,2}[:.]\d{2}\b|\d{1,2}h\d{2}/.test(joined);
  const startsRight = startsLikeAttribution(joined);
  if (!hasVerb) return startsRight && hasDate && hasTime && /[<([]\s?[^\s<>]+@[^\s<>]+[>)\]]\s*[:：]$/.test(joined) ? 'whole' : 'none';
  if (startsRight && (hasDate || hasAddress || hasTime)) return 'whole';
  const nameComesFirst = containsWrote(firstLine) || /@/.test(firstLine);
  if (nameComesFirst && (hasDate || hasAddress) && !/[.!?]\s+\p{Lu}/u.test(beforeVerb(joined))) return 'named';
  return joined === firstLine && joined.length < 120 ? 'vague' : 'none';
}

/** The part in front of the verb must be a name and a date, not a sentence of its own. */
function beforeVerb(joined: string): string {
  return joined.replaceAll(/\b\p{L}{1,4}\.\s/gu, ' ').replaceAll(/"[^"]{0,100}"/g, '');
}

function containsWrote(text: string): boolean {
  if (WROTE_UNSPACED.some((form) => text.includes(form))) return true;
  return text
    .toLowerCase()
    .split(/[\s,;:：<>"']+/)
    .some((word) => WROTE.has(word) || WROTE.has(word.replace(/[(/.\-–—].*$/, '')));
}

function startsLikeAttribution(joined: string): boolean {
  const bare = joined.replace(/^[-–—_=\s"'«„“(]+/, '');
  const word = /^[^\s,]+/.exec(bare)?.[0]?.toLowerCase() ?? '';
  if (/^\d{1,4}[./年-]|^\d{1,2}$/.test(word)) return true;
  return ATTRIBUTION_START.has(word) || isWeekday(word) || word.startsWith('在');
}
