const WORD = /[\p{L}\p{N}\p{M}]{1,40}/gu;
const MARKS = /[\u0300-\u036f]/g;
// Letters that Unicode does not take apart, as people type them on a keyboard without them.
const PLAIN: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ё: 'е' };
const SPECIAL = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

const MAX_TEXT_LETTERS = 200_000;
const MAX_INDEXED_WORDS = 3_000;
const MAX_ASKED_WORDS = 10;
/** Shorter pieces are found at the beginning of words only. */
export const MIN_PART_LETTERS = 3;
export const MAX_RESULTS = 500;

/** The different words of a text, each in the one spelling that both engines index and ask for. */
export function indexedWords(text: string): string[] {
  return distinct(text.slice(0, MAX_TEXT_LETTERS), MAX_INDEXED_WORDS);
}

/** The words somebody typed to find something; a word that begins another says nothing more. */
export function askedWords(text: string): string[] {
  const words = distinct(text.slice(0, MAX_TEXT_LETTERS), MAX_ASKED_WORDS);
  return words.filter((word) => !words.some((longer) => longer !== word && longer.startsWith(word)));
}

export function hasParts(word: string): boolean {
  return Array.from(word).length >= MIN_PART_LETTERS;
}

export function boundedLimit(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 0, 0), MAX_RESULTS);
}

function distinct(text: string, limit: number): string[] {
  const words = new Set<string>();
  for (const [word] of normalised(text).matchAll(WORD)) {
    words.add(word);
    if (words.size >= limit) break;
  }
  return [...words];
}

function normalised(text: string): string {
  const bare = text.normalize('NFKD').toLowerCase().replace(MARKS, '');
  return bare.replace(SPECIAL, (letter) => PLAIN[letter] ?? letter).normalize('NFKC');
}
