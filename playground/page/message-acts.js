import { attempt, play } from './api.js';
import { noteAnswer } from './press.js';
import { state, toast, update } from './state.js';

function at(message, place) {
  return { as: state.me, channel: place.channel, ts: message.ts };
}

export function toggleReaction(message, place, name) {
  const isMine = message.reactions?.some((reaction) => reaction.name === name && reaction.users.includes(state.me));
  return attempt(() => play(isMine ? 'unreact' : 'react', { ...at(message, place), name }));
}

export function startEditing(message, place) {
  update((now) => (now.editing = { ...place, ts: message.ts }));
}

export function stopEditing() {
  update((now) => (now.editing = null));
}

export function askToDelete(message, place) {
  update(
    (now) =>
      (now.dialog = {
        title: { text: 'Delete this message?' },
        text: { text: 'This cannot be undone.' },
        confirm: { text: 'Delete' },
        style: 'danger',
        onConfirm: () => void attempt(() => play('deleteMessage', at(message, place))),
      }),
  );
}

export function runShortcut(message, place, callbackId) {
  return attempt(async () => noteAnswer(await play('messageShortcut', { ...at(message, place), callbackId })));
}

export function runGlobalShortcut(callbackId) {
  return attempt(async () => noteAnswer(await play('shortcut', { as: state.me, callbackId })));
}

export async function copyLink(message, place) {
  const link = `https://slack.com/archives/${place.channel}/p${message.ts.replace('.', '')}`;
  await attempt(async () => {
    await navigator.clipboard.writeText(link);
    toast('Link copied', 'good');
  });
}
