import { readFileSync } from 'node:fs';
import { createInstance } from 'i18next';
import type { Translate } from '#i18n.ts';
import type { Addressing, OutgoingContent, TemplateName } from '#mail/compose.ts';
import { plainDocument } from '#text/document.ts';
import type { Document } from '#text/document.ts';

export const LANGUAGES = ['en', 'fi', 'sv', 'ru'] as const;
export const TEMPLATES = ['confirmation', 'reply', 'solved', 'follow_up', 'message'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Texts of one language alone, so that a missing key cannot hide behind the fallback. */
export function strictTranslator(language: Language): Translate {
  const instance = createInstance();
  const source = new URL(`../../locales/${language}/mail.json`, import.meta.url);
  void instance.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    ns: ['mail'],
    resources: { [language]: { mail: JSON.parse(readFileSync(source, 'utf8')) as Record<string, string> } },
    interpolation: { escapeValue: false, skipOnVariables: true },
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) => {
      throw new Error(`No "${key}" in ${language}`);
    },
  });
  const t = instance.getFixedT(language);
  return (key, params) => t(key, params ?? {});
}

const WORDS: Record<Language, { name: string; subject: string; question: string; answer: string; brand: string }> = {
  en: {
    name: 'Grace Porter',
    subject: 'Invoice 4711 cannot be opened',
    question: 'Hello,\n\nthe invoice you sent on Monday does not open on my computer.\nCould you send it again?\n\nGrace',
    answer: 'Hello Grace,\n\nsorry for the trouble. The new file is attached, and it should open in any viewer.',
    brand: 'Northwind Support',
  },
  fi: {
    name: 'Aino Metsälä',
    subject: 'Laskua 4711 ei saa auki',
    question: 'Hei,\n\nmaanantaina lähettämänne lasku ei aukea koneellani.\nVoisitteko lähettää sen uudelleen?\n\nAino',
    answer: 'Hei Aino,\n\npahoittelut vaivasta. Uusi tiedosto on liitteenä, ja sen pitäisi aueta kaikilla ohjelmilla.',
    brand: 'Pohjola Öljy & Sähkö',
  },
  sv: {
    name: 'Åsa Sjöström',
    subject: 'Det går inte att öppna faktura 4711',
    question: 'Hej!\n\nFakturan som ni skickade i måndags går inte att öppna på min dator.\nKan ni skicka den igen?\n\nÅsa',
    answer: 'Hej Åsa!\n\nLedsen för krånglet. Den nya filen är bifogad och ska gå att öppna i vilket program som helst.',
    brand: 'Nordvind Kundtjänst',
  },
  ru: {
    name: 'Ольга Щербакова',
    subject: 'Не открывается счёт 4711',
    question:
      'Здравствуйте!\n\nСчёт, который вы прислали в понедельник, не открывается на моём компьютере.\nПришлите его, пожалуйста, ещё раз.\n\nОльга',
    answer: 'Здравствуйте, Ольга!\n\nИзвините за неудобства. Новый файл во вложении, он должен открыться в любой программе.',
    brand: 'Северный ветер',
  },
};

const LISTS: Document['blocks'] = [
  {
    type: 'list',
    ordered: true,
    items: [
      [
        {
          type: 'paragraph',
          inlines: [
            { type: 'text', text: 'PDF', bold: true },
            { type: 'text', text: ' 1.7 & PDF/A' },
          ],
        },
      ],
      [
        {
          type: 'paragraph',
          inlines: [{ type: 'link', url: 'https://help.example.com/invoices?lang=x&id=4711', text: 'help.example.com' }],
        },
      ],
    ],
  },
  { type: 'code', text: 'lpr -P office invoice-4711.pdf\nlpq' },
];

