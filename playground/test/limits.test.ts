import { describe, expect, test } from 'vitest';
import { type Surface, validateBlocks, validateOptions, validateView } from '../blocks/validate.ts';

const chars = (count: number) => 'x'.repeat(count);
const plain = (count: number) => ({ type: 'plain_text', text: chars(count) });
const mrkdwn = (count: number) => ({ type: 'mrkdwn', text: chars(count) });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const option = (index: number) => ({ text: plain(3), value: `v${index}` });
const options = (count: number) => many(count, option);
const section = (accessory: object) => ({ type: 'section', text: mrkdwn(3), accessory });
const button = (more: object = {}, text = 3) => ({ type: 'button', action_id: 'a', text: plain(text), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain(3), element, ...more });
const raw = (count: number) => ({ type: 'raw_text', text: chars(count) });
const confirm = (more: object) =>
  actions(button({ confirm: { title: plain(3), text: plain(3), confirm: plain(3), deny: plain(3), ...more } }));
const card = (more: object = {}) => ({ type: 'card', title: mrkdwn(3), ...more });
const pie = (count: number, more: object = {}) => ({
  type: 'data_visualization',
  title: 'Load',
  chart: { type: 'pie', segments: many(count, (index) => ({ label: `s${index}`, value: 1 })) },
  ...more,
});
const bars = (series: number, points: number) => ({
  type: 'data_visualization',
  title: 'Load',
  chart: {
    type: 'bar',
    series: many(series, (index) => ({ name: `s${index}`, data: many(points, (point) => ({ label: `p${point}`, value: 1 })) })),
    axis_config: { categories: many(points, (point) => `p${point}`) },
  },
});
const select = (more: object) => section({ type: 'static_select', action_id: 'a', ...more });

type Case = [name: string, limit: number, blocks: (count: number) => object | object[], surface?: Surface];

const LENGTHS: Case[] = [
  ['section text', 3_000, (count) => ({ type: 'section', text: mrkdwn(count) })],
  ['section field', 2_000, (count) => ({ type: 'section', fields: [plain(count)] })],
  ['header', 150, (count) => ({ type: 'header', text: plain(count) })],
  ['block_id', 255, (count) => ({ type: 'divider', block_id: chars(count) })],
  ['action_id', 255, (count) => actions(button({ action_id: chars(count) }))],
  ['button text', 75, (count) => actions(button({}, count))],
  ['button value', 2_000, (count) => actions(button({ value: chars(count) }))],
  ['button url', 3_000, (count) => actions(button({ url: `https://${chars(count - 8)}` }))],
  ['button accessibility label', 75, (count) => actions(button({ accessibility_label: chars(count) }))],
  ['option text', 75, (count) => select({ options: [{ ...option(1), text: plain(count) }] })],
  ['option value', 150, (count) => select({ options: [{ ...option(1), value: chars(count) }] })],
  ['option description', 75, (count) => select({ options: [{ ...option(1), description: plain(count) }] })],
  ['group label', 75, (count) => select({ option_groups: [{ label: plain(count), options: options(1) }] })],
  ['placeholder', 150, (count) => select({ options: options(1), placeholder: plain(count) })],
  ['confirm title', 100, (count) => confirm({ title: plain(count) })],
  ['confirm text', 300, (count) => confirm({ text: mrkdwn(count) })],
  ['confirm button', 30, (count) => confirm({ confirm: plain(count) })],
  ['deny button', 30, (count) => confirm({ deny: plain(count) })],
  ['input label', 2_000, (count) => input({ type: 'plain_text_input', action_id: 'a' }, { label: plain(count) })],
  ['input hint', 2_000, (count) => input({ type: 'plain_text_input', action_id: 'a' }, { hint: plain(count) })],
  ['image url', 3_000, (count) => ({ type: 'image', image_url: `https://${chars(count - 8)}`, alt_text: 'a' })],
  ['image alt text', 2_000, (count) => ({ type: 'image', image_url: 'https://x', alt_text: chars(count) })],
  ['image title', 2_000, (count) => ({ type: 'image', image_url: 'https://x', alt_text: 'a', title: plain(count) })],
  ['markdown', 12_000, (count) => ({ type: 'markdown', text: chars(count) })],
  [
    'markdown of all blocks',
    12_000,
    (count) => [
      { type: 'markdown', text: chars(6_000) },
      { type: 'markdown', text: chars(count - 6_000) },
    ],
  ],
  ['alert text', 200, (count) => ({ type: 'alert', text: mrkdwn(count) }), 'modal'],
  ['card title', 150, (count) => card({ title: mrkdwn(count) })],
  ['card subtitle', 150, (count) => card({ subtitle: mrkdwn(count) })],
  ['card body', 200, (count) => card({ body: mrkdwn(count) })],
  ['card subtext', 200, (count) => card({ subtext: mrkdwn(count) })],
  ['container title', 150, (count) => ({ type: 'container', title: plain(count), child_blocks: [{ type: 'divider' }] })],
  [
    'container subtitle',
    150,
    (count) => ({ type: 'container', title: plain(3), subtitle: plain(count), child_blocks: [{ type: 'divider' }] }),
  ],
  ['table characters', 10_000, (count) => ({ type: 'table', rows: [[raw(5_000), raw(count - 5_000)]] })],
  ['data table characters', 20_000, (count) => ({ type: 'data_table', caption: 'c', rows: [[raw(1)], [raw(count - 1)]] })],
  ['chart title', 50, (count) => pie(1, { title: chars(count) })],
];

