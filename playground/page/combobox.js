import { play } from './api.js';
import { closePopover, openPopover } from './popover.js';
import { channelName, isMine, nameOf, state, toast, update } from './state.js';
import { h } from './view.js';

const ASK_MILLISECONDS = 150;
const DEFAULT_SHORTEST = 3;
const MANY_OPTIONS = 7;

/** A list to pick one of, with a field to search in; what it offers is an option `{ text: { text }, value }`. */
export function openCombobox(anchor, { where, field, onPick }) {
  const box = { query: '', offered: [], active: 0, isAsking: false, note: '', turn: 0, timer: null, where, field, onPick };
  openPopover(anchor, () => list(box), { role: 'listbox', className: 'combobox' });
  search(box);
}

function list(box) {
  const hasSearch = box.field.element.type.includes('external') || allOf(box).length > MANY_OPTIONS;
  return [
    h('input', {
      key: 'search',
      class: `search ${hasSearch ? '' : 'unseen'}`,
      'data-testid': 'option-search',
      placeholder: 'Search…',
      value: box.query,
      autocomplete: 'off',
      'aria-label': 'Search the options',
      onMount: (node) => node.focus({ preventScroll: true }),
      onInput: (event) => {
        update(() => (box.query = event.target.value));
        search(box);
      },
      onKeydown: (event) => onKey(event, box),
    }),
    h('div', { key: 'offers', class: 'offers' }, offers(box)),
  ];
}

function offers(box) {
  if (box.offered.length === 0) return h('p', { class: 'quiet' }, box.isAsking ? 'Searching…' : box.note || 'Nothing found');
  return box.offered.map((option, index) =>
    h(
      'button',
      {
        key: `${option.value} ${index}`,
        type: 'button',
        role: 'option',
        'aria-selected': String(index === box.active),
        class: `menu-item ${index === box.active ? 'active' : ''}`,
        'data-testid': 'option',
        'data-value': option.value,
        onClick: () => choose(box, option),
        onMouseenter: () => update(() => (box.active = index)),
      },
      h('span', null, option.text.text),
      option.description ? h('small', null, option.description.text) : null,
    ),
  );
}

function onKey(event, box) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    update(() => (box.active = (box.active + step + box.offered.length) % Math.max(box.offered.length, 1)));
  }
  const option = box.offered[box.active];
  if (event.key === 'Enter' && option) {
    event.preventDefault();
    choose(box, option);
  }
}

function choose(box, option) {
  closePopover();
  box.onPick(option);
}

function search(box) {
  clearTimeout(box.timer);
  const turn = (box.turn += 1);
  if (!box.field.element.type.includes('external_select'))
    return show(
      box,
      allOf(box).filter((option) => matches(option, box.query)),
    );
  const shortest = box.field.element.min_query_length ?? DEFAULT_SHORTEST;
  if (box.query.length < shortest) {
    box.note = `Type at least ${shortest} ${shortest === 1 ? 'character' : 'characters'}`;
    return show(box, []);
  }
  update(() => (box.isAsking = true));
  box.timer = setTimeout(() => void ask(box, turn), ASK_MILLISECONDS);
}

async function ask(box, turn) {
  const { where, field, query } = box;
  const place = where.viewId ? { viewId: where.viewId } : { channel: where.channel, ts: where.ts };
  try {
    const offered = await play('options', { as: state.me, ...place, actionId: field.element.action_id, blockId: field.blockId, query });
    if (turn === box.turn)
      show(
        box,
        offered.flatMap((entry) => entry.options ?? [entry]),
      );
  } catch (error) {
    toast(error.message);
  }
}

function show(box, offered) {
  update(() => Object.assign(box, { offered, active: 0, isAsking: false }));
}

function matches(option, query) {
  return option.text.text.toLowerCase().includes(query.trim().toLowerCase());
}

function allOf({ field: { element } }) {
  if (element.options) return element.options;
  if (element.option_groups) return element.option_groups.flatMap((group) => group.options);
  if (element.type.includes('users')) return people().map((one) => optionOf(one.id, nameOf(one)));
  return rooms(element).map((one) => optionOf(one.id, `${one.kind === 'channel' || one.kind === 'group' ? '#' : ''}${channelName(one)}`));
}

function people() {
  return state.workspace.people
    .filter((one) => !one.isDeleted && !one.isStranger)
    .toSorted((left, right) => nameOf(left).localeCompare(nameOf(right)));
}

const FILTERED = { channel: 'public', group: 'private', im: 'im', mpim: 'mpim' };

function rooms(element) {
  const wanted = element.type.includes('channels') ? ['public'] : (element.filter?.include ?? ['public', 'private', 'im', 'mpim']);
  return state.workspace.channels.filter(
    (one) => !one.isArchived && wanted.includes(FILTERED[one.kind]) && (one.kind === 'channel' || isMine(one)),
  );
}

function optionOf(value, text) {
  return { value, text: { type: 'plain_text', text } };
}

/** The words of a picked id, for the field that shows it. */
export function pickedName(element, id) {
  if (element.type.includes('users')) return nameOf(state.workspace.people.find((one) => one.id === id));
  const room = state.workspace.channels.find((one) => one.id === id);
  return room ? `#${channelName(room)}` : id;
}
