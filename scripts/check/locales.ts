import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lettersIn, placeholdersIn } from './wording-of-texts.ts';
import { pluralBase, countMayBeAbsent, pluralCategories } from './plurals.ts';

/** `card:status.open` → text. */
export type Texts = ReadonlyMap<string, string>;
export type Locales = ReadonlyMap<string, Texts>;

/** These must be there; any other folder beside them is held to the same. */
const REQUIRED_LANGUAGES = ['en', 'fi', 'sv', 'ru'];
const SOURCE_LANGUAGE = 'en';
/** Up to this many letters a word may well be the same in two languages. */
const MAX_SAME_LETTERS = 12;

export function readLocales(root: string): Locales {
  const languages = new Set([...REQUIRED_LANGUAGES, ...globSync('*', { cwd: join(root, 'locales') })]);
  return new Map([...languages].map((language) => [language, readLanguage(join(root, 'locales', language))]));
}

export function localeProblems(locales: Locales): string[] {
  const english = locales.get(SOURCE_LANGUAGE) ?? new Map<string, string>();
  if (english.size === 0) return [`locales/${SOURCE_LANGUAGE} holds no text`];
  return [...locales].flatMap(([language, texts]) => [
    ...keyProblems(language, texts, english),
    ...[...texts].flatMap(([key, text]) => textProblems({ language, key, text }, english)),
  ]);
}

function readLanguage(folder: string): Texts {
  const files = globSync('*.json', { cwd: folder }).toSorted();
  return new Map(
    files.flatMap((file) => {
      const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      return flatten(content).map(([path, text]): [string, string] => [`${file.replace('.json', '')}:${path}`, text]);
    }),
  );
}

function flatten(value: unknown, path = ''): [string, string][] {
  if (Array.isArray(value)) return [[path, value.map(String).join('\n')]];
  if (typeof value !== 'object' || value === null) return [[path, typeof value === 'string' ? value : '']];
  return Object.entries(value).flatMap(([name, below]) => flatten(below, path === '' ? name : `${path}.${name}`));
}

function keyProblems(language: string, texts: Texts, english: Texts): string[] {
  const expected = expectedKeys(language, english);
  return [
    ...[...expected].filter((key) => !texts.has(key)).map((key) => `${language} lacks ${key}`),
    ...[...texts.keys()]
      .filter((key) => !expected.has(key))
      .map((key) => `${language} has ${key}, which ${SOURCE_LANGUAGE} gives no reason for`),
  ];
}

/** A key with a plural in English takes exactly the language's own categories. */
function expectedKeys(language: string, english: Texts): Set<string> {
  return new Set(
    [...english.keys()].flatMap((key) => {
      const plural = pluralBase(key);
      return plural
        ? pluralCategories(language, plural.isOrdinal).map((category) => `${plural.base}_${plural.isOrdinal ? 'ordinal_' : ''}${category}`)
        : [key];
    }),
  );
}

function textProblems(entry: { language: string; key: string; text: string }, english: Texts): string[] {
  const { language, key, text } = entry;
  if (text.trim() === '') return [`${language} ${key} is empty`];
  if (language === SOURCE_LANGUAGE) return [];
  const letters = lettersIn(text);
  const isCopied = text === english.get(key) && letters.length > MAX_SAME_LETTERS;
  const isLatinRussian = language === 'ru' && letters.length > 0 && !/\p{Script=Cyrillic}/u.test(text);
  return [
    ...(isCopied ? [`${language} ${key} is the English text`] : []),
    ...(isLatinRussian ? [`${language} ${key} has no Cyrillic letter: "${text}"`] : []),
    ...placeholderProblems(entry, english),
  ];
}

function placeholderProblems({ language, key, text }: { language: string; key: string; text: string }, english: Texts): string[] {
  const plural = pluralBase(key);
  const model = english.get(plural ? `${plural.base}_${plural.isOrdinal ? 'ordinal_' : ''}other` : key);
  if (model === undefined) return [];
  const [wanted, found] = [placeholdersIn(model), placeholdersIn(text)];
  const mayLackCount = plural !== null && countMayBeAbsent(language, plural);
  const missing = [...wanted].filter((name) => !found.has(name) && !(mayLackCount && name === 'count'));
  const strange = [...found].filter((name) => !wanted.has(name));
  return [
    ...missing.map((name) => `${language} ${key} lacks {{${name}}}`),
    ...strange.map((name) => `${language} ${key} has {{${name}}}, which ${SOURCE_LANGUAGE} has not`),
  ];
}
