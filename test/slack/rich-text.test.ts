import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MentionNames, NO_NAMES } from '#slack/inlines.ts';
import { richTextOf } from '#slack/rich-text-blocks.ts';
import { documentFromMessage, documentFromRichText } from '#slack/rich-text.ts';
import { type Block, type Document, type Inline, documentText } from '#text/document.ts';

const names: MentionNames = { user: (id) => ({ U0ANNA: 'Anna' })[id], group: () => 'billing', channel: () => 'dev' };

describe('reading rich_text', () => {
  test('keeps formatting, line ends and paragraphs', () => {
    const read = fromSection([
      { type: 'text', text: 'Hello ' },
      { type: 'text', text: 'you', style: { bold: true, italic: false } },
      { type: 'text', text: '\nnext line\n\nnext paragraph\n' },
    ]);
    expect(read.blocks).toEqual([
      {
        type: 'paragraph',
        inlines: [
          { type: 'text', text: 'Hello ' },
          { type: 'text', text: 'you', bold: true },
          { type: 'break' },
          { type: 'text', text: 'next line' },
        ],
      },
      { type: 'paragraph', inlines: [{ type: 'text', text: 'next paragraph' }] },
    ]);
  });

  test('builds nested lists of Slack’s flat ones, and goes on numbering after an inner list', () => {
    const list = (style: string, indent: number, ...items: string[]) => ({
      type: 'rich_text_list',
      style,
      indent,
      elements: items.map((item) => section([{ type: 'text', text: item }])),
    });
    const read = fromElements([
      list('ordered', 0, 'one', 'two'),
      list('bullet', 1, 'a'),
      list('ordered', 2, 'i'),
      list('ordered', 0, 'three'),
      list('bullet', 0, 'other'),
    ]);
    expect(lines(read)).toBe('1. one\n2. two\n\n   - a\n\n     1. i\n3. three\n\n- other');
  });

  test('two lists of the same deep indent stand side by side', () => {
    const list = (style: string, indent: number, item: string) => ({
      type: 'rich_text_list',
      style,
      indent,
      elements: [section([{ type: 'text', text: item }])],
    });
    const read = fromElements([list('bullet', 0, 'top'), list('bullet', 3, 'deep'), list('ordered', 3, 'beside')]);
    expect(lines(read)).toBe('- top\n\n  - deep\n\n  1. beside');
  });

  test('loses no words however deep somebody indents', () => {
    const lists = Array.from({ length: 30 }, (_, indent) => ({
      type: 'rich_text_list',
      style: 'bullet',
      indent,
      elements: [section([{ type: 'text', text: `level${indent}` }])],
    }));
    const text = documentText(fromElements(lists));
    for (let indent = 0; indent < 30; indent += 1) expect(text).toContain(`level${indent}`);
  });

  test('takes mentions of every kind, with the names we know', () => {
    const read = fromSection([
      { type: 'user', user_id: 'U0ANNA' },
      { type: 'user', user_id: 'U0NEW' },
      { type: 'usergroup', usergroup_id: 'S0' },
      { type: 'channel', channel_id: 'C0' },
      { type: 'broadcast', range: 'here' },
      { type: 'team', team_id: 'T0' },
    ]);
    const inlines = read.blocks[0]?.type === 'paragraph' ? read.blocks[0].inlines : [];
    expect(inlines.map((inline) => inline.type === 'mention' && [inline.kind, inline.id, inline.name])).toEqual([
      ['user', 'U0ANNA', 'Anna'],
      ['user', 'U0NEW', 'U0NEW'],
      ['group', 'S0', 'billing'],
      ['channel', 'C0', 'dev'],
      ['everyone', 'here', '@here'],
      ['group', 'T0', 'billing'],
    ]);
  });

  test('keeps emoji as characters, dates and colours as their words, code with its lines', () => {
    const read = fromElements([
      section([
        { type: 'emoji', name: 'wave', unicode: '1f44b-1f3fb', skin_tone: 2 },
        { type: 'emoji', name: 'partyparrot' },
        { type: 'date', timestamp: 1_772_366_400, format: '{date}', fallback: '1 March' },
        { type: 'date', timestamp: 1_772_366_400, format: '{date}' },
        { type: 'color', value: '#F405B3' },
      ]),
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '\nif (a) {\n  b();\n}\n' }], border: 0, language: 'javascript' },
    ]);
    expect(documentText(read)).toBe('👋🏻1 March2026-03-01 12:00 UTC#F405B3\n\nif (a) {\n  b();\n}');
    expect(read.blocks[1]).toMatchObject({ type: 'code', language: 'javascript' });
  });

  test('an address no customer should click is words', () => {
    expect(fromSection([{ type: 'link', url: 'slack://channel?id=C1', text: 'here' }]).blocks).toEqual([
      { type: 'paragraph', inlines: [{ type: 'text', text: 'here' }] },
    ]);
    expect(documentText(fromSection([{ type: 'link', url: 'https://example.com/a', text: 'the form' }]))).toBe(
      'the form (https://example.com/a)',
    );
  });

  test('keeps the words of an element nobody has heard of', () => {
    expect(documentText(fromElements([{ type: 'rich_text_new', elements: [{ type: 'newest', fallback: 'still here' }] }]))).toBe(
      'still here',
    );
  });

  test.each([
    [null],
    ['x'],
    [[null, 3, { type: 'rich_text' }]],
    [[{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: 'x' }] }]],
  ])('of %j is an empty document', (blocks) => {
    expect(documentFromRichText(blocks, NO_NAMES)).toEqual({ blocks: [] });
  });
});

