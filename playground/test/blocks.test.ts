import { describe, expect, test } from 'vitest';
import { type Surface, validateBlocks } from '../blocks/validate.ts';

const plain = { type: 'plain_text', text: 'x' };
const mrkdwn = { type: 'mrkdwn', text: 'x' };
const option = { text: plain, value: 'v' };
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain, element, ...more });
const section = (accessory: object) => ({ type: 'section', text: mrkdwn, accessory });
const button = { type: 'button', action_id: 'a', text: plain };
const messages = (blocks: unknown, surface: Surface = 'message') =>
  validateBlocks(blocks, surface).map(({ pointer, message }) => `${pointer} ${message}`);

const REFUSED: [title: string, blocks: object | object[], message: string][] = [
  ['of an unknown type', { type: 'divder' }, '/blocks/0/type unsupported type: divder'],
  ['without a type', {}, '/blocks/0 missing required field: type'],
  ['with a property nobody knows', { type: 'divider', colour: 'red' }, '/blocks/0/colour invalid additional property: colour'],
  ['with nothing in a section', { type: 'section' }, '/blocks/0 missing required field: text'],
  ['with an empty text', { type: 'section', text: { type: 'mrkdwn', text: '' } }, '/blocks/0/text/text must be more than 0 characters'],
  ['with markdown where only plain text goes', { type: 'header', text: mrkdwn }, '/blocks/0/text/type unsupported type: mrkdwn'],
  ['with a button in a context', { type: 'context', elements: [button] }, '/blocks/0/elements/0/type unsupported type: button'],
  [
    'with a datetimepicker beside a section',
    section({ type: 'datetimepicker', action_id: 'a' }),
    '/blocks/0/accessory/type unsupported type: datetimepicker',
  ],
  [
    'with a text input outside an input block',
    { type: 'actions', elements: [{ type: 'plain_text_input', action_id: 'a' }] },
    '/blocks/0/elements/0/type unsupported type: plain_text_input',
  ],
  ['with a button in an input block', input(button), '/blocks/0/element/type unsupported type: button'],
  ['with no actions', { type: 'actions', elements: [] }, '/blocks/0/elements no fewer than 1 items allowed'],
  [
    'with one block_id twice',
    [
      { type: 'divider', block_id: 'b' },
      { type: 'divider', block_id: 'b' },
    ],
    '/blocks/1/block_id block_id already exists: b',
  ],
  [
    'with one action_id twice in a block',
    { type: 'actions', elements: [button, button] },
    '/blocks/0/elements action_id already exists: a',
  ],
  [
    'with options and groups at once',
    section({ type: 'static_select', options: [option], option_groups: [{ label: plain, options: [option] }] }),
    '/blocks/0/accessory only one of options, option_groups is allowed',
  ],
  ['with neither options nor groups', section({ type: 'static_select' }), '/blocks/0/accessory missing required field: options'],
  [
    'with a preselection that is not offered',
    section({ type: 'static_select', options: [option], initial_option: { text: plain, value: 'w' } }),
    '/blocks/0/accessory initial_option must match one of the options',
  ],
  [
    'with an option that links outside an overflow',
    section({ type: 'static_select', options: [{ ...option, url: 'https://x' }] }),
    '/blocks/0/accessory/options/0/url invalid additional property: url',
  ],
  [
    'with two pictures in one image',
    { type: 'image', alt_text: 'a', image_url: 'https://x', slack_file: { id: 'F1' } },
    '/blocks/0 only one of image_url, slack_file is allowed',
  ],
  [
    'with a strange style',
    { type: 'actions', elements: [{ ...button, style: 'green' }] },
    '/blocks/0/elements/0/style must be one of: primary, danger',
  ],
  [
    'with a date that is none',
    section({ type: 'datepicker', initial_date: '1.2.2026' }),
    '/blocks/0/accessory/initial_date must have a valid format',
  ],
  [
    'with lengths the wrong way round',
    input({ type: 'plain_text_input', min_length: 5, max_length: 4 }),
    '/blocks/0/element/min_length min_length must not be more than max_length',
  ],
  [
    'with numbers the wrong way round',
    input({ type: 'number_input', is_decimal_allowed: false, min_value: '5', max_value: '4' }),
    '/blocks/0/element/min_value min_value must not be more than max_value',
  ],
  [
    'with a table of ragged rows',
    {
      type: 'table',
      rows: [
        [{ type: 'raw_text', text: 'a' }],
        [
          { type: 'raw_text', text: 'a' },
          { type: 'raw_text', text: 'b' },
        ],
      ],
    },
    '/blocks/0/rows all rows must have the same number of cells',
  ],
  [
    'with two tables',
    [
      { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] },
      { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] },
    ],
    '/blocks/1 only one table is allowed',
  ],
  [
    'with a rich text nobody can draw',
    { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text' }] }] },
    '/blocks/0/elements/0/elements/0 missing required field: text',
  ],
  [
    'with a response_url outside a modal',
    input({ type: 'channels_select', response_url_enabled: true }),
    '/blocks/0/element/response_url_enabled response_url_enabled is only allowed in input blocks of modals',
  ],
  [
    'with an empty filter',
    section({ type: 'conversations_select', filter: {} }),
    '/blocks/0/accessory/filter must provide at least one filter',
  ],
];

describe('blocks are refused', () => {
  test.each(REFUSED)('%s', (_title, blocks, message) => {
    expect(messages([blocks].flat())).toEqual([message]);
  });

  test('when they are no list', () => {
    expect(messages({ type: 'divider' })).toEqual(['/blocks must provide an array']);
  });

  test('with two elements that want the cursor', () => {
    const focused = (id: string) => input({ type: 'plain_text_input', action_id: id, focus_on_load: true });
    expect(messages([focused('a'), focused('b')], 'modal')).toEqual([
      '/blocks/1/element/focus_on_load only one element may have focus_on_load',
    ]);
  });
});

describe('a block belongs on its surface', () => {
  const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
  const container = { type: 'container', title: plain, child_blocks: [{ type: 'divider' }] };
  test.each<[string, object, Surface[]]>([
    ['section', { type: 'section', text: mrkdwn }, ['message', 'modal', 'home']],
    ['input', input({ type: 'plain_text_input', action_id: 'a' }), ['message', 'modal', 'home']],
    ['alert', { type: 'alert', text: plain }, ['modal']],
    ['table', table, ['message', 'home']],
    ['container', container, ['message', 'home']],
    ['markdown', { type: 'markdown', text: 'x' }, ['message']],
    ['file', { type: 'file', source: 'remote', external_id: 'x' }, ['message']],
    ['task_card', { type: 'task_card', task_id: '1', title: 'x', status: 'pending' }, ['message']],
    ['file_input', input({ type: 'file_input', action_id: 'a' }), ['modal']],
    ['response_url_enabled', input({ type: 'channels_select', response_url_enabled: true }), ['modal']],
  ])('%s', (_name, block, surfaces) => {
    const all: Surface[] = ['message', 'modal', 'home'];
    expect(all.filter((surface) => validateBlocks([block], surface).length === 0)).toEqual(surfaces);
  });
});
