import { avatar } from './avatar.js';
import { attempt, play } from './api.js';
import { loadWorkspace } from './load.js';
import { runGlobalShortcut } from './message-acts.js';
import { openMenu } from './popover.js';
import { becomePerson, goTo } from './places.js';
import { appChannel, channelName, isMine, me, nameOf, state } from './state.js';
import { h } from './view.js';

export function sidebar() {
  const { team, app } = state.workspace;
  return h(
    'nav',
    { class: `sidebar ${state.isDrawerOpen ? 'open' : ''}`, key: 'sidebar', 'aria-label': 'Workspace', 'data-testid': 'sidebar' },
    h(
      'div',
      { class: 'team' },
      h('strong', null, team.name),
      h(
        'span',
        { class: `status ${app.isOnline ? 'on' : ''}`, title: app.isOnline ? `${app.name} is connected` : `${app.name} is not connected` },
        app.isOnline ? '' : 'offline',
      ),
    ),
    personButton(),
    h('div', { class: 'places' }, channels(), direct(), apps()),
  );
}

function personButton() {
  const one = me();
  return h(
    'button',
    {
      type: 'button',
      class: 'person',
      'data-testid': 'person-switcher',
      'aria-haspopup': 'menu',
      title: 'Become somebody else',
      onClick: (event) => openMenu(event.currentTarget, people(), { width: 300 }),
    },
    avatar({ id: one.id, name: nameOf(one) }),
    h('span', null, h('small', null, 'You are'), h('strong', { 'data-testid': 'me' }, nameOf(one)), h('small', null, roleOf(one))),
    h('span', { class: 'caret', 'aria-hidden': 'true' }, '▾'),
  );
}

function people() {
  return state.workspace.people
    .filter((one) => !one.isBot && !one.isDeleted)
    .map((one) => ({ label: nameOf(one), detail: roleOf(one), testId: `become-${one.name}`, onChoose: () => void becomePerson(one.id) }));
}

/** The workspace role; who is an agent is the app's to know. */
function roleOf(one) {
  const role = one.isOwner ? 'owner' : one.isAdmin ? 'admin' : one.isGuest ? 'guest' : 'member';
  return `${role} · ${one.locale}`;
}

function channels() {
  const { channels: all } = state.workspace;
  const rooms = all
    .filter((one) => (one.kind === 'channel' || one.kind === 'group') && !one.isArchived)
    .toSorted((left, right) => left.name.localeCompare(right.name));
  const others = me().isGuest ? [] : rooms.filter((one) => !isMine(one) && one.kind === 'channel');
  return [
    h('h2', { key: 'channels' }, 'Channels'),
    rooms.filter(isMine).map((one) =>
      place({
        to: { kind: 'channel', id: one.id },
        sign: one.kind === 'group' ? '🔒' : '#',
        label: one.name,
        unread: state.unread[one.id] ?? 0,
        testId: `channel-${one.name}`,
      }),
    ),
    others.map((one) =>
      h(
        'div',
        { key: one.id, class: 'place away' },
        h('span', null, '#'),
        h('span', { class: 'grow' }, one.name),
        h('button', { type: 'button', class: 'join', onClick: () => void join(one), 'aria-label': `Join ${one.name}` }, 'Join'),
      ),
    ),
  ];
}

function join(one) {
  return attempt(async () => {
    await play('join', { as: state.me, channel: one.id });
    await loadWorkspace();
    await goTo({ kind: 'channel', id: one.id });
  });
}

function direct() {
  const { app, channels: all } = state.workspace;
  const others = all.filter((one) => (one.kind === 'im' || one.kind === 'mpim') && isMine(one) && !one.members.includes(app.botUserId));
  return [
    h('h2', { key: 'direct' }, 'Direct messages'),
    place({
      to: { kind: 'app', tab: 'messages' },
      sign: '🎫',
      label: app.name,
      unread: state.unread[appChannel()?.id] ?? 0,
      testId: 'dm-app',
    }),
    others.map((one) =>
      place({
        to: { kind: 'channel', id: one.id },
        sign: '@',
        label: channelName(one),
        unread: state.unread[one.id] ?? 0,
        testId: `dm-${one.id}`,
      }),
    ),
  ];
}

function apps() {
  const globals = state.workspace.shortcuts.filter((shortcut) => shortcut.type === 'global');
  return [
    h('h2', { key: 'apps' }, 'Apps'),
    place({ to: { kind: 'app', tab: 'home' }, sign: '⌂', label: 'App Home', unread: 0, testId: 'app-home' }),
    globals.map(({ name, callbackId }) =>
      h(
        'button',
        {
          key: callbackId,
          type: 'button',
          class: 'place',
          'data-testid': `shortcut-${callbackId}`,
          onClick: () => void runGlobalShortcut(callbackId),
        },
        h('span', null, '⚡'),
        h('span', { class: 'grow' }, name),
      ),
    ),
  ];
}

function place({ to, sign, label, unread, testId }) {
  const isHere = to.kind === state.place.kind && (to.kind === 'channel' ? to.id === state.place.id : to.tab === state.place.tab);
  return h(
    'button',
    {
      key: `${to.kind} ${to.id ?? to.tab}`,
      type: 'button',
      class: `place ${isHere ? 'here' : ''} ${unread > 0 ? 'unread' : ''}`,
      'aria-current': isHere ? 'page' : undefined,
      'data-testid': testId,
      onClick: () => void goTo(to),
    },
    h('span', { 'aria-hidden': 'true' }, sign),
    h('span', { class: 'grow' }, label),
    unread > 0
      ? h(
          'span',
          { class: 'badge', 'data-testid': `unread-${testId}`, 'aria-label': `${unread} unread` },
          unread > 99 ? '99+' : String(unread),
        )
      : null,
  );
}