describe('a message without blocks', () => {
  test('is read from its text: mentions, links, emoji, styles, quotes and code', () => {
    const text =
      'Hi *there* <@U0ANNA|a> and <!subteam^S0|@b> in <#C0|dev> <!here> :tada: see <https://a.example/x?y=1&amp;z=2|the form> &lt;3\n&gt; quoted\n```\n<code> *kept*\n```\n~gone~ `x`';
    const read = documentFromMessage({ text }, names);
    expect(documentText(read)).toBe(
      'Hi there Anna and billing in dev @here 🎉 see the form (https://a.example/x?y=1&z=2) <3\n\n> quoted\n\n<code> *kept*\n\ngone x',
    );
    const inlines = read.blocks.flatMap((block) => (block.type === 'paragraph' ? block.inlines : []));
    expect(inlines.filter((inline) => inline.type === 'mention')).toHaveLength(4);
    expect(inlines).toContainEqual({ type: 'text', text: 'there', bold: true });
    expect(inlines).toContainEqual({ type: 'text', text: 'x', code: true });
  });

  test('keeps two typed arrows as words and three as a quote to the end', () => {
    expect(documentFromMessage({ text: '&gt;&gt; hello' }, NO_NAMES).blocks).toEqual([
      { type: 'paragraph', inlines: [{ type: 'text', text: '>> hello' }] },
    ]);
    expect(documentFromMessage({ text: '&gt;&gt;&gt;a\nb' }, NO_NAMES).blocks[0]).toMatchObject({ type: 'quote' });
  });
});

describe('a document written as rich_text', () => {
  test('reads back as the same document', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const written = richTextOf(document, { mentions: 'ids' });
        expect(documentFromRichText([JSON.parse(JSON.stringify(written))], names)).toEqual(document);
      }),
      { seed: 4, numRuns: 1_500 },
    );
  });

  test.each(['<!channel>', '<@U0ANNA>', '&lt;!channel&gt;', '<#C0>', '<!subteam^S0>', '@channel', '@here'])(
    'holding %s calls nobody',
    (words) => {
      const hostile: Document = {
        blocks: [
          paragraph({ type: 'text', text: words }),
          { type: 'code', text: words },
          { type: 'quote', blocks: [paragraph({ type: 'text', text: words })] },
          { type: 'list', ordered: false, items: [[paragraph({ type: 'link', url: 'https://a.example', text: words })]] },
        ],
      };
      for (const mentions of ['ids', 'names'] as const) {
        const json = JSON.stringify(richTextOf(hostile, { mentions }));
        expect(json).not.toMatch(/"type":"(?:user|usergroup|channel|broadcast|team)"/);
      }
    },
  );

  test('shows every mention as words unless asked for', () => {
    const mentioning: Document = {
      blocks: [
        paragraph(
          { type: 'mention', kind: 'user', id: 'U0ANNA', name: 'Anna' },
          { type: 'mention', kind: 'everyone', id: 'channel', name: '@channel' },
        ),
      ],
    };
    expect(JSON.stringify(richTextOf(mentioning))).toBe(
      '{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Anna"},{"type":"text","text":"@channel"}]}]}',
    );
  });

  test('makes no mention of a made-up id', () => {
    const forged: Document = {
      blocks: [
        paragraph(
          { type: 'mention', kind: 'user', id: 'U1> <!channel', name: 'x' },
          { type: 'mention', kind: 'everyone', id: 'all', name: '@all' },
        ),
      ],
    };
    expect(JSON.stringify(richTextOf(forged, { mentions: 'ids' }))).not.toMatch(/"type":"(?:user|broadcast)"/);
  });

  test('shows where a disguised link goes', () => {
    const disguised: Document = { blocks: [paragraph({ type: 'link', url: 'https://evil.example/x', text: 'https://bank.example' })] };
    expect(richTextOf(disguised).elements).toEqual([
      section([
        { type: 'text', text: 'https://bank.example ' },
        { type: 'link', url: 'https://evil.example/x' },
      ]),
    ]);
    const unsafe: Document = { blocks: [paragraph({ type: 'link', url: 'javascript:alert(1)', text: 'x' })] };
    expect(richTextOf(unsafe).elements).toEqual([section([{ type: 'text', text: 'x (javascript:alert(1))' }])]);
  });

  test('never holds an empty element, which Slack refuses', () => {
    const empty: Document = {
      blocks: [
        paragraph(),
        paragraph({ type: 'text', text: '' }),
        { type: 'code', text: '' },
        { type: 'quote', blocks: [] },
        { type: 'list', ordered: false, items: [[]] },
        { type: 'image', fileId: null, alt: '' },
      ],
    };
    expect(richTextOf(empty).elements).toEqual([
      { type: 'rich_text_list', style: 'bullet', indent: 0, elements: [section([{ type: 'text', text: ' ' }])] },
    ]);
  });

  test('keeps the words of what Slack cannot nest', () => {
    const nested: Document = {
      blocks: [
        {
          type: 'quote',
          blocks: [
            { type: 'list', ordered: true, items: [[paragraph({ type: 'text', text: 'one' })], [{ type: 'code', text: 'two\nthree' }]] },
            { type: 'image', fileId: 1, alt: 'a cat' },
          ],
        },
      ],
    };
    const text = documentText(documentFromRichText([richTextOf(nested)], NO_NAMES));
    for (const words of ['1. one', '2. two', 'three', '[a cat]']) expect(text).toContain(words);
  });
});

