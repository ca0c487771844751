import { expect, test } from 'vitest';
import { detectLanguage } from '#mail/understand/language.ts';
import { withFixture } from './fixture.ts';

const SURE = 0.8;

test.each([
  ['en', 'Hello, my printer does not work. Can you help?'],
  ['en', 'I cannot log in to the portal since Monday, please reset my password.'],
  ['fi', 'Hei, tulostin ei toimi. Voisitteko auttaa?'],
  ['fi', 'En pääse kirjautumaan portaaliin, salasana ei kelpaa.'],
  ['sv', 'Hej, skrivaren fungerar inte. Kan ni hjälpa mig?'],
  ['sv', 'Jag behöver ett nytt tangentbord till min dator.'],
  ['ru', 'Здравствуйте, принтер не работает. Помогите, пожалуйста.'],
  ['ru', 'Мне нужна новая клавиатура для компьютера в офисе.'],
  ['uk', 'Доброго дня, принтер не працює. Допоможіть, будь ласка.'],
  ['et', 'Tere, printer ei tööta. Kas saate aidata?'],
  ['de', 'Hallo, der Drucker funktioniert nicht. Können Sie mir helfen?'],
])('sure of %s: %s', (code, text) => {
  const found = detectLanguage(text);
  expect(found?.code).toBe(code);
  expect(found?.confidence).toBeGreaterThanOrEqual(SURE);
});

test.each(['Hei', 'ok', 'Tack!', 'Kiitos avusta', 'Спасибо'])('never sure of %s, which has fewer than 25 letters', (text) => {
  expect(detectLanguage(text)?.confidence ?? 0).toBeLessThan(SURE);
});

test.each(['', '12345 67890', 'https://example.org/a/b?c=d', '> Hei, tulostin ei toimi. Voisitteko auttaa?'])(
  'nothing to tell a language by: %j',
  (text) => {
    expect(detectLanguage(text)).toBeNull();
  },
);

test('the quoted mail does not decide the language of the answer', async () => {
  const letter = await withFixture('outlook-reply-html-only-swedish');
  expect(letter.language?.code).toBe('sv');
});
