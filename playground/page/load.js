import { look, mail, play } from './api.js';
import { appChannel, channel, openChannel, state, update } from './state.js';

/** Questions to the server, each followed by what changes in the page. Of several asked at once the last counts. */
const newest = new Map();

async function latest(name, question, apply) {
  const turn = Symbol(name);
  newest.set(name, turn);
  const answer = await question();
  if (newest.get(name) === turn) update((now) => apply(now, answer));
}

export function loadWorkspace() {
  return latest(
    'workspace',
    () => look('/page/workspace'),
    (now, workspace) => (now.workspace = workspace),
  );
}

export function loadChannel(id) {
  return latest(
    `channel ${id}`,
    () => play('readMessages', id),
    (now, messages) => (now.messages[id] = messages),
  );
}

export function loadThread({ channel: id, ts }) {
  const key = `${id}/${ts}`;
  return latest(
    `thread ${key}`,
    () => play('readMessages', id, ts),
    (now, messages) => {
      now.threads[key] = messages;
      if (isOpenThread(key)) now.seenThreads[key] = messages.at(-1)?.ts ?? ts;
    },
  );
}

function isOpenThread(key) {
  return state.thread !== null && `${state.thread.channel}/${state.thread.ts}` === key;
}

export function loadEphemerals() {
  return latest(
    'ephemerals',
    () => play('ephemerals', state.me),
    (now, shown) => (now.ephemerals = shown),
  );
}

export function loadViews() {
  return latest(
    'views',
    () => play('views', state.me),
    (now, views) => {
      now.views = views;
      for (const id of Object.keys(now.typed))
        if (id.startsWith('V') && !views.some((view) => view.id === id) && now.home?.id !== id) delete now.typed[id];
    },
  );
}

export function loadHome() {
  return latest(
    'home',
    () => play('home', state.me),
    (now, home) => (now.home = home),
  );
}

export function loadUnread() {
  return latest(
    'unread',
    () => play('unread', state.me),
    (now, unread) => (now.unread = unread),
  );
}

export function loadBoxes() {
  return latest(
    'boxes',
    () => look('/mail/boxes'),
    (now, boxes) => {
      now.mail.boxes = boxes;
      if (!boxes.some((box) => box.address === now.mail.box)) now.mail.box = boxes[0]?.address ?? '';
    },
  );
}

export function loadMails() {
  const { box } = state.mail;
  return latest(
    'mails',
    () => look(`/mail/list?box=${encodeURIComponent(box)}`),
    (now, mails) => (now.mail.mails = mails),
  );
}

/** A mail never changes, so it is asked for once. */
export async function loadLetter(id) {
  if (state.mail.letters[id]) return;
  const letter = await look(`/mail/letter?id=${id}`);
  update((now) => (now.mail.letters[id] = letter));
}

export async function loadSource(id) {
  if (state.mail.sources[id]) return;
  const { source } = await look(`/mail/source?id=${id}`);
  update((now) => (now.mail.sources[id] = source));
}

export async function readMail(id) {
  await Promise.all([loadLetter(id), mail('read', { id })]);
}

/** What is open is read, as long as somebody looks. */
export async function markRead() {
  const open = openChannel();
  if (!open || document.hidden || !open.members.includes(state.me) || (state.unread[open.id] ?? 0) === 0) return;
  await play('markRead', { as: state.me, channel: open.id });
}

/** Everything of the person who now sits here. */
export async function loadPerson() {
  await Promise.all([loadEphemerals(), loadViews(), loadHome(), loadUnread()]);
}

export async function loadPlace() {
  const open = state.place.kind === 'channel' ? channel(state.place.id) : appChannel();
  if (open) await loadChannel(open.id);
  if (state.thread) await loadThread(state.thread);
}
