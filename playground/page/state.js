/** Everything the page shows, in one place. Whoever changes it goes through `update`. */
export const state = {
  me: '',
  workspace: null,
  /** Where the person is: a channel, or the app with its tabs. */
  place: { kind: 'channel', id: '' },
  thread: null,
  messages: {},
  threads: {},
  /** What was last read when a channel was opened: the red line stands there. */
  readMarks: {},
  seenThreads: {},
  ephemerals: [],
  dismissed: new Set(),
  views: [],
  home: null,
  unread: {},
  drafts: {},
  attached: {},
  broadcast: null,
  suggestions: undefined,
  unfolded: null,
  newBox: null,
  /** What was typed and picked, by place. */
  typed: {},
  busy: new Set(),
  editing: null,
  popover: null,
  dialog: null,
  switcher: null,
  picture: null,
  toasts: [],
  isLive: false,
  isDrawerOpen: false,
  width: 0,
  mail: { isOpen: true, boxes: [], box: '', mails: [], open: null, letters: {}, sources: {}, tab: 'mail', draft: null },
};

let draw = () => undefined;
let isScheduled = false;

export function drawWith(how) {
  draw = how;
}

export function update(change) {
  change(state);
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(() => {
    isScheduled = false;
    draw();
  });
}

export const me = () => person(state.me);

export function person(id) {
  return state.workspace.people.find((one) => one.id === id);
}

export function channel(id) {
  return state.workspace.channels.find((one) => one.id === id);
}

/** The direct messages between the person and the app, once there were any. */
export function appChannel() {
  const { botUserId } = state.workspace.app;
  return state.workspace.channels.find(({ kind, members }) => kind === 'im' && members.includes(state.me) && members.includes(botUserId));
}

/** The channel that is open, whether by its name or as the app's messages. */
export function openChannel() {
  if (state.place.kind === 'channel') return channel(state.place.id);
  return state.place.tab === 'messages' ? appChannel() : undefined;
}

export function nameOf(one) {
  return one?.realName || one?.displayName || one?.name || 'Somebody';
}

export function channelName(one) {
  if (!one) return 'a channel';
  if (one.kind === 'channel' || one.kind === 'group') return one.name;
  return one.members
    .filter((id) => id !== state.me)
    .map((id) => nameOf(person(id)))
    .join(', ');
}

export function isMine(one) {
  return one.members.includes(state.me);
}

const TOAST_MILLISECONDS = 6_000;

/** A line at the foot of the page that goes by itself. */
export function toast(text, tone = 'bad') {
  const entry = { text, tone, id: crypto.randomUUID() };
  update((now) => now.toasts.push(entry));
  setTimeout(() => update((now) => (now.toasts = now.toasts.filter((one) => one !== entry))), TOAST_MILLISECONDS);
}

const WIDE = 1_600;
const MIDDLE = 1_100;
const NARROW = 700;

/** Which panes fit beside each other. */
export function panes() {
  const { width, thread, mail, views } = state;
  const isOpen = { main: true, thread: thread !== null, mail: mail.isOpen };
  if (width >= WIDE) return { ...isOpen, sidebar: true, isSingle: false };
  if (width >= MIDDLE)
    return { sidebar: true, main: !(isOpen.thread && isOpen.mail), thread: isOpen.thread, mail: isOpen.mail, isSingle: false };
  const front = isOpen.mail && views.length === 0 ? 'mail' : isOpen.thread ? 'thread' : 'main';
  return { sidebar: width >= NARROW, main: front === 'main', thread: front === 'thread', mail: front === 'mail', isSingle: true };
}
