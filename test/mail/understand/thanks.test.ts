import { expect, test } from 'vitest';
import { isBareThanks } from '#mail/understand/thanks.ts';

test.each([
  ['kiitos!', 'fi'],
  ['Kiitos paljon avusta', 'fi'],
  ['Hei,\n\nsuuret kiitokset nopeasta avusta!\n\nLiisa', 'fi'],
  ['Kiitos, nyt toimii hyvin. Mukavaa viikonloppua!', 'fi'],
  ['Thanks a lot!', 'en'],
  ['Thank you Anna', 'en'],
  ['Great, it works now. Thanks!\n\nLiisa Virtanen', 'en'],
  ['Tack så mycket för hjälpen!', 'sv'],
  ['Спасибо большое, всё работает', 'ru'],
  ['Vielen Dank!', 'de'],
  ['Aitäh!', 'et'],
  ['Thanks!', 'fi'],
])('%j is a bare thanks', (text, language) => {
  expect(isBareThanks(text, language, false)).toBe(true);
});

test.each([
  ['kiitos, mutta ei toimi', 'fi'],
  ['Kiitos. Toimiiko tämä myös kotona?', 'fi'],
  ['Thanks, but it still does not print', 'en'],
  ['Thanks\nBroken', 'en'],
  ['Thanks. Not solved', 'en'],
  ['Thanks, call me at 040 1234567', 'en'],
  ['Tack, men det fungerar inte', 'sv'],
  ['Спасибо, но не работает', 'ru'],
  ['Спасибо. Проблема осталась', 'ru'],
  ['Ok', 'en'],
  ['', 'fi'],
  ['It works now', 'en'],
  ['Kiitos kiitos kiitos kiitos kiitos kiitos kiitos kiitos kiitos kiitos kiitos kiitos kiitos', 'fi'],
])('%j may be more than thanks', (text, language) => {
  expect(isBareThanks(text, language, false)).toBe(false);
});

test('a thanks with a file is no bare thanks', () => {
  expect(isBareThanks('Kiitos!', 'fi', true)).toBe(false);
});
