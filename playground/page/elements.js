import { openCombobox, pickedName } from './combobox.js';
import { openMenu } from './popover.js';
import { dateTime, native, richInput, textInput } from './inputs.js';
import { change, isBusy, press } from './press.js';
import { withEmoji } from './text.js';
import { fieldKey, heldIn, marked } from './typed.js';
import { h } from './view.js';

/**
 * What a person can act on. `where` is the view or message, `field` is { block, blockId, element };
 * inside an input block a change is only typed, unless the block dispatches.
 */
export function element(where, field, reader) {
  const draw = DRAWN[field.element.type];
  if (draw) return draw(where, field, reader);
  return h('span', { class: 'unknown' }, `[${field.element.type}]`);
}

const DRAWN = {
  button,
  workflow_button: button,
  overflow,
  image: (_where, { element: { image_url: url, alt_text: alt } }) => h('img', { class: 'accessory-image', src: url, alt }),
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richInput,
  static_select: single,
  external_select: single,
  users_select: single,
  channels_select: single,
  conversations_select: single,
  multi_static_select: several,
  multi_external_select: several,
  multi_users_select: several,
  multi_channels_select: several,
  multi_conversations_select: several,
  checkboxes: (where, field, reader) => choices(where, field, reader, 'checkbox'),
  radio_buttons: (where, field, reader) => choices(where, field, reader, 'radio'),
  datepicker: (where, field) => native(where, field, 'date'),
  timepicker: (where, field) => native(where, field, 'time'),
  datetimepicker: dateTime,
};

function button(where, field, reader) {
  const { text, style, url, accessibility_label: label } = field.element;
  const onClick = () => {
    if (url) open(url, '_blank', 'noopener');
    void press(where, field);
  };
  const about = {
    type: 'button',
    class: `button ${style ?? ''}`,
    disabled: isBusy(where, field),
    'aria-label': label,
    onClick,
    ...marked(field),
  };
  return h('button', about, withEmoji(text.text, reader));
}

function overflow(where, field, reader) {
  const items = field.element.options.map((option) => ({
    label: withEmoji(option.text.text, reader),
    detail: option.description?.text,
    testId: `option-${option.value}`,
    onChoose: () => void press(where, field, option.value),
  }));
  const onClick = (event) => openMenu(event.currentTarget, items);
  return h(
    'button',
    { type: 'button', class: 'button overflow', 'aria-label': 'More actions', 'aria-haspopup': 'menu', onClick, ...marked(field) },
    '⋯',
  );
}

function single(where, field, reader) {
  const held = heldIn(where, field);
  const shown = held ? (held.text?.text ?? pickedName(field.element, held)) : null;
  const onPick = (option) => change(where, field, typeof held === 'string' || isReference(field.element) ? option.value : option);
  const onClick = (event) => openCombobox(event.currentTarget, { where, field, onPick });
  return h(
    'span',
    { class: 'select-wrap', key: fieldKey(field) },
    h(
      'button',
      {
        type: 'button',
        class: `select ${shown ? '' : 'empty'}`,
        'aria-haspopup': 'listbox',
        'aria-labelledby': `label-${field.blockId}`,
        onClick,
        onMount: field.isFirst ? (node) => node.focus({ preventScroll: true }) : undefined,
        ...marked(field),
      },
      h('span', null, shown ? withEmoji(shown, reader) : (field.element.placeholder?.text ?? 'Choose…')),
      h('span', { class: 'caret', 'aria-hidden': 'true' }, '▾'),
    ),
    held && field.block.optional
      ? h('button', { type: 'button', class: 'clear', 'aria-label': 'Clear', onClick: () => change(where, field, null) }, '×')
      : null,
  );
}

function isReference({ type: kind }) {
  return /users|channels|conversations/.test(kind);
}

function several(where, field) {
  const held = heldIn(where, field) ?? [];
  const add = (option) => {
    const one = isReference(field.element) ? option.value : option;
    if (!held.some((other) => (other.value ?? other) === option.value)) change(where, field, [...held, one]);
  };
  const remove = (one) =>
    change(
      where,
      field,
      held.filter((other) => other !== one),
    );
  const onClick = (event) => openCombobox(event.currentTarget, { where, field, onPick: add });
  const empty = field.element.placeholder?.text ?? 'Choose…';
  return h(
    'span',
    { class: 'select several', key: fieldKey(field) },
    held.map((one) => chip(one, { field, remove })),
    h('button', { type: 'button', class: 'add', onClick, ...marked(field) }, held.length > 0 ? 'Add…' : empty),
  );
}

function chip(one, { field, remove }) {
  const text = one.text?.text ?? pickedName(field.element, one);
  const away = h('button', { type: 'button', 'aria-label': `Remove ${text}`, onClick: () => remove(one) }, '×');
  return h('span', { class: 'chip', key: one.value ?? one }, text, away);
}

function choices(where, field, reader, kind) {
  const held = [heldIn(where, field) ?? []].flat();
  const pick = (option, isOn) => {
    const next = kind === 'radio' ? option : isOn ? [...held, option] : held.filter((one) => one.value !== option.value);
    change(where, field, next);
  };
  return h(
    'div',
    { class: 'choices', key: fieldKey(field), ...marked(field) },
    field.element.options.map((option) =>
      h(
        'label',
        { key: option.value },
        h('input', {
          type: kind,
          name: `${where.viewId ?? where.ts}-${fieldKey(field)}`,
          value: option.value,
          checked: held.some((one) => one.value === option.value),
          onChange: (event) => pick(option, event.target.checked),
          'data-testid': `choice-${option.value}`,
        }),
        h('span', null, withEmoji(option.text.text, reader), option.description ? h('small', null, option.description.text) : null),
      ),
    ),
  );
}
