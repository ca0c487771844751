import { plainWord } from './fold.ts';
import type { Token } from './passages.ts';

/** A row of phrases in the notation of `AudienceWords`, ready to be looked for. */
export interface Phrases {
  byWord: Map<string, Phrase[]>;
  byStart: Map<string, Phrase[]>;
  byAnyWord: Phrase[];
}

export interface Found {
  from: number;
  to: number;
}

interface Phrase {
  isAtStart: boolean;
  isAtEnd: boolean;
  isQuestion: boolean;
  parts: Part[];
}

type Part = { gap: true } | { gap: false; words: Set<string>; starts: string[]; ends: string[] };

const STEM_KEY = 2;
const MAX_GAP = 2;
/** `*nne` shall not find `sinne`. */
const MIN_STEM_BEFORE_ENDING = 3;

export function compilePhrases(phrases: readonly string[]): Phrases {
  const compiled: Phrases = { byWord: new Map(), byStart: new Map(), byAnyWord: [] };
  for (const text of phrases) addPhrase(compiled, compilePhrase(text));
  return compiled;
}

/** Where phrases stand in a sentence; at most one for each word they may begin with. */
export function findPhrases(phrases: Phrases, sentence: Token[]): Found[] {
  const found: Found[] = [];
  for (const [from, token] of sentence.entries()) {
    const candidates = [
      ...(phrases.byWord.get(token.word) ?? []),
      ...(phrases.byStart.get(token.word.slice(0, STEM_KEY)) ?? []),
      ...phrases.byAnyWord,
    ];
    const ends = candidates.map((phrase) => matchEnd(phrase, sentence, from)).filter((end) => end > from);
    if (ends.length > 0) found.push({ from, to: Math.max(...ends) });
  }
  return found;
}

export function foundText(sentence: Token[], found: Found): string {
  return sentence
    .slice(found.from, found.to)
    .map((token) => token.text)
    .join(' ');
}

function compilePhrase(text: string): Phrase {
  const words = text.split(' ');
  const isAtStart = text.startsWith('^');
  const tail = words.at(-1);
  const isAtEnd = tail === '$' || tail === '?';
  const kept = (isAtEnd ? words.slice(0, -1) : words).map((word, index) => (index === 0 && isAtStart ? word.slice(1) : word));
  return { isAtStart, isAtEnd, isQuestion: tail === '?', parts: kept.map(compilePart) };
}

function compilePart(text: string): Part {
  if (text === '~') return { gap: true };
  const choices = text.split('|').map((choice) => plainWord(choice));
  return {
    gap: false,
    words: new Set(choices.filter((choice) => !choice.includes('*'))),
    starts: choices.filter((choice) => choice.endsWith('*')).map((choice) => choice.slice(0, -1)),
    ends: choices.filter((choice) => choice.startsWith('*')).map((choice) => choice.slice(1)),
  };
}

function addPhrase(compiled: Phrases, phrase: Phrase): void {
  const first = phrase.parts[0];
  if (!first || first.gap) return;
  for (const word of first.words) push(compiled.byWord, word, phrase);
  for (const start of first.starts) push(compiled.byStart, start.slice(0, STEM_KEY), phrase);
  if (first.ends.length > 0) compiled.byAnyWord.push(phrase);
}

function push(map: Map<string, Phrase[]>, key: string, phrase: Phrase): void {
  const phrases = map.get(key);
  if (phrases) phrases.push(phrase);
  else map.set(key, [phrase]);
}

/** The end of the phrase, or -1. A closing `$` inside the last alternatives means "or nothing more". */
function matchEnd(phrase: Phrase, sentence: Token[], from: number): number {
  if (phrase.isAtStart && from !== 0) return -1;
  const end = matchParts(phrase.parts, sentence, from);
  if (end < 0 || (phrase.isAtEnd && end !== sentence.length)) return -1;
  return phrase.isQuestion && !sentence.at(-1)?.after.includes('?') ? -1 : end;
}

function matchParts(parts: Part[], sentence: Token[], from: number): number {
  const [part, ...rest] = parts;
  if (!part) return from;
  if (part.gap) {
    for (let skipped = 0; skipped <= MAX_GAP; skipped += 1) {
      const end = matchParts(rest, sentence, from + skipped);
      if (end >= 0) return end;
    }
    return -1;
  }
  const token = sentence[from];
  if (!token) return rest.length === 0 && part.words.has('$') ? from : -1;
  return matchesWord(part, token.word) ? matchParts(rest, sentence, from + 1) : -1;
}

function matchesWord(part: Exclude<Part, { gap: true }>, word: string): boolean {
  if (part.words.has(word) || part.starts.some((start) => word.startsWith(start))) return true;
  return part.ends.some((end) => word.endsWith(end) && word.length >= end.length + MIN_STEM_BEFORE_ENDING);
}
