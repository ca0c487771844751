import { openEmojiPicker } from './emoji-picker.js';
import { askToDelete, copyLink, runShortcut, startEditing, toggleReaction } from './message-acts.js';
import { openMenu } from './popover.js';
import { openThread } from './places.js';
import { me, state } from './state.js';
import { button, h } from './view.js';

/** What a desk's agents react with most. */
const QUICK = ['eyes', 'white_check_mark', 'rotating_light', 'zzz', 'incoming_envelope'];

/** Appears over a message under the pointer or the keyboard's focus. */
export function toolbar(message, place, reader) {
  const react = (name) => void toggleReaction(message, place, name);
  const reply = () => void openThread({ channel: place.channel, ts: message.thread_ts ?? message.ts });
  const more = (event) => openEmojiPicker(event.currentTarget, react);
  const menu = (event) => openMenu(event.currentTarget, items(message, place), { align: 'right' });
  return h(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Message actions' },
    QUICK.map((name) => tool(`React with ${name.replaceAll('_', ' ')}`, `react-${name}`, () => react(name), reader.emoji[name] ?? name)),
    tool('More emoji', 'react-more', more, '☺'),
    place.isThread ? null : tool('Reply in thread', 'reply-in-thread', reply, '💬'),
    tool('More actions', 'message-menu', menu, '⋮'),
  );
}

function tool(label, testId, onClick, sign) {
  return button({ key: testId, title: label, label, testId, onClick }, sign);
}

function items(message, place) {
  const isOwn = message.user === state.me;
  const mayDelete = isOwn || me().isAdmin || me().isOwner;
  const shortcuts = state.workspace.shortcuts.filter((shortcut) => shortcut.type === 'message');
  return [
    ...shortcuts.map(({ name, callbackId }) => ({
      label: name,
      detail: state.workspace.app.name,
      testId: `shortcut-${callbackId}`,
      onChoose: () => void runShortcut(message, place, callbackId),
    })),
    ...(shortcuts.length > 0 ? [null] : []),
    { label: 'Copy link', testId: 'copy-link', onChoose: () => void copyLink(message, place) },
    ...(isOwn && !message.bot_id ? [{ label: 'Edit message', testId: 'edit-message', onChoose: () => startEditing(message, place) }] : []),
    ...(mayDelete
      ? [{ label: 'Delete message…', tone: 'danger', testId: 'delete-message', onChoose: () => askToDelete(message, place) }]
      : []),
  ];
}