export function example(template: TemplateName, language: Language): OutgoingContent {
  const words = WORDS[language];
  const isFromAgent = template === 'reply' || template === 'message';
  const question = plainDocument(words.question);
  const answer = { blocks: [...plainDocument(words.answer).blocks, ...LISTS] };
  return {
    template,
    templateVersion: 1,
    language,
    timeZone: 'Europe/Helsinki',
    brand: { name: words.brand, colour: '#0b6e4f', logoUrl: null },
    ticket: { number: 'TK-123', subject: words.subject },
    person: { name: words.name },
    agent: { name: isFromAgent ? 'Max Demo' : null, signature: null },
    body: bodyOf(template, question, answer),
    quoted: template === 'reply' ? { from: words.name, at: '2026-10-20T14:50:00.000Z', body: question } : null,
    isSolved: template === 'reply',
    files: template === 'reply' ? [{ filename: 'invoice-4711.pdf', contentType: 'application/pdf', contentId: null }] : [],
    variables: template === 'follow_up' ? { previousNumber: 'TK-99' } : {},
  };
}

export function addressing(change: Partial<Addressing> = {}): Addressing {
  return {
    messageId: '<t.7.2.abc@desk.example.com>',
    inReplyTo: '<their-1@customer.example.net>',
    references: ['<their-0@customer.example.net>', '<their-1@customer.example.net>'],
    from: { name: 'Max Demo', address: 'support@desk.example.com' },
    replyTo: 'support+t.7.abc@desk.example.com',
    to: [{ name: 'Grace Porter', address: 'grace@customer.example.net' }],
    cc: [],
    date: '2026-10-20T15:00:00.000Z',
    automatic: null,
    instance: 'desk-1',
    ...change,
  };
}

function bodyOf(template: TemplateName, question: Document, answer: Document): Document | null {
  if (template === 'solved' || template === 'follow_up') return null;
  return template === 'confirmation' ? question : answer;
}

/** Everything outsiders and agents can fill in, at its worst. */
export function hostileExample(template: TemplateName): OutgoingContent {
  const quiet = example(template, 'en');
  const evil = '<script>alert(1)</script>{{constructor}}{{{__proto__}}}$t(mail:marker){{number}}';
  const body: Document = {
    blocks: [
      { type: 'paragraph', inlines: [{ type: 'text', text: `${evil} "quoted" 'single' & more`, bold: true, code: true }] },
      { type: 'paragraph', inlines: [{ type: 'link', url: 'javascript:alert(1)', text: 'click' }] },
      { type: 'paragraph', inlines: [{ type: 'link', url: 'https://evil.example/"onmouseover="x', text: 'https://bank.example' }] },
      {
        type: 'paragraph',
        inlines: [
          { type: 'mention', kind: 'user', id: 'U1', name: '<b>Eve</b>' },
          { type: 'emoji', name: 'x', unicode: '🙂' },
        ],
      },
      {
        type: 'paragraph',
        inlines: [{ type: 'text', text: 'W'.repeat(3_000) }, { type: 'break' }, { type: 'text', text: 'שלום \u202Eabc' }],
      },
      { type: 'code', text: '</pre><img src=x onerror=alert(1)>' },
      { type: 'image', fileId: 1, alt: '"><img src=x onerror=alert(1)>', contentId: 'nobody"@x' },
      {
        type: 'quote',
        blocks: [{ type: 'quote', blocks: [{ type: 'list', ordered: false, items: [[], [{ type: 'code', text: 'x' }]] }] }],
      },
    ],
  };
  return {
    ...quiet,
    language: 'en"><script>',
    brand: { name: `Evil & Co ${evil}`, colour: 'red;background:url(https://evil.example)', logoUrl: 'http://evil.example/logo.png' },
    ticket: { number: 'TK-123', subject: `Hello\r\nBcc: victim@example.com\r\n\r\n${evil} \u202Egnp.exe ${'long '.repeat(1_000)}` },
    person: { name: `Eve\r\nX-Evil: 1 ${evil}` },
    agent: { name: `Max${evil}`, signature: `${evil}\r\n-- \r\nline` },
    body,
    quoted: quiet.quoted && { from: `Eve\n${evil}`, at: quiet.quoted.at, body },
    files: [{ filename: '../../etc/pass\r\nwd\u202Egpj.exe', contentType: 'text/html; x="\r\nBcc: a@b.c"', contentId: 'nobody"@x' }],
    variables: { previousNumber: evil },
  };
}
