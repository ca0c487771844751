import { avatar } from './avatar.js';
import { blocks } from './blocks.js';
import { composer } from './composer.js';
import { fullTime, timeOf } from './dates.js';
import { files } from './files.js';
import { stopEditing, toggleReaction } from './message-acts.js';
import { toolbar } from './message-menu.js';
import { openThread } from './places.js';
import { nameOf, person, state, update } from './state.js';
import { emoji, mrkdwn } from './text.js';
import { h } from './view.js';

const JOINS = new Set([
  'channel_join',
  'channel_leave',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'channel_archive',
  'channel_unarchive',
  'group_join',
]);

/** Who a message is by, as the list shows it. */
export function authorOf(message) {
  const by = person(message.user);
  const isApp = Boolean(message.bot_id);
  return {
    id: message.username ?? message.user ?? message.bot_id ?? '',
    name: message.username ?? (by ? nameOf(by) : (message.bot_profile?.name ?? 'App')),
    isApp,
    isGuest: by?.isGuest,
  };
}

/** `place` is { channel, isThread, isFollowing }: following means right after one by the same author. */
export function messageItem(message, place, reader) {
  const author = authorOf(message);
  const isEditing =
    state.editing?.ts === message.ts && state.editing.channel === place.channel && state.editing.isThread === place.isThread;
  const isMuted = JOINS.has(message.subtype) || message.subtype === 'tombstone';
  const about = {
    key: message.ts,
    class: ['message', place.isFollowing ? 'following' : '', isMuted ? 'muted' : '', isEditing ? 'editing' : ''].join(' '),
    'data-testid': 'message',
    'data-ts': message.ts,
    tabindex: 0,
  };
  const words = isEditing ? editor(message, place, reader) : body(message, place, reader);
  return h(
    'article',
    about,
    place.isFollowing ? h('time', { class: 'side-time' }, timeOf(message.ts, reader)) : avatar(author),
    h(
      'div',
      { class: 'message-main' },
      place.isFollowing ? null : head(message, author, reader),
      words,
      reactions(message, place, reader),
      place.isThread ? null : repliesLink(message, place, reader),
    ),
    isEditing || isMuted ? null : toolbar(message, place, reader),
  );
}

function head(message, author, reader) {
  return h(
    'div',
    { class: 'message-head' },
    h('strong', { 'data-testid': 'author' }, author.name),
    author.isApp ? h('span', { class: 'tag' }, 'APP') : null,
    author.isGuest ? h('span', { class: 'tag' }, 'GUEST') : null,
    h('time', { title: fullTime(new Date(Number(message.ts) * 1_000), reader) }, timeOf(message.ts, reader)),
  );
}

function body(message, place, reader) {
  if (message.subtype === 'tombstone') return h('div', { class: 'message-body' }, h('em', null, 'This message was deleted.'));
  const where = { channel: place.channel, ts: message.ts };
  const hasBlocks = (message.blocks ?? []).length > 0;
  return [
    message.subtype === 'thread_broadcast' && !place.isThread ? h('div', { class: 'quiet' }, 'replied to a thread') : null,
    h(
      'div',
      { class: `message-body ${message.subtype === 'me_message' ? 'me' : ''}` },
      hasBlocks ? blocks(message.blocks, where, reader) : mrkdwn(message.text ?? '', reader),
      message.edited ? h('span', { class: 'quiet' }, ' (edited)') : null,
    ),
    (message.attachments ?? []).map((attachment) =>
      h(
        'div',
        { class: 'attachment' },
        attachment.text ? mrkdwn(attachment.text, reader) : null,
        blocks(attachment.blocks ?? [], where, reader),
      ),
    ),
    files(message.files ?? []),
  ];
}

function editor(message, place, reader) {
  return composer({ channel: place.channel, key: `edit ${message.ts}`, editing: message, onDone: stopEditing, reader });
}

function reactions(message, place, reader) {
  if (!message.reactions?.length) return null;
  return h(
    'div',
    { class: 'reactions' },
    message.reactions.map(({ name, users, count }) => {
      const isMine = users.includes(state.me);
      const who = users.map((id) => nameOf(person(id))).join(', ');
      const about = {
        key: name,
        type: 'button',
        class: isMine ? 'mine' : '',
        title: `${who} reacted with :${name}:`,
        'data-testid': `reaction-${name}`,
        onClick: () => void toggleReaction(message, place, name),
      };
      return h('button', about, emoji(name, reader) ?? `:${name}:`, h('span', null, String(count)));
    }),
  );
}

function repliesLink(message, place, reader) {
  if (!message.reply_count) return null;
  const seen = state.seenThreads[`${place.channel}/${message.ts}`];
  const isNew = seen !== undefined && Number(message.latest_reply) > Number(seen);
  const count = `${message.reply_count} ${message.reply_count === 1 ? 'reply' : 'replies'}`;
  return h(
    'button',
    {
      type: 'button',
      class: `replies ${isNew ? 'new' : ''}`,
      'data-testid': 'open-thread',
      onClick: () => void openThread({ channel: place.channel, ts: message.ts }),
    },
    h(
      'span',
      { class: 'faces' },
      (message.reply_users ?? [])
        .slice(0, 4)
        .map((id) => avatar({ id, name: nameOf(person(id)), isApp: id === state.workspace.app.botUserId, isSmall: true })),
    ),
    h('strong', null, count),
    isNew ? h('span', { class: 'tag hot' }, 'NEW') : null,
    h('span', { class: 'quiet' }, `last at ${timeOf(message.latest_reply, reader)}`),
  );
}

/** What only this person was shown. */
export function ephemeralItem(shown, reader) {
  const where = { channel: shown.channel, ts: shown.ts };
  const dismiss = () => update((now) => now.dismissed.add(shown.ts));
  return h(
    'article',
    { key: `ephemeral ${shown.ts}`, class: 'message ephemeral', 'data-testid': 'ephemeral', 'data-ts': shown.ts },
    avatar({ id: 'app', name: '', isApp: true }),
    h(
      'div',
      { class: 'message-main' },
      h('p', { class: 'quiet' }, '👁 Only visible to you · ', h('button', { type: 'button', class: 'link', onClick: dismiss }, 'Dismiss')),
      h(
        'div',
        { class: 'message-head' },
        h('strong', null, state.workspace.app.name),
        h('span', { class: 'tag' }, 'APP'),
        h('time', null, timeOf(shown.ts, reader)),
      ),
      h('div', { class: 'message-body' }, shown.blocks.length > 0 ? blocks(shown.blocks, where, reader) : mrkdwn(shown.text, reader)),
    ),
  );
}
