import {
  loadBoxes,
  loadEphemerals,
  loadHome,
  loadMails,
  loadPerson,
  loadPlace,
  loadUnread,
  loadViews,
  loadWorkspace,
  markRead,
} from './load.js';
import { openChannel, state, toast, update } from './state.js';

const GATHER_MILLISECONDS = 40;
const AWAY_MILLISECONDS = 30_000;
const PLACES = new Set(['channel', 'person', 'user_group', 'member_joined', 'member_left', 'connected', 'disconnected']);

let waiting = new Set();
let timer = null;
let source = null;
let away = null;

/** Listens to both worlds and asks anew for what changed, many changes at once. */
export function goLive() {
  listen();
  document.addEventListener('visibilitychange', () => {
    clearTimeout(away);
    if (document.hidden) away = setTimeout(stopListening, AWAY_MILLISECONDS);
    else if (source === null) listen();
  });
}

function listen() {
  source = new EventSource('/page/events');
  source.addEventListener('message', ({ data }) => take(JSON.parse(data)));
  source.addEventListener('error', () => update((now) => (now.isLive = false)));
}

/** A browser allows six connections to one host, so tabs nobody looks at give theirs back. */
function stopListening() {
  source.close();
  source = null;
}

function take(change) {
  if (change.kind === 'hello') return welcome();
  for (const what of wanted(change)) waiting.add(what);
  timer ??= setTimeout(refresh, GATHER_MILLISECONDS);
}

/** After a break anything may have happened meanwhile. */
function welcome() {
  update((now) => (now.isLive = true));
  for (const what of ['workspace', 'place', 'person', 'mail']) waiting.add(what);
  timer ??= setTimeout(refresh, 0);
}

function wanted(change) {
  if (change.kind === 'mail') return ['mail'];
  if (change.kind === 'read') return change.user === state.me ? ['workspace', 'unread'] : [];
  if (change.kind === 'ephemeral') return change.user === state.me ? ['ephemerals'] : [];
  if (change.kind === 'view' || change.kind === 'view_closed') return change.user === state.me ? ['views', 'home'] : [];
  if (PLACES.has(change.kind)) return ['workspace', 'unread'];
  return change.channel
    ? [
        'unread',
        ...(openChannel()?.id === change.channel || state.thread?.channel === change.channel ? ['place'] : []),
        ...(isNew(change) ? ['workspace'] : []),
      ]
    : ['place'];
}

/** The first message with somebody makes a channel. */
function isNew(change) {
  return !state.workspace.channels.some((one) => one.id === change.channel);
}

async function refresh() {
  timer = null;
  const now = waiting;
  waiting = new Set();
  try {
    if (now.has('workspace')) await loadWorkspace();
    await Promise.all([
      now.has('place') ? loadPlace() : undefined,
      now.has('person') ? loadPerson() : undefined,
      now.has('unread') ? loadUnread() : undefined,
      now.has('ephemerals') ? loadEphemerals() : undefined,
      now.has('views') ? loadViews() : undefined,
      now.has('home') ? loadHome() : undefined,
      now.has('mail') ? loadBoxes().then(loadMails) : undefined,
    ]);
    await markRead();
  } catch (error) {
    // While the demo restarts the stream says hello again by itself.
    if (state.isLive) toast(`Could not refresh: ${error.message}`);
  }
}
