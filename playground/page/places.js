import { attempt, play } from './api.js';
import { loadChannel, loadPerson, loadThread, loadWorkspace, markRead } from './load.js';
import { appChannel, channel, isMine, state, update } from './state.js';

/** Going from place to place. What a tab shows is kept in the tab, so two tabs can be two people. */

export function remember() {
  const { me, place, thread, mail } = state;
  sessionStorage.setItem('playground', JSON.stringify({ me, place, thread, mail: { isOpen: mail.isOpen, box: mail.box } }));
}

export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem('playground') ?? '{}');
  } catch {
    return {};
  }
}

export async function goTo(place) {
  update((now) => {
    now.place = place;
    now.isDrawerOpen = false;
    now.popover = null;
    now.editing = null;
    if (now.thread && now.thread.channel !== place.id) now.thread = null;
    if (now.width < 1_100) now.mail.isOpen = false;
    noteReadMark(now, place);
  });
  await attempt(async () => {
    if (place.kind === 'app') await openApp(place.tab);
    const open = place.kind === 'channel' ? channel(place.id) : place.tab === 'messages' ? appChannel() : undefined;
    if (open) await loadChannel(open.id);
    await markRead();
  });
}

/** The red line stays where it stood when the channel was opened. */
function noteReadMark(now, place) {
  const open = place.kind === 'channel' ? channel(place.id) : appChannel();
  if (open) now.readMarks[open.id] = (now.unread[open.id] ?? 0) > 0 ? (open.lastRead[now.me] ?? '0') : null;
}

async function openApp(tab) {
  await play('openHome', state.me, tab);
  await loadWorkspace();
}

export async function openThread(thread) {
  update((now) => {
    now.thread = thread;
    now.popover = null;
    now.editing = null;
    if (now.place.kind === 'channel' && now.place.id !== thread.channel) now.place = { kind: 'channel', id: thread.channel };
    if (now.width < 1_100) now.mail.isOpen = false;
  });
  await attempt(async () => {
    await Promise.all([loadThread(thread), state.messages[thread.channel] ? undefined : loadChannel(thread.channel)]);
    await markRead();
  });
}

export function closeThread() {
  update((now) => (now.thread = null));
}

/** Another person sits down. */
export async function becomePerson(id) {
  update((now) => {
    now.me = id;
    now.views = [];
    now.home = null;
    now.ephemerals = [];
    now.popover = null;
    now.readMarks = {};
    now.seenThreads = {};
  });
  await attempt(async () => {
    await loadWorkspace();
    await loadPerson();
    const { place, thread } = state;
    const isThere = place.kind === 'app' || (channel(place.id) && isMine(channel(place.id)));
    if (!isThere) await goTo(firstPlace());
    else if (thread) await openThread(thread);
    else await goTo(place);
  });
}

export function firstPlace() {
  const mine = state.workspace.channels.filter((one) => one.kind !== 'im' && isMine(one) && !one.isArchived);
  const busiest = mine.find(({ name }) => name === 'support') ?? mine[0];
  return busiest ? { kind: 'channel', id: busiest.id } : { kind: 'app', tab: 'home' };
}
