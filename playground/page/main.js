import { attempt } from './api.js';
import { goLive } from './live.js';
import { loadBoxes, loadMails, loadPerson, loadWorkspace, markRead } from './load.js';
import { mailPane } from './mail-pane.js';
import { modalLayer } from './modal.js';
import { mainPane, threadPane } from './panes.js';
import { closeThread, firstPlace, goTo, openThread, remember, remembered } from './places.js';
import { closePopover, dialogLayer, popoverLayer } from './popover.js';
import { closeTop } from './press.js';
import { reader } from './reader.js';
import { sidebar } from './sidebar.js';
import { channel, drawWith, isMine, panes, state, update } from './state.js';
import { closeSwitcher, openSwitcher, switcherLayer } from './switcher.js';
import { button, h, patch } from './view.js';

const root = document.getElementById('root');
const WIDE_ENOUGH_FOR_MAIL = 1_100;

function draw() {
  if (!state.workspace || !state.me) return;
  const seen = reader();
  const shown = panes();
  patch(root, [
    topBar(),
    h(
      'div',
      {
        class: 'columns',
        key: 'columns',
        'data-panes': Object.keys(shown)
          .filter((name) => shown[name] === true)
          .join(' '),
      },
      shown.sidebar || state.isDrawerOpen ? sidebar() : null,
      shown.main ? mainPane(seen) : null,
      shown.thread ? threadPane(seen) : null,
      shown.mail ? mailPane() : null,
    ),
    modalLayer(seen),
    dialogLayer(),
    switcherLayer(),
    pictureLayer(),
    popoverLayer(),
    h(
      'div',
      { class: 'toasts', key: 'toasts', role: 'status', 'aria-live': 'polite' },
      state.toasts.map((one) => h('p', { key: one.id, class: one.tone, 'data-testid': 'toast' }, one.text)),
    ),
  ]);
  document.title = `${state.mail.boxes.some((box) => box.unread > 0) || Object.values(state.unread).some((count) => count > 0) ? '● ' : ''}${state.workspace.team.name} · Tiketti playground`;
  remember();
}

function topBar() {
  const toggleDrawer = () => update((now) => (now.isDrawerOpen = !now.isDrawerOpen));
  const drawer = {
    class: 'icon drawer',
    label: 'Workspace',
    'aria-expanded': String(state.isDrawerOpen),
    testId: 'drawer',
    onClick: toggleDrawer,
  };
  return h(
    'div',
    { class: 'top-bar', key: 'top' },
    button(drawer, '☰'),
    h(
      'span',
      { class: 'mark' },
      h('strong', null, 'Playground'),
      h('span', { class: 'mark-words' }, ' a pretend Slack on this machine; nothing leaves it'),
    ),
    button({ class: 'go', onClick: openSwitcher, testId: 'open-switcher' }, 'Go to…', h('kbd', null, 'Ctrl K')),
    state.isLive ? null : h('span', { class: 'tag hot', 'data-testid': 'offline' }, 'reconnecting'),
    mailToggle(),
  );
}

function mailToggle() {
  const { isOpen, boxes } = state.mail;
  const unread = boxes.reduce((sum, box) => sum + box.unread, 0);
  const toggle = () => update((now) => (now.mail.isOpen = !isOpen));
  return button(
    { class: `mail-toggle ${isOpen ? 'here' : ''}`, 'aria-pressed': String(isOpen), testId: 'mail-toggle', onClick: toggle },
    '✉',
    h('span', { class: 'words' }, ' Mailboxes'),
    unread > 0 ? h('span', { class: 'badge' }, String(unread)) : null,
  );
}

function pictureLayer() {
  if (!state.picture) return null;
  const close = () => update((now) => (now.picture = null));
  return h(
    'div',
    { class: 'overlay picture-layer', key: 'picture', onClick: close },
    h('img', { src: state.picture.source, alt: state.picture.name }),
  );
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    openSwitcher();
  } else if (event.key === 'Escape') escape();
}

/** Closes what lies on top, one thing at a time. */
function escape() {
  if (closePopover() || closeSwitcher()) return;
  if (state.picture || state.dialog) update((now) => Object.assign(now, { picture: null, dialog: null }));
  else if (state.views.length > 0) void closeTop(state.views.at(-1));
  else if (state.isDrawerOpen) update((now) => (now.isDrawerOpen = false));
  else if (state.thread) closeThread();
}

async function start() {
  drawWith(draw);
  await loadWorkspace();
  const { people } = state.workspace;
  const before = remembered();
  const asked = new URLSearchParams(location.search).get('as');
  const known =
    people.find((one) => one.name === asked || one.id === asked) ??
    people.find((one) => one.id === before.me) ??
    people.find((one) => !one.isBot);
  update((now) => {
    now.width = innerWidth;
    now.mail.isOpen = before.mail?.isOpen ?? innerWidth >= WIDE_ENOUGH_FOR_MAIL;
    now.mail.box = before.mail?.box ?? '';
    now.place = before.place ?? now.place;
    now.me = known?.id ?? '';
  });
  if (!known) return void (root.textContent = 'This workspace has no people yet.');
  await loadPerson();
  const isThere = before.place?.kind === 'app' || (channel(before.place?.id) && isMine(channel(before.place.id)));
  await goTo(isThere ? before.place : firstPlace());
  if (before.thread && channel(before.thread.channel)) await openThread(before.thread);
  await loadBoxes();
  await loadMails();
  goLive();
  return undefined;
}

addEventListener('keydown', onKey);
addEventListener('resize', () => update((now) => (now.width = innerWidth)));
document.addEventListener('visibilitychange', () => void attempt(markRead));
await attempt(start);
