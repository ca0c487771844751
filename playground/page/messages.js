import { dayKey, dayOf } from './dates.js';
import { authorOf, ephemeralItem, messageItem } from './message.js';
import { state, update } from './state.js';
import { h } from './view.js';

const TOGETHER_SECONDS = 300;
const SHOWN_AT_FIRST = 120;
const NEAR_FOOT_PIXELS = 120;
const PLAIN = new Set([undefined, 'file_share', 'thread_broadcast', 'bot_message']);

/** A scrolling list that stays at its foot while new messages come, unless somebody reads further up. */
export function messageList(messages, place, reader) {
  const isWhole = state.unfolded === place.key;
  const shown = isWhole ? messages : messages.slice(-SHOWN_AT_FIRST);
  return h(
    'div',
    {
      class: 'messages',
      key: `list ${place.key}`,
      'data-testid': place.isThread ? 'thread-messages' : 'messages',
      role: 'log',
      'aria-label': 'Messages',
      onMount: toFoot,
      onPatch: (node) => keepFoot(node, place, lastOf(messages, place)),
      onScroll: noteScroll,
    },
    shown.length < messages.length
      ? h(
          'button',
          { key: 'earlier', type: 'button', class: 'button earlier', onClick: () => update((now) => (now.unfolded = place.key)) },
          `Show ${messages.length - shown.length} earlier messages`,
        )
      : null,
    items(shown, place, reader),
    messages.length === 0 ? h('p', { key: 'empty', class: 'empty' }, place.empty ?? 'Nothing here yet.') : null,
  );
}

function items(messages, place, reader) {
  const mark = place.isThread ? null : state.readMarks[place.channel];
  const all = [...messages, ...ephemeralsHere(place)].toSorted((left, right) => Number(left.ts) - Number(right.ts));
  let previous = null;
  let isMarked = false;
  return all.flatMap((message) => {
    const isNewDay = !previous || dayKey(new Date(previous.ts * 1_000), reader.tz) !== dayKey(new Date(message.ts * 1_000), reader.tz);
    const isNew = mark && !isMarked && Number(message.ts) > Number(mark) && message.user !== state.me;
    isMarked ||= Boolean(isNew);
    const before = [
      isNewDay ? h('div', { key: `day ${message.ts}`, class: 'day-line' }, h('span', null, dayOf(message.ts, reader))) : null,
      isNew ? h('div', { key: 'new', class: 'day-line new', 'data-testid': 'new-divider' }, h('span', null, 'New')) : null,
    ];
    const isFollowing = !isNewDay && !isNew && isTogether(previous, message);
    previous = message;
    const item =
      'blocks' in message && message.type === undefined
        ? ephemeralItem(message, reader)
        : messageItem(message, { ...place, isFollowing }, reader);
    return [...before, item];
  });
}

function ephemeralsHere(place) {
  return state.ephemerals.filter(
    (one) => one.channel === place.channel && !state.dismissed.has(one.ts) && (place.isThread ? one.threadTs === place.ts : !one.threadTs),
  );
}

function isTogether(previous, message) {
  if (!previous || previous.type === undefined || !PLAIN.has(previous.subtype) || !PLAIN.has(message.subtype) || message.type === undefined)
    return false;
  return (
    authorOf(previous).id === authorOf(message).id && !previous.reply_count && Number(message.ts) - Number(previous.ts) < TOGETHER_SECONDS
  );
}

function lastOf(messages, place) {
  const shown = ephemeralsHere(place).at(-1);
  return [messages.at(-1)?.ts ?? '0', shown?.ts ?? '0'].toSorted((left, right) => Number(right) - Number(left))[0];
}

function toFoot(node) {
  node.scrollTop = node.scrollHeight;
}

function noteScroll({ currentTarget: node }) {
  node.isAway = node.scrollHeight - node.scrollTop - node.clientHeight > NEAR_FOOT_PIXELS;
}

function keepFoot(node, place, last) {
  const isOwn = last !== node.lastSeen && (state.threads[place.key] ?? state.messages[place.channel] ?? []).at(-1)?.user === state.me;
  node.lastSeen = last;
  if (!node.isAway || isOwn) queueMicrotask(() => toFoot(node));
}
