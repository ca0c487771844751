import { detectAll } from 'tinyld';
import { FUNCTION_WORDS } from './language-words.ts';

export interface Language {
  code: string;
  confidence: number;
  /** How many letters were newly written: without links, codes and what stands below a greeting. */
  letters: number;
}

/** Languages told apart; more than Tiketti speaks, so that a French mail is not taken for something nearer. */
const CANDIDATES = ['en', 'fi', 'sv', 'ru', 'et', 'de', 'no', 'da', 'uk', 'nl', 'fr', 'es', 'it', 'pt', 'pl', 'lt', 'lv'];
const MAX_SAMPLE = 1_500;
const MIN_LETTERS = 25;
const UNSURE = 0.79;
const FUNCTION_WORD_WEIGHT = 1.2;

/** The language of what somebody newly wrote. Below 0.8 the answer is a guess; fewer than 25 letters never reach it. */
export function detectLanguage(text: string): Language | null {
  const sample = withoutNoise(text.slice(0, MAX_SAMPLE * 2)).slice(0, MAX_SAMPLE);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 2) return null;
  const ranked = rank(sample);
  const [best, second] = ranked;
  if (!best) return null;
  const margin = best.score / (best.score + (second?.score ?? 0));
  const evidence = 1 - Math.exp(-(best.score * letters) / 4);
  const confidence = Math.round(margin * evidence * 100) / 100;
  return { code: best.code, confidence: letters < MIN_LETTERS ? Math.min(confidence, UNSURE) : confidence, letters };
}

function rank(sample: string): { code: string; score: number }[] {
  const scores = new Map(detectAll(sample, { only: CANDIDATES }).map(({ lang, accuracy }) => [lang, accuracy]));
  const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
  for (const [code, known] of FUNCTION_WORDS) {
    const hits = words.filter((word) => known.has(word)).length;
    if (hits > 0) scores.set(code, (scores.get(code) ?? 0) + (FUNCTION_WORD_WEIGHT * hits) / words.length);
  }
  for (const code of [...excludedBy(sample), ...excludedByWords(words)]) scores.delete(code);
  return [...scores].map(([code, score]) => ({ code, score })).toSorted((left, right) => right.score - left.score);
}

/** Letters that a language doesn't have rule it out. */
const ALIEN_LETTERS: [RegExp, string[]][] = [
  [/[æø]/i, ['sv', 'fi', 'de', 'et']],
  [/[äö]/i, ['no', 'da', 'ru']],
  [/õ/i, ['fi', 'sv', 'de']],
  [/ß/, ['sv', 'fi', 'no', 'da', 'et']],
  [/[іїєґ]/i, ['ru']],
  [/[ыэъё]/i, ['uk']],
];

function excludedBy(sample: string): string[] {
  const excluded = ALIEN_LETTERS.flatMap(([letters, codes]) => (letters.test(sample) ? codes : []));
  // Every seventh Ukrainian letter or so is one that Russian lacks.
  const MIN_CYRILLIC = 10;
  const isRussian = (sample.match(/[а-яё]/gi)?.length ?? 0) >= MIN_CYRILLIC && !/[іїєґ]/i.test(sample);
  return isRussian ? [...excluded, 'uk'] : excluded;
}

/** Neighbours share most of their words; the commonest ones they don't share tell them apart at once. */
const ALIEN_WORDS: [Set<string>, string[]][] = [
  [new Set(['inte', 'och', 'är', 'jag', 'från', 'något', 'någon']), ['no', 'da']],
  [new Set(['ikke', 'og', 'jeg', 'hvor', 'hva', 'hvad', 'fra']), ['sv']],
];

function excludedByWords(words: string[]): string[] {
  return ALIEN_WORDS.flatMap(([alien, codes]) => (words.some((word) => alien.has(word)) ? codes : []));
}

/** Links, addresses, codes and quotes say nothing about the language. */
function withoutNoise(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .replaceAll(/\S*(?:https?:|www\.|@)\S*/g, ' ')
    .replaceAll(/\S*\d\S*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
