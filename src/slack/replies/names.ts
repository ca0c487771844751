import { bareName, plainWord } from './fold.ts';
import type { Token } from './passages.ts';
import { AMBIGUOUS_NAMES, LEGAL_FORMS } from './words/names.ts';

/**
 * Names to look for in a text, in the inflected forms people write them. Built once for a list and kept: looking is
 * then linear in the text, however long the list.
 */
export interface NameIndex {
  /** First names alone give a colleague away; a customer's do not. */
  single: Map<string, SingleName>;
  /** By the first word of the whole name. */
  whole: Map<string, WholeName[]>;
}

interface SingleName {
  name: string;
  isFirst: boolean;
}

interface WholeName {
  name: string;
  forms: Set<string>[];
}

export interface FoundName {
  name: string;
  at: number;
}

const MIN_LOWER_CASE_NAME = 4;
const MIN_LONE_WORD = 4;
const MAX_NAME_WORDS = 6;

const askedForms = new WeakMap<Token, string[]>();

export function personIndex(names: Iterable<string>, options: { alone: boolean }): NameIndex {
  const index: NameIndex = { single: new Map(), whole: new Map() };
  for (const name of names) {
    const words = nameWords(name).map(nameForms);
    if (words.length > 1) addWhole(index, name, words);
    if (words.length === 2) addWhole(index, name, words.toReversed());
    if (options.alone) addSingles(index, name, words);
  }
  return index;
}

/** Companies, without "Ltd" and the like. One short common word is no name to search for. */
export function organizationIndex(names: Iterable<string>): NameIndex {
  const index: NameIndex = { single: new Map(), whole: new Map() };
  for (const name of names) {
    const words = nameWords(name).filter((word) => !LEGAL_FORMS.has(bareName(word)));
    if (words.length > 1) addWhole(index, name, words.map(nameForms));
    const only = words.length === 1 ? words[0] : undefined;
    if (only && only.length >= MIN_LONE_WORD) for (const form of nameForms(only)) index.single.set(form, { name, isFirst: false });
  }
  return index;
}

/** Names in a sentence, unless every word of one is among the allowed. */
export function findNames(index: NameIndex, sentence: Token[], allowed: ReadonlySet<string>): FoundName[] {
  return sentence.flatMap((token, at): FoundName[] => {
    const forms = tokenForms(token);
    const whole = findWhole(index, sentence, { at, forms });
    if (whole) return [{ name: whole, at }];
    if (forms.some((form) => allowed.has(form))) return [];
    const single = forms.map((form) => index.single.get(form)).find((found) => found !== undefined);
    return single && isMeant(single, token, at === 0) ? [{ name: single.name, at }] : [];
  });
}

/** The forms of every word of some names: what `findNames` is told to allow. */
export function allowedForms(names: Iterable<string>): Set<string> {
  return new Set([...names].flatMap((name) => nameWords(name).flatMap((word) => [...nameForms(word)])));
}

