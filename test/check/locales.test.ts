import { expect, test } from 'vitest';
import { localeProblems, readLocales } from '../../scripts/check/locales.ts';
import { plant } from './planted.ts';

type Texts = Record<string, string>;

/** All four languages say the same two things right; a test spoils one. */
function problemsWith(spoiled: Partial<Record<'en' | 'fi' | 'sv' | 'ru', Texts>>): string[] {
  const right: Record<string, Texts> = {
    en: { 'card:taken': '{{name}} took it', 'card:waiting_one': 'One ticket waits', 'card:waiting_other': '{{count}} tickets wait' },
    fi: { 'card:taken': '{{name}} otti sen', 'card:waiting_one': 'Yksi pyyntö odottaa', 'card:waiting_other': '{{count}} pyyntöä odottaa' },
    sv: { 'card:taken': '{{name}} tog det', 'card:waiting_one': 'Ett ärende väntar', 'card:waiting_other': '{{count}} ärenden väntar' },
    ru: {
      'card:taken': 'Взяла {{name}}',
      'card:waiting_one': 'Ждёт {{count}} заявка',
      'card:waiting_few': 'Ждут {{count}} заявки',
      'card:waiting_many': 'Ждут {{count}} заявок',
      'card:waiting_other': 'Ждут {{count}} заявки',
    },
  };
  const entries = Object.entries(right).map(([language, texts]): [string, Map<string, string>] => [
    language,
    new Map(Object.entries({ ...texts, ...spoiled[language as keyof typeof spoiled] })),
  ]);
  return localeProblems(new Map(entries));
}

test('four complete languages pass', () => {
  expect(problemsWith({})).toEqual([]);
});

test('a key that one language lacks is named', () => {
  expect(problemsWith({ en: { 'card:solved': 'Solved' } })).toEqual([
    'fi lacks card:solved',
    'sv lacks card:solved',
    'ru lacks card:solved',
  ]);
});

test('a key that English does not have is named', () => {
  expect(problemsWith({ sv: { 'card:solved': 'Löst' } })).toEqual(['sv has card:solved, which en gives no reason for']);
});

test('an empty text is named', () => {
  expect(problemsWith({ fi: { 'card:taken': '' } })).toEqual(['fi card:taken is empty']);
});

test('a plural takes exactly the categories of its language', () => {
  expect(problemsWith({ en: { 'card:left_one': 'One day', 'card:left_other': '{{count}} days' } })).toEqual([
    'fi lacks card:left_one',
    'fi lacks card:left_other',
    'sv lacks card:left_one',
    'sv lacks card:left_other',
    'ru lacks card:left_one',
    'ru lacks card:left_few',
    'ru lacks card:left_many',
    'ru lacks card:left_other',
  ]);
  expect(problemsWith({ fi: { 'card:waiting_few': '{{count}} pyyntöä' } })).toEqual([
    'fi has card:waiting_few, which en gives no reason for',
  ]);
});

test('placeholders are the same in every language', () => {
  expect(problemsWith({ fi: { 'card:taken': 'Sen otti {{nimi}}' } })).toEqual([
    'fi card:taken lacks {{name}}',
    'fi card:taken has {{nimi}}, which en has not',
  ]);
});

test('a form may leave the count out only where it stands for one number', () => {
  expect(problemsWith({ ru: { 'card:waiting_one': 'Ждёт одна заявка' } })).toEqual(['ru card:waiting_one lacks {{count}}']);
  expect(problemsWith({ sv: { 'card:waiting_other': 'Många ärenden väntar' } })).toEqual(['sv card:waiting_other lacks {{count}}']);
});

test('a long text that was only copied is named; names and commands may be the same everywhere', () => {
  const copied = 'The customer waits for you';
  const all = (text: string) => ({ en: { 'card:x': text }, fi: { 'card:x': text }, sv: { 'card:x': text }, ru: { 'card:x': text } });
  expect(problemsWith(all(copied))).toEqual([
    'fi card:x is the English text',
    'sv card:x is the English text',
    'ru card:x is the English text',
    `ru card:x has no Cyrillic letter: "${copied}"`,
  ]);
  expect(problemsWith(all('Tiketti: `/ticket create` {{subject}} SLA'))).toEqual(
    expect.not.arrayContaining([expect.stringContaining('card:x is')]),
  );
});

test('a Russian text has Cyrillic letters', () => {
  expect(problemsWith({ ru: { 'card:taken': 'Vzyala {{name}}' } })).toEqual(['ru card:taken has no Cyrillic letter: "Vzyala {{name}}"']);
});

test('files are read by namespace and nested keys become paths; a fifth folder is held to the same', () => {
  const texts = JSON.stringify({ status: { open: 'OK' }, words: ['a', 'b'] });
  const root = plant({
    'locales/en/card.json': texts,
    'locales/fi/card.json': texts,
    'locales/sv/card.json': texts,
    'locales/ru/card.json': texts,
  });
  expect([...(readLocales(root).get('en') ?? [])]).toEqual([
    ['card:status.open', 'OK'],
    ['card:words', 'a\nb'],
  ]);
  const withEstonian = plant({ 'locales/en/card.json': texts, 'locales/et/card.json': '{}' });
  expect(localeProblems(readLocales(withEstonian))).toContain('et lacks card:status.open');
});

test('no texts at all is a problem, not a pass', () => {
  expect(localeProblems(new Map([['en', new Map<string, string>()]]))).toEqual(['locales/en holds no text']);
});
