import { expect, test } from 'vitest';
import type { JsonObject } from '../state.ts';
import { openPlayground } from './support/api.ts';

async function typed(text: string): Promise<{ text: string; elements: JsonObject[] }> {
  const { playground, support } = await openPlayground();
  const message = playground.post({ as: 'liisa', channel: support, text });
  return { text: message.text, elements: (message.blocks?.[0]?.['elements'] ?? []) as JsonObject[] };
}

const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const words = (text: string, style?: object) => ({ type: 'text', text, ...(style ? { style } : {}) });

test('styles nest, and marks inside words are only signs', async () => {
  expect((await typed('a *bold _both_* ~gone~ `x*y*` 2*3*4 snake_case_name')).elements).toEqual([
    section(
      words('a '),
      words('bold ', { bold: true }),
      words('both', { bold: true, italic: true }),
      words(' '),
      words('gone', { strike: true }),
      words(' '),
      words('x*y*', { code: true }),
      words(' 2*3*4 snake_case_name'),
    ),
  ]);
});

test('people, channels, everybody and groups become mentions', async () => {
  const { playground, support, matti } = await openPlayground();
  const group = playground.addUserGroup({ handle: 'agents', users: ['liisa'] });
  const message = playground.post({ as: 'liisa', channel: support, text: '@matti look at #support @here @agents @nobody a@b.fi' });
  expect(message.text).toBe(`<@${matti}> look at <#${support}|support> <!here> <!subteam^${group.id}> @nobody <mailto:a@b.fi|a@b.fi>`);
  expect(message.blocks).toMatchObject([
    {
      elements: [
        section(
          { type: 'user', user_id: matti },
          words(' look at '),
          { type: 'channel', channel_id: support },
          words(' '),
          { type: 'broadcast', range: 'here' },
          words(' '),
          { type: 'usergroup', usergroup_id: group.id },
          words(' @nobody '),
          { type: 'link', url: 'mailto:a@b.fi', text: 'a@b.fi' },
        ),
      ],
    },
  ]);
});

test('signs are escaped in text and plain in rich text', async () => {
  const { text, elements } = await typed('a < b & <!channel>');
  expect(text).toBe('a &lt; b &amp; &lt;!channel&gt;');
  expect(elements).toEqual([section(words('a < b & <!channel>'))]);
});

test('lists, quotes and code are parts of their own', async () => {
  const { text, elements } = await typed('Steps:\n- one\n- two\n    - deeper\n1. first\n> quoted\n> twice\n```\nx < 1\n```\nend');
  expect(text).toBe('Steps:\n• one\n• two\n    ◦ deeper\n1. first\n&gt; quoted\n&gt; twice\n```x &lt; 1```\nend');
  expect(elements).toMatchObject([
    section(words('Steps:\n')),
    { type: 'rich_text_list', style: 'bullet', indent: 0, elements: [section(words('one')), section(words('two'))] },
    { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [section(words('deeper'))] },
    { type: 'rich_text_list', style: 'ordered', elements: [section(words('first'))] },
    { type: 'rich_text_quote', elements: [words('quoted\ntwice')] },
    { type: 'rich_text_preformatted', elements: [words('x < 1')] },
    section(words('end')),
  ]);
});

test('emoji have names, whichever way they are typed', async () => {
  const { text, elements } = await typed('📨 :wave: 👍🏽 :not_an_emoji: 10:30:00');
  expect(text).toBe(':incoming_envelope: :wave: :+1::skin-tone-4: :not_an_emoji: 10:30:00');
  expect(elements).toMatchObject([
    section(
      { type: 'emoji', name: 'incoming_envelope', unicode: '1f4e8' },
      words(' '),
      { type: 'emoji', name: 'wave' },
      words(' '),
      { type: 'emoji', name: '+1', skin_tone: 4 },
      words(' :not_an_emoji: 10:30:00'),
    ),
  ]);
});

test('links are found, without the full stop after them', async () => {
  const { text, elements } = await typed('see https://example.com/a_b_c?x=1&y=2.');
  expect(text).toBe('see <https://example.com/a_b_c?x=1&amp;y=2>.');
  expect(elements).toEqual([section(words('see '), { type: 'link', url: 'https://example.com/a_b_c?x=1&y=2' }, words('.'))]);
});
