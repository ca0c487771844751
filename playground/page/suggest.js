import { avatar } from './avatar.js';
import { isMine, nameOf, state, update } from './state.js';
import { h } from './view.js';

const SHOWN = 7;
const KINDS = [
  { kind: 'command', pattern: /^\/([a-z]*)$/i },
  { kind: 'person', pattern: /(?<=^|[\s(])@([\p{L}\p{N}._-]*)$/u },
  { kind: 'channel', pattern: /(?<=^|[\s(])#([\p{L}\p{N}_-]*)$/u },
  { kind: 'emoji', pattern: /(?<=^|[\s(]):([a-z0-9_+-]{2,})$/i },
];

/** What may follow what was just typed: names, channels, emoji, commands. */
export function suggestFor(box, field) {
  const before = field.value.slice(0, field.selectionStart);
  for (const { kind, pattern } of KINDS) {
    const found = pattern.exec(before);
    const items = found ? offered(kind, found[1].toLowerCase(), box) : [];
    if (items.length > 0)
      return update((now) => (now.suggestions = { key: box.key, items, active: 0, from: found.index, to: before.length }));
  }
  if (state.suggestions) update((now) => delete now.suggestions);
  return undefined;
}

function offered(kind, query, box) {
  const { people, channels, commands, emoji } = state.workspace;
  switch (kind) {
    case 'command':
      return box.threadTs || box.editing
        ? []
        : commands
            .filter(({ command }) => command.startsWith(`/${query}`))
            .map((one) => ({ value: `${one.command} `, label: one.command, detail: one.usageHint || one.description }));
    case 'person':
      return people
        .filter((one) => !one.isDeleted && `${one.name} ${one.realName}`.toLowerCase().includes(query))
        .map((one) => ({
          value: `@${one.name} `,
          label: nameOf(one),
          detail: `@${one.name}`,
          face: { id: one.id, name: nameOf(one), isApp: one.id === state.workspace.app.botUserId, isSmall: true },
        }))
        .slice(0, SHOWN);
    case 'channel':
      return channels
        .filter((one) => one.name && (one.kind === 'channel' || isMine(one)) && one.name.includes(query))
        .map((one) => ({ value: `#${one.name} `, label: `#${one.name}` }))
        .slice(0, SHOWN);
    default:
      return Object.entries(emoji)
        .filter(([name]) => name.includes(query))
        .toSorted(([left], [right]) => left.indexOf(query) - right.indexOf(query))
        .map(([name, character]) => ({ value: `:${name}: `, label: `${character} :${name}:` }))
        .slice(0, SHOWN);
  }
}

export function suggestions(box) {
  const { suggestions: shown } = state;
  if (shown?.key !== box.key) return null;
  return h(
    'div',
    { key: 'suggestions', class: 'suggestions', role: 'listbox', 'aria-label': 'Suggestions' },
    shown.items.map((item, index) =>
      h(
        'button',
        {
          key: item.value,
          type: 'button',
          role: 'option',
          class: index === shown.active ? 'active' : '',
          'aria-selected': String(index === shown.active),
          onMousedown: (event) => takeByPointer(event, box, item),
        },
        item.face ? avatar(item.face) : null,
        h('strong', null, item.label),
        item.detail ? h('small', null, item.detail) : null,
      ),
    ),
  );
}

function takeByPointer(event, box, item) {
  event.preventDefault();
  take(box, item, event.currentTarget.closest('.composer').querySelector('textarea'));
}

/** Answers whether the key was for the suggestions. */
export function suggestionKey(event, box) {
  const shown = state.suggestions;
  if (shown?.key !== box.key) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) update(() => (shown.active = (shown.active + step + shown.items.length) % shown.items.length));
  else if (event.key === 'Escape') update((now) => delete now.suggestions);
  else if (event.key === 'Tab' || event.key === 'Enter') take(box, shown.items[shown.active], event.currentTarget);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function take(box, item, field) {
  const { from, to } = state.suggestions;
  const caret = from + item.value.length;
  update((now) => {
    now.drafts[box.key] = field.value.slice(0, from) + item.value + field.value.slice(to);
    delete now.suggestions;
  });
  queueMicrotask(() => {
    field.focus();
    field.setSelectionRange(caret, caret);
  });
}
