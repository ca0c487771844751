import { expect, test } from 'vitest';
import { EMPTY_CONTEXT } from '#mail/understand/letter.ts';
import { understand } from '#mail/understand/parse.ts';
import { detectLanguage } from '#text/language.ts';
import { withFixture } from '../mail/understand/fixture.ts';
import { SIGNED_MAILS } from '../mail/understand/signed-mails.ts';

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

const languageOfMail = async (body: string) =>
  (await understand(Buffer.from(`From: a@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}`), EMPTY_CONTEXT)).language;

test.each(Object.entries(SIGNED_MAILS))('names and companies below the greeting do not blur %s', async (code, mails) => {
  const found = await Promise.all(mails.map(languageOfMail));
  const sure = found.filter((language) => (language?.confidence ?? 0) >= SURE);
  expect(sure.filter((language) => language?.code !== code)).toEqual([]);
  expect(sure.length).toBeGreaterThanOrEqual(10);
});

test('a mail says the same with its signature as without', async () => {
  const words = 'Hej,\n\nskrivaren på andra våningen fungerar inte sedan i morse. Kan ni hjälpa oss?';
  const signed = await languageOfMail(`${words}\n\nMed vänlig hälsning\nKarin Andersson\nNorrtälje Bygg AB`);
  expect(signed).toEqual(await languageOfMail(words));
  expect(await languageOfMail(`${words}\n\nMvh Karin Andersson`)).toEqual(signed);
});

test('words that only look like a greeting are what somebody wrote', async () => {
  const language = await languageOfMail('Thanks\nbut I still cannot log in to the portal, please reset my password.');
  expect(language).toMatchObject({ code: 'en', letters: 58 });
});