const COUNTS: Case[] = [
  ['blocks of a message', 50, (count) => many(count, () => ({ type: 'divider' }))],
  ['blocks of a modal', 100, (count) => many(count, () => ({ type: 'divider' })), 'modal'],
  ['blocks of a Home', 100, (count) => many(count, () => ({ type: 'divider' })), 'home'],
  ['section fields', 10, (count) => ({ type: 'section', fields: many(count, () => plain(3)) })],
  ['context elements', 10, (count) => ({ type: 'context', elements: many(count, () => mrkdwn(3)) })],
  ['actions elements', 25, (count) => actions(...many(count, (index) => button({ action_id: `a${index}` })))],
  [
    'context actions',
    5,
    (count) => ({
      type: 'context_actions',
      elements: many(count, (index) => ({ type: 'icon_button', icon: 'trash', text: plain(3), action_id: `a${index}` })),
    }),
  ],
  ['select options', 100, (count) => select({ options: options(count) })],
  ['option groups', 100, (count) => select({ option_groups: many(count, () => ({ label: plain(3), options: options(1) })) })],
  ['options of a group', 100, (count) => select({ option_groups: [{ label: plain(3), options: options(count) }] })],
  ['overflow options', 5, (count) => section({ type: 'overflow', action_id: 'a', options: options(count) })],
  ['checkboxes', 10, (count) => section({ type: 'checkboxes', action_id: 'a', options: options(count) })],
  ['radio buttons', 10, (count) => section({ type: 'radio_buttons', action_id: 'a', options: options(count) })],
  ['max_length', 3_000, (count) => input({ type: 'plain_text_input', action_id: 'a', max_length: count })],
  ['max_files', 10, (count) => input({ type: 'file_input', action_id: 'a', max_files: count }), 'modal'],
  ['card buttons', 3, (count) => card({ actions: many(count, (index) => button({ action_id: `a${index}` })) })],
  ['carousel cards', 10, (count) => ({ type: 'carousel', elements: many(count, () => card()) })],
  ['container blocks', 10, (count) => ({ type: 'container', title: plain(3), child_blocks: many(count, () => ({ type: 'divider' })) })],
  ['table rows', 100, (count) => ({ type: 'table', rows: many(count, () => [raw(1)]) })],
  ['table cells', 20, (count) => ({ type: 'table', rows: [many(count, () => raw(1))] })],
  ['data table rows', 201, (count) => ({ type: 'data_table', caption: 'c', rows: many(count, () => [raw(1)]) })],
  ['data table columns', 20, (count) => ({ type: 'data_table', caption: 'c', rows: many(2, () => many(count, () => raw(1))) })],
  ['data table page', 100, (count) => ({ type: 'data_table', caption: 'c', rows: [[raw(1)], [raw(1)]], page_size: count })],
  ['pie segments', 12, (count) => pie(count)],
  ['chart series', 12, (count) => bars(count, 1)],
  ['chart points', 20, (count) => bars(1, count)],
];

const problems = ([, , blocks, surface = 'message']: Case, count: number) => validateBlocks([blocks(count)].flat(), surface);

describe('a text may be as long as its limit and no longer', () => {
  test.each(LENGTHS)('%s: %i', (...given) => {
    expect(problems(given, given[1])).toEqual([]);
    expect(problems(given, given[1] + 1)).toMatchObject([{ code: 'too_long', constraint: given[1] }]);
  });
});

describe('there may be as many as the limit and no more', () => {
  test.each(COUNTS)('%s: %i', (...given) => {
    expect(problems(given, given[1])).toEqual([]);
    expect(problems(given, given[1] + 1).map(({ constraint }) => constraint)).toContain(given[1]);
  });
});

test('characters are counted as code points', () => {
  expect(validateBlocks([{ type: 'header', text: { type: 'plain_text', text: '🎉'.repeat(150) } }], 'message')).toEqual([]);
  expect(validateBlocks([{ type: 'header', text: { type: 'plain_text', text: '🎉'.repeat(151) } }], 'message')).toHaveLength(1);
});

describe('a modal has its own limits', () => {
  const view = (more: object) => validateView({ type: 'modal', title: plain(3), blocks: [{ type: 'divider' }], ...more }, 'modal');
  test.each([
    ['title', 24, (count: number) => ({ title: plain(count) })],
    ['submit', 24, (count: number) => ({ submit: plain(count) })],
    ['close', 24, (count: number) => ({ close: plain(count) })],
    ['callback_id', 255, (count: number) => ({ callback_id: chars(count) })],
    ['external_id', 255, (count: number) => ({ external_id: chars(count) })],
    ['private_metadata', 3_000, (count: number) => ({ private_metadata: chars(count) })],
  ])('%s: %i', (_name, limit, more) => {
    expect(view(more(limit))).toEqual([]);
    expect(view(more(limit + 1))).toMatchObject([{ code: 'too_long', constraint: limit }]);
  });

  test('an input needs a submit button', () => {
    const blocks = [input({ type: 'plain_text_input', action_id: 'a' })];
    expect(view({ blocks })).toMatchObject([{ code: 'missing_required', constraint: 'submit' }]);
    expect(view({ blocks, submit: plain(3) })).toEqual([]);
  });

  test('what a view answered cannot be sent back as it is', () => {
    expect(view({ id: 'V1', hash: '1.a' }).map(({ message }) => message)).toEqual([
      'invalid additional property: id',
      'invalid additional property: hash',
    ]);
  });
});

test('an app may offer 100 options and no more', () => {
  expect(validateOptions({ options: options(100) })).toEqual([]);
  expect(validateOptions({ options: options(101) })).toMatchObject([{ code: 'too_many' }]);
  expect(validateOptions({ options: [] })).toEqual([]);
  expect(validateOptions({})).toMatchObject([{ code: 'wrong_type' }]);
});