function lines(document: Document): string {
  return documentText(document).replaceAll(/ +$/gm, '');
}

function paragraph(...inlines: Inline[]): Block {
  return { type: 'paragraph', inlines };
}

function section(elements: Record<string, unknown>[]) {
  return { type: 'rich_text_section', elements };
}

function fromSection(elements: Record<string, unknown>[]): Document {
  return fromElements([section(elements)]);
}

function fromElements(elements: Record<string, unknown>[]): Document {
  return documentFromRichText([{ type: 'rich_text', elements }], names);
}

/** Documents as messages have them: neighbours of one kind would merge, and Slack draws no line between them either. */
const words = fc.stringMatching(/^[a-zäö<>&@*!#]{1,12}$/);
const style = fc.constantFrom({}, { bold: true as const }, { italic: true as const, strike: true as const }, { code: true as const });
const inline: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(words, style).map(([text, styled]): Inline => ({ type: 'text', text, ...styled })) },
  fc.constantFrom<Inline>(
    { type: 'link', url: 'https://example.com/a', text: 'the form' },
    { type: 'link', url: 'https://example.com/a', text: 'https://example.com/a' },
    { type: 'mention', kind: 'user', id: 'U0ANNA', name: 'Anna' },
    { type: 'mention', kind: 'group', id: 'S0', name: 'billing' },
    { type: 'mention', kind: 'channel', id: 'C0', name: 'dev' },
    { type: 'mention', kind: 'everyone', id: 'here', name: '@here' },
    { type: 'emoji', name: 'tada', unicode: '🎉' },
    { type: 'emoji', name: 'partyparrot', unicode: null },
  ),
);
const inlines = fc
  .array(inline, { minLength: 1, maxLength: 4 })
  .chain((row) =>
    fc
      .boolean()
      .map((isBroken): Inline[] =>
        isBroken ? row.flatMap((one, index): Inline[] => (index > 0 ? [{ type: 'break' }, one] : [one])) : row,
      ),
  );
const paragraphs = fc.array(
  inlines.map((row) => paragraph(...row)),
  { minLength: 1, maxLength: 2 },
);
const list: fc.Memo<Block> = fc.memo((depth) =>
  fc
    .tuple(
      fc.boolean(),
      fc.array(
        depth > 1 ? fc.tuple(paragraphs, fc.option(list(depth - 1))).map(([own, inner]) => (inner ? [...own, inner] : own)) : paragraphs,
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([ordered, items]): Block => ({ type: 'list', ordered, items })),
);
const block = fc.oneof(
  list(3),
  words.map((text): Block => ({ type: 'code', text })),
  paragraphs.map((blocks): Block => ({ type: 'quote', blocks })),
);
const documents: fc.Arbitrary<Document> = fc
  .array(fc.tuple(block, paragraphs), { maxLength: 3 })
  .map((pairs): Document => ({ blocks: pairs.flatMap(([first, rest]) => [first, ...rest]) }));