export function nameWords(name: string): string[] {
  return name
    .split(/[\s,;/"'()]+/)
    .map((word) => word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((word) => word.length > 1)
    .slice(0, MAX_NAME_WORDS);
}

/** Every stem a name may be inflected from: Pekka → Peka(n), Virtanen → Virtase(lle). In Latin letters without accents. */
export function nameForms(name: string): Set<string> {
  const bare = latin(bareName(name));
  const forms = new Set([bare]);
  // Laine → Lainee(lla), Pouta → Pouda(lle).
  if (bare.endsWith('e')) forms.add(`${bare}e`);
  forms.add(bare.replace(/([aeiouy])t([aeiouy])$/, '$1d$2'));
  if (bare.endsWith('nen')) forms.add(`${bare.slice(0, -3)}se`);
  const weak = bare.replace(/(kk|pp|tt)([aeiouy]+)$/, (_whole, double: string, end: string) => double.charAt(0) + end);
  forms.add(weak);
  forms.add(
    bare
      .replace(/nt([aeiouy])$/, 'nn$1')
      .replace(/ht([aeiouy])$/, 'hd$1')
      .replace(/lt([aeiouy])$/, 'll$1'),
  );
  if (/[^aeiouy]$/.test(bare)) forms.add(`${bare}i`);
  // Short foreign names double their last letter: Ben → Benni(ltä), Tom → Tommi(lle).
  if (/^[^aeiouy]+[aeiouy][bdfgklmnprst]$/.test(bare)) forms.add(`${bare}${bare.slice(-1)}i`);
  if (/[aiou]s$/.test(bare)) forms.add(`${bare.slice(0, -1)}kse`);
  return forms;
}

/** What a word of a text may be the inflected form of. Several checks ask for the same token. */
export function tokenForms(token: Token): string[] {
  const known = askedForms.get(token);
  if (known) return known;
  const forms = wordForms(token.word);
  askedForms.set(token, forms);
  return forms;
}

function wordForms(word: string): string[] {
  const cyrillic = /\p{Script=Cyrillic}/u.test(word);
  const bare = bareName(word.replace(/'s?$/, ''));
  return cyrillic ? russianForms(bare) : latinForms(bare);
}

const FINNISH_CLITIC = /(?:kin|kaan|ko|han|pa|nsa)$/;
const FINNISH_CASE = /(?:lle|lta|lla|ssa|sta|ksi|tta|na|n|a|ta|aan|iin|een|oon|uun|yyn|s|:n|:lle|:lta)$/;
const RUSSIAN_ENDING = /(?:ого|ому|ыми|ими|ами|ями|ой|ей|ою|ею|ым|им|ом|ем|ам|ям|ах|ях|ую|юю|ая|яя|ии|ию|ия|а|я|у|ю|е|ы|и|ь)$/;

function latinForms(bare: string): string[] {
  const bases = [bare, bare.replace(FINNISH_CLITIC, '')];
  const stems = bases.flatMap((base) => [base, base.replace(FINNISH_CASE, ''), base.replace(/n$/, '')]);
  return [...new Set(stems.filter((stem) => stem.length > 1).map(latin))];
}

function russianForms(bare: string): string[] {
  const stem = bare.replace(RUSSIAN_ENDING, '');
  const candidates = stem.length > 1 ? [bare, stem, `${stem}а`, `${stem}я`, `${stem}и`, `${stem}ия`, `${stem}ь`] : [bare];
  return [...new Set(candidates.map(latin))];
}

function addWhole(index: NameIndex, name: string, words: Set<string>[]): void {
  for (const first of words[0] ?? []) {
    const known = index.whole.get(first);
    if (known) known.push({ name, forms: words });
    else index.whole.set(first, [{ name, forms: words }]);
  }
}

function addSingles(index: NameIndex, name: string, words: Set<string>[]): void {
  for (const [position, forms] of words.entries()) {
    for (const form of forms) if (!index.single.has(form)) index.single.set(form, { name, isFirst: position === 0 });
  }
}

function findWhole(index: NameIndex, sentence: Token[], { at, forms }: { at: number; forms: string[] }): string | null {
  const candidates = forms.flatMap((form) => index.whole.get(form) ?? []);
  const found = candidates.find((candidate) =>
    candidate.forms.every((wanted, offset) => {
      const token = sentence[at + offset];
      return token !== undefined && tokenForms(token).some((form) => wanted.has(form));
    }),
  );
  return found?.name ?? null;
}

/** `Will` opens a question and `satu` happens; a name is taken for one only where it cannot be the common word. */
function isMeant(single: SingleName, token: Token, isSentenceStart: boolean): boolean {
  const isCapital = /^\p{Lu}/u.test(token.text);
  const isAmbiguous = tokenForms(token).some((form) => AMBIGUOUS_NAMES.has(form));
  if (isAmbiguous) return isCapital && !isSentenceStart;
  if (isCapital) return true;
  return single.isFirst && token.word.length >= MIN_LOWER_CASE_NAME;
}

const LETTERS: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'h',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ъ: '',
  ы: 'i',
  ь: '',
  э: 'e',
  ю: 'iu',
  я: 'ia',
  і: 'i',
  ї: 'i',
  є: 'e',
  ґ: 'g',
};

/** One spelling for Сергей, Sergei, Sergey and Sergej. */
export function latin(bare: string): string {
  const letters = /^[!-~]*$/.test(bare) ? bare : Array.from(plainWord(bare), (letter) => LETTERS[letter] ?? letter).join('');
  return letters.replaceAll(/[yj]/g, 'i').replaceAll(/i{2,}/g, 'i').replaceAll('kh', 'h');
}
