import { htmlToText } from 'html-to-text';
import { describe, expect, test } from 'vitest';
import { composeMail } from '#mail/compose.ts';
import { plainDocument } from '#text/document.ts';
import { LANGUAGES, TEMPLATES, addressing, example, strictTranslator } from './compose.examples.ts';

const EVERY = TEMPLATES.flatMap((template) => LANGUAGES.map((language) => [template, language] as const));
const english = strictTranslator('en');

describe.each(EVERY)('the %s mail in %s', (template, language) => {
  const t = strictTranslator(language);
  const mail = composeMail(example(template, language), addressing(), t);

  test('names its language and has no text missing', () => {
    expect(mail.html).toContain(`<html lang="${language}" dir="ltr">`);
    expect(mail.language).toBe(language);
    expect(mail.problems).toEqual([]);
    expect(`${mail.subject}${mail.html}${mail.text}`).not.toMatch(/mail:|\{\{|\[object|undefined/u);
  });

  test('says in its text part whatever its HTML says', () => {
    const shown = htmlToText(mail.html, { wordwrap: false, selectors: [{ selector: 'a', options: { ignoreHref: true } }] });
    const text = words(mail.text);
    const lines = shown
      .split('\n')
      .map(words)
      .filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(text).toContain(line);
  });

  test('fetches nothing from anywhere', () => {
    expect(mail.html).not.toMatch(/<(?:img|link|script|iframe|object|video)\b|url\(|@import/iu);
  });

  test('begins with the marker, unless it is a plain letter to a third party', () => {
    const marker = t('mail:marker');
    expect(mail.text.startsWith(marker)).toBe(template !== 'message');
    expect(mail.html.includes(marker)).toBe(template !== 'message');
  });
});

test('each language has its own marker, of the same make', () => {
  const markers = LANGUAGES.map((language) => strictTranslator(language)('mail:marker'));
  expect(new Set(markers).size).toBe(LANGUAGES.length);
  for (const marker of markers) expect(marker).toMatch(/^##- \p{Lu}[\p{L} ]+ -##$/u);
});

test('a confirmation says the number, what happens next, how to add something, and what was written', () => {
  const { text } = composeMail(example('confirmation', 'en'), addressing({ automatic: 'auto-replied' }), english);
  expect(text).toContain('Hello Grace Porter,');
  expect(text).toContain('its number is TK-123');
  expect(text).toContain('We will look into it and answer you by email.');
  expect(text).toContain('Your reply will be added to the same request.');
  expect(text).toContain('> the invoice you sent on Monday does not open on my computer.\n> Could you send it again?');
  expect(text).toContain('This message was sent automatically.');
});

test('a confirmation to somebody nameless, or named like an advertisement, greets without a name', () => {
  for (const name of [
    null,
    '',
    'win@prizes.example',
    'Win big at prizes.example',
    'https://prizes.example',
    'Call 0800123456',
    'x'.repeat(80),
  ]) {
    const content = { ...example('confirmation', 'sv'), person: { name } };
    expect(composeMail(content, addressing(), strictTranslator('sv')).text).toContain('\nHej!\n');
  }
});

test.each([
  ['fi', 'Virtanen, Liisa', 'Hei Liisa,'],
  ['fi', 'Virtanen Liisa', 'Hei Virtanen Liisa,'],
  ['en', "O'Brien-Smith, Mary Anne (Sales)", 'Hello Mary Anne,'],
  ['sv', 'af Ursin, Åsa', 'Hej Åsa!'],
  ['ru', 'Иванова, Мария Петровна', 'Здравствуйте, Мария Петровна!'],
  ['en', 'Acme, Inc.', 'Hello,'],
  ['fi', 'Pohjola Oy, Myynti', 'Hei!'],
  ['en', 'Smith, John, PhD', 'Hello,'],
] as const)('in %s somebody called %s is greeted sensibly', (language, name, greeting) => {
  const content = { ...example('confirmation', language), person: { name } };
  expect(composeMail(content, addressing(), strictTranslator(language)).text).toContain(`\n${greeting}\n`);
});

test('an answer quotes a name of a company directory as people say it', () => {
  const content = example('reply', 'fi');
  const quoted = content.quoted && { ...content.quoted, from: 'Virtanen, Liisa' };
  expect(composeMail({ ...content, quoted }, addressing(), strictTranslator('fi')).text).toContain('Liisa Virtanen kirjoitti');
});

test("a confirmation makes no clickable links of a stranger's words", () => {
  const body = {
    blocks: [{ type: 'paragraph' as const, inlines: [{ type: 'link' as const, url: 'https://prizes.example/win', text: 'here' }] }],
  };
  const { html } = composeMail({ ...example('confirmation', 'en'), body }, addressing(), english);
  expect(html).not.toContain('<a ');
  expect(html).toContain('here (https://prizes.example/win)');
});

test('a confirmation repeats only the beginning of a very long message', () => {
  const body = plainDocument(Array.from({ length: 400 }, (_, index) => `Line ${index} of a long story.`).join('\n\n'));
  const { text } = composeMail({ ...example('confirmation', 'en'), body }, addressing(), english);
  expect(text).toContain('> Line 0 of');
  expect(text).toContain('…');
  expect(text.length).toBeLessThan(6_000);
});

test("a reply carries all of the agent's words, however many", () => {
  const body = plainDocument(Array.from({ length: 400 }, (_, index) => `Step ${index} of the cure.`).join('\n\n'));
  const { html, text } = composeMail({ ...example('reply', 'en'), body }, addressing(), english);
  expect(text).toContain('Step 399 of the cure.');
  expect(html).toContain('Step 399 of the cure.');
});

test('a reply speaks of solving only when the ticket is solved', () => {
  const solved = composeMail(example('reply', 'fi'), addressing(), strictTranslator('fi'));
  const open = composeMail({ ...example('reply', 'fi'), isSolved: false }, addressing(), strictTranslator('fi'));
  expect(solved.text).toContain('Olemme merkinneet asian ratkaistuksi.');
  expect(open.text).not.toContain('ratkaistu');
  expect(open.html).not.toContain('ratkaistu');
});

test('a reply is not called automatic', () => {
  expect(composeMail(example('reply', 'en'), addressing(), english).text).not.toContain('automatically');
});

test("a reply ends with the agent's signature, or else the agent's and the brand's names", () => {
  const named = composeMail(example('reply', 'en'), addressing(), english);
  const content = { ...example('reply', 'en'), agent: { name: 'Max Demo', signature: 'Max\nSecond line <help>' } };
  const signed = composeMail(content, addressing(), english);
  expect(named.text).toContain('\nMax Demo\nNorthwind Support\n');
  expect(signed.text).toContain('\nMax\nSecond line <help>\n');
  expect(signed.html).toContain('Max<br>\nSecond line &lt;help&gt;');
});

test.each([
  ['en', 'On October 20, 2026 at 5:50 PM (Finland Time), Grace Porter wrote:'],
  ['fi', 'Aino Metsälä kirjoitti 20. lokakuuta 2026 klo 17.50:'],
  ['sv', 'Den 20 oktober 2026 kl. 17:50 (östeuropeisk tid) skrev Åsa Sjöström:'],
  ['ru', '20 октября 2026 г. в 17:50 (время: Финляндия), Ольга Щербакова пишет:'],
] as const)(
  "in %s the message answered is quoted under its date in the desk's own zone, named where it is not the reader's usual one",
  (language, line) => {
    const { text } = composeMail(example('reply', language), addressing(), strictTranslator(language));
    expect(words(text)).toContain(words(line));
  },
);

test.each([
  ['en', 1, 'Attached file: a1.pdf'],
  ['en', 3, '3 attached files: a1.pdf, a2.pdf, a3.pdf'],
  ['fi', 2, '2 liitetiedostoa: a1.pdf, a2.pdf'],
  ['sv', 2, '2 bifogade filer: a1.pdf, a2.pdf'],
  ['ru', 1, '1 прикреплённый файл: a1.pdf'],
  ['ru', 3, '3 прикреплённых файла: a1.pdf, a2.pdf, a3.pdf'],
  ['ru', 5, '5 прикреплённых файлов: a1.pdf, a2.pdf, a3.pdf, a4.pdf, a5.pdf'],
  ['ru', 21, '21 прикреплённый файл: a1.pdf'],
] as const)('in %s %i attached files are counted as people count them', (language, count, line) => {
  const files = Array.from({ length: count }, (_, index) => ({
    filename: `a${index + 1}.pdf`,
    contentType: 'application/pdf',
    contentId: null,
  }));
  expect(composeMail({ ...example('reply', language), files }, addressing(), strictTranslator(language)).text).toContain(line);
});

test('a picture that travels with the mail is shown in its place and not listed as a file', () => {
  const body = { blocks: [{ type: 'image' as const, fileId: 1, alt: 'screen.png', contentId: 'pic1@desk' }] };
  const files = [{ filename: 'screen.png', contentType: 'image/png', contentId: 'pic1@desk' }];
  const { html, text } = composeMail({ ...example('reply', 'en'), body, files, quoted: null }, addressing(), english);
  expect(html).toContain('<img src="cid:pic1@desk" alt="[screen.png]"');
  expect(text).toContain('[screen.png]');
  expect(text).not.toContain('Attached');
});

test('a solved notice says that an answer opens it again', () => {
  const { text } = composeMail(example('solved', 'ru'), addressing(), strictTranslator('ru'));
  expect(text).toContain('Ваш вопрос по обращению TK-123 решён.');
  expect(text).toContain('просто ответьте на это письмо, и мы вернёмся к вашему вопросу');
});

test('a follow-up tells the new number and the old one', () => {
  const { text } = composeMail(example('follow_up', 'sv'), addressing(), strictTranslator('sv'));
  expect(text).toContain('Ditt tidigare ärende TK-99 är redan avslutat, så vi har öppnat ett nytt med nummer TK-123.');
  const plain = composeMail({ ...example('follow_up', 'sv'), variables: {} }, addressing(), strictTranslator('sv'));
  expect(plain.text).toContain('Ditt tidigare ärende är redan avslutat');
});

test('a letter to a third party has neither brand bar nor number', () => {
  const { html, text, subject } = composeMail(example('message', 'en'), addressing({ inReplyTo: null }), english);
  expect(`${html}${text}${subject}`).not.toContain('TK-123');
  expect(html).not.toContain('bgcolor');
  expect(subject).toBe('Invoice 4711 cannot be opened');
});

test('a logo is shown only from an https address', () => {
  const brand = (logoUrl: string) => ({ ...example('reply', 'en'), brand: { name: 'Northwind', colour: '#0b6e4f', logoUrl } });
  const compose = (logoUrl: string) => composeMail(brand(logoUrl), addressing(), english).html;
  expect(compose('https://northwind.example/logo.png')).toContain('<img src="https://northwind.example/logo.png" alt="Northwind"');
  for (const url of ['http://northwind.example/logo.png', 'data:image/png;base64,AA', 'javascript:alert(1)', 'logo.png']) {
    expect(compose(url)).not.toContain('<img');
  }
});

test('a language written from right to left turns the page', () => {
  const { html } = composeMail({ ...example('reply', 'en'), language: 'he' }, addressing(), english);
  expect(html).toContain('<html lang="he" dir="rtl">');
});

test('the list of a mailbox previews the words of the mail and not the marker', () => {
  const { html } = composeMail(example('reply', 'en'), addressing(), english);
  expect(html.indexOf('Hello Grace, sorry for the trouble')).toBeLessThan(html.indexOf('##-'));
});

test('the same content gives the same words', () => {
  const compose = () => composeMail(example('reply', 'ru'), addressing(), strictTranslator('ru'));
  expect(compose()).toEqual(compose());
});

function words(text: string): string {
  return text.replace(/^>+ ?/gmu, '').replace(/\s+/gu, ' ').trim();
}
