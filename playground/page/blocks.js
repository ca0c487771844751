import { element } from './elements.js';
import { richText } from './rich-text.js';
import { mrkdwn, withEmoji } from './text.js';
import { h } from './view.js';

/** Block Kit as elements. `where` is the message or the view the blocks stand in. */
export function blocks(list, where, reader) {
  const firstInput = where.viewId ? list.findIndex((block) => block.type === 'input') : -1;
  return list.map((block, index) => {
    const draw = DRAWN[block.type];
    const about = { class: `block ${block.type}`, key: block.block_id ?? `block ${index}`, 'data-block-id': block.block_id };
    return h('div', about, draw ? draw(block, where, reader, index === firstInput) : h('p', { class: 'unknown' }, `[${block.type}]`));
  });
}

const DRAWN = {
  section,
  context,
  input,
  actions,
  table,
  alert: (block, _where, reader) => h('div', { class: `alert ${block.level ?? 'default'}`, role: 'status' }, text(block.text, reader)),
  rich_text: (block, _where, reader) => richText(block, reader),
  divider: () => h('hr'),
  header: (block, _where, reader) => h('h3', null, withEmoji(block.text.text, reader)),
  markdown: (block) => h('pre', { class: 'plain' }, block.text),
  image: (block) =>
    h(
      'figure',
      null,
      block.title ? h('figcaption', null, block.title.text) : null,
      h('img', { src: block.image_url ?? '', alt: block.alt_text }),
    ),
  container: (block, where, reader) => [h('h3', null, block.title?.text ?? ''), ...blocks(block.child_blocks ?? [], where, reader)],
};

function text(about, reader) {
  if (!about) return null;
  return about.type === 'mrkdwn' ? mrkdwn(about.text, reader) : withEmoji(about.text, reader);
}

function fieldOf(block, element, more = {}) {
  return { block, blockId: block.block_id, element, ...more };
}

function section(block, where, reader) {
  const words = [
    block.text ? h('div', { class: 'section-text' }, text(block.text, reader)) : null,
    block.fields
      ? h(
          'div',
          { class: 'fields' },
          block.fields.map((field) => h('div', null, text(field, reader))),
        )
      : null,
  ];
  if (!block.accessory) return words;
  return [
    h('div', { class: 'section-words' }, words),
    h('div', { class: 'accessory' }, element(where, fieldOf(block, block.accessory), reader)),
  ];
}

function context(block, _where, reader) {
  return block.elements.map((part) =>
    part.type === 'image'
      ? h('img', { class: 'context-image', src: part.image_url ?? '', alt: part.alt_text })
      : h('span', null, text(part, reader)),
  );
}

function actions(block, where, reader) {
  return block.elements.map((part) => element(where, fieldOf(block, part), reader));
}

function input(block, where, reader, isFirst) {
  const error = where.errors?.[block.block_id];
  return [
    h(
      'label',
      { class: 'input-label', id: `label-${block.block_id}` },
      withEmoji(block.label.text, reader),
      block.optional ? h('span', { class: 'optional' }, ' (optional)') : null,
    ),
    element(where, fieldOf(block, block.element, { isFirst }), reader),
    error ? h('p', { class: 'field-error', role: 'alert', 'data-testid': `error-${block.block_id}` }, error) : null,
    block.hint ? h('p', { class: 'hint' }, withEmoji(block.hint.text, reader)) : null,
  ];
}

function table(block, _where, reader) {
  const cell = (one) => h('td', null, one.type === 'rich_text' ? richText(one, reader) : (one.text ?? ''));
  return h(
    'table',
    null,
    h(
      'tbody',
      null,
      block.rows.map((row) => h('tr', null, row.map(cell))),
    ),
  );
}
