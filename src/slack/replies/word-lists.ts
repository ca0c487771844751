import { plainWord } from './fold.ts';
import { type Phrases, compilePhrases } from './phrases.ts';
import type { AudienceWords } from './words/audience-words.ts';
import { AUDIENCE_WORDS } from './words/languages.ts';

type PhraseList =
  | 'telling'
  | 'tellingUnlessToReader'
  | 'rude'
  | 'hints'
  | 'faintHints'
  | 'reader'
  | 'courtesy'
  | 'excused'
  | 'teamGreetings'
  | 'attached'
  | 'attachedByReader';
type WordSet = 'notNames' | 'acknowledgements' | 'frequent';

/** A language's words, ready to be looked for. */
export type WordLists = Record<PhraseList, Phrases> &
  Record<WordSet, ReadonlySet<string>> & { greetings: string[][]; nearMarks: string[][] };

const compiled = new Map<string, WordLists>();

/** Compiled on first use: a desk seldom needs every language. Undefined for a language we have no words for. */
export function wordLists(language: string): WordLists | undefined {
  const known = compiled.get(language);
  if (known) return known;
  const words = Object.hasOwn(AUDIENCE_WORDS, language) ? AUDIENCE_WORDS[language] : undefined;
  if (!words) return undefined;
  const lists = compile(words);
  compiled.set(language, lists);
  return lists;
}

export const WORD_LANGUAGES: readonly string[] = Object.keys(AUDIENCE_WORDS);

function compile(words: AudienceWords): WordLists {
  return {
    telling: compilePhrases(words.telling),
    tellingUnlessToReader: compilePhrases(words.tellingUnlessToReader),
    rude: compilePhrases(words.rude),
    hints: compilePhrases(words.hints),
    faintHints: compilePhrases(words.faintHints),
    reader: compilePhrases(words.reader),
    courtesy: compilePhrases(words.courtesy),
    excused: compilePhrases(words.excused),
    teamGreetings: compilePhrases(words.teamGreetings),
    attached: compilePhrases(words.attached),
    attachedByReader: compilePhrases(words.attachedByReader),
    notNames: wordSet(words.notNames),
    acknowledgements: wordSet(words.acknowledgements.flatMap((word) => word.split(' '))),
    frequent: wordSet(words.frequent),
    greetings: wordRows(words.greetings),
    nearMarks: wordRows(words.nearMarks),
  };
}

function wordSet(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map((word) => plainWord(word)));
}

/** Longest first, so that "good morning" is not read as "good". */
function wordRows(phrases: readonly string[]): string[][] {
  return phrases.map((phrase) => plainWord(phrase).split(' ')).toSorted((a, b) => b.length - a.length);
}
