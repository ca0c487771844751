import { change, press } from './press.js';
import { fieldKey, heldIn, marked, type } from './typed.js';
import { h } from './view.js';

/** Fields to type into. */

const INPUT_TYPES = { email_text_input: 'email', url_text_input: 'url', number_input: 'number' };

export function textInput(where, field) {
  const { element } = field;
  const about = {
    key: fieldKey(field),
    class: 'field',
    value: heldIn(where, field) ?? '',
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    autocomplete: 'off',
    'aria-labelledby': `label-${field.blockId}`,
    onInput: (event) => type(where, field, event.target.value),
    onMount: element.focus_on_load || field.isFirst ? (node) => node.focus({ preventScroll: true }) : undefined,
    ...marked(field),
  };
  if (element.multiline) return h('textarea', { ...about, rows: 4 });
  const onKeydown = (event) => {
    if (event.key === 'Enter' && field.block.dispatch_action) {
      event.preventDefault();
      void press(where, field, event.target.value);
    }
  };
  // A number may be half typed, which a number field would hide from us.
  return h('input', {
    ...about,
    type: INPUT_TYPES[element.type] === 'email' ? 'email' : 'text',
    inputmode: element.type === 'number_input' ? 'decimal' : undefined,
    onKeydown,
  });
}

export function richInput(where, field) {
  const held = heldIn(where, field);
  const text = (held?.elements ?? [])
    .flatMap((section) => section.elements ?? [])
    .map((part) => part.text ?? '')
    .join('');
  const onInput = (event) =>
    type(where, field, {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: event.target.value }] }],
    });
  return h('textarea', { key: fieldKey(field), class: 'field', rows: 4, value: text, onInput, ...marked(field) });
}

export function native(where, field, kind) {
  const onChange = (event) => change(where, field, event.target.value || null);
  return h('input', {
    key: fieldKey(field),
    class: 'field short',
    type: kind,
    value: heldIn(where, field) ?? '',
    'aria-labelledby': `label-${field.blockId}`,
    onChange,
    ...marked(field),
  });
}

export function dateTime(where, field) {
  const held = heldIn(where, field);
  const local = held ? new Date(held * 1_000 - new Date(held * 1_000).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '';
  const onChange = (event) => change(where, field, event.target.value ? Math.floor(new Date(event.target.value).getTime() / 1_000) : null);
  return h('input', { key: fieldKey(field), class: 'field short', type: 'datetime-local', value: local, onChange, ...marked(field) });
}
