import { describe, expect, test } from 'vitest';
import { NO_NAMES } from '#slack/inlines.ts';
import { readMarks } from '#slack/replies/marks.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import { type Document, documentText, plainDocument } from '#text/document.ts';

describe('a note mark', () => {
  test.each([
    ['note: she is cross', 'note:'],
    ['  HUOM : soita ensin', 'huom:'],
    ['Sisäinen： älä lähetä', 'sisäinen:'],
    ['sisa\u0308inen: hajotettu ä', 'sisäinen:'],
    ['sisainen: without dots', 'sisäinen:'],
    ['obs:ring henne', 'obs:'],
    ['Internt:\u00a0ring henne', 'internt:'],
    ['ЗАМЕТКА: позвонить', 'заметка:'],
    ['внутреннее∶ позвонить', 'внутреннее:'],
    ['n\u200bo\u200bt\u200be\u200b: hidden', 'note:'],
    ['nоtе: with a Cyrillic о and е', 'note:'],
    [';;quick', ';;'],
    ['；； wide', ';;'],
    ['// slashed', '//'],
    ['🔒 locked', '🔒'],
    ['🔒\u{FE0F}locked', '🔒'],
    ['locked 🔒', '🔒'],
    ['locked 🔒🔒 \u200b\n', '🔒'],
    ['public: note: both', 'note:'],
    ['📨 ;; both', ';;'],
    ['>> fine 🔒', '🔒'],
  ])('is read from %j', (text, mark) => {
    expect(readMarks(plainDocument(text)).note).toBe(mark);
  });

  test.each([
    'Noted: it works',
    'The note: was lost',
    'keynote: tomorrow',
    'note that it works',
    'http://example.com',
    'notes',
    'a;;b',
    '"note: x"',
    '🔒ed up as a word? no: 🔒 inside it',
    'obsolete: the old plan',
  ])('is not read from %j', (text) => {
    const { note } = readMarks(plainDocument(text));
    expect(text.startsWith('🔒') ? note : note).toBe(text.startsWith('🔒') ? '🔒' : null);
  });

  test('may be spread over formatting', () => {
    expect(
      marksOf([
        { type: 'text', text: 'hu', style: { bold: true } },
        { type: 'text', text: 'om', style: { italic: true } },
        { type: 'text', text: ' ' },
        { type: 'text', text: ': x', style: { bold: true } },
      ]).note,
    ).toBe('huom:');
    expect(
      marksOf([
        { type: 'text', text: '\n \u200b' },
        { type: 'emoji', name: 'lock', unicode: '1f512' },
        { type: 'text', text: 'x' },
      ]).note,
    ).toBe('🔒');
    expect(
      marksOf([
        { type: 'emoji', name: 'lock' },
        { type: 'text', text: 'x' },
      ]).note,
    ).toBe('🔒');
  });

  test('counts after a quote, which Slack puts before what is said about it', () => {
    const quoted: Document = {
      blocks: [{ type: 'quote', blocks: plainDocument('where is my parcel').blocks }, ...plainDocument('note: third time').blocks],
    };
    expect(readMarks(quoted).note).toBe('note:');
  });

  test('inside a quote or a code block is none', () => {
    expect(
      readMarks({ blocks: [{ type: 'quote', blocks: plainDocument('note: x').blocks }, ...plainDocument('Hello').blocks] }).note,
    ).toBeNull();
    expect(readMarks({ blocks: [{ type: 'code', text: 'note: x 🔒' }] }).note).toBeNull();
  });

  test('at the end of a list speaks for the whole message', () => {
    const list: Document = { blocks: [{ type: 'list', ordered: false, items: [plainDocument('a').blocks, plainDocument('b 🔒').blocks] }] };
    const marks = readMarks(list);
    expect(marks.note).toBe('🔒');
    expect(documentText(marks.document)).toBe('- a\n- b');
  });
});

describe('a public mark', () => {
  test.each([
    ['public: hello', 'public:'],
    ['Asiakkaalle : hei', 'asiakkaalle:'],
    ['till   kund: hej', 'till kund:'],
    ['КЛИЕНТУ: да', 'клиенту:'],
    ['>> hello', '>>'],
    ['📨 hello', '📨'],
  ])('is read from %j', (text, mark) => {
    const marks = readMarks(plainDocument(text));
    expect(marks.public).toBe(mark);
    expect(documentText(marks.document)).toMatch(/^(?:hello|hei|hej|да)$/);
  });

  test.each(['hello public: x', 'the public: x', '✉️ hello', '> public: x', 'tillkund: x', 'рublic: with a Cyrillic р', '- public: x'])(
    'is not read from %j',
    (text) => {
      expect(readMarks(plainDocument(text)).public).toBeNull();
    },
  );

  test('in code, in a link, in a list or after a quote lets nothing out', () => {
    expect(
      marksOf([
        { type: 'text', text: 'public:', style: { code: true } },
        { type: 'text', text: ' x' },
      ]).public,
    ).toBeNull();
    expect(marksOf([{ type: 'link', url: 'https://a.example', text: 'public:' }]).public).toBeNull();
    expect(readMarks({ blocks: [{ type: 'list', ordered: false, items: [plainDocument('public: x').blocks] }] }).public).toBeNull();
    expect(
      readMarks({ blocks: [{ type: 'quote', blocks: plainDocument('q').blocks }, ...plainDocument('public: x').blocks] }).public,
    ).toBeNull();
  });
});

test('a message without marks stays as it is', () => {
  const document = plainDocument('Hello\nthere\n\nBye');
  expect(readMarks(document).document).toEqual(document);
});

test('a mark alone leaves nothing', () => {
  expect(readMarks(plainDocument('public:')).document).toEqual({ blocks: [] });
});

function marksOf(elements: Record<string, unknown>[]) {
  return readMarks(documentFromMessage({ blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }] }, NO_NAMES));
}
