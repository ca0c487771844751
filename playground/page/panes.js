import { attempt, play } from './api.js';
import { blocks } from './blocks.js';
import { composer } from './composer.js';
import { loadWorkspace } from './load.js';
import { messageList } from './messages.js';
import { closeThread, goTo } from './places.js';
import { appChannel, channel, channelName, isMine, state } from './state.js';
import { h } from './view.js';

/** The middle of the page: a channel, or the app with its tabs. */
export function mainPane(reader) {
  if (state.place.kind === 'app') return appPane(reader);
  const open = channel(state.place.id);
  if (!open) return h('main', { class: 'pane main', key: 'main' });
  return h(
    'main',
    { class: 'pane main', key: 'main', 'data-testid': 'channel-pane' },
    h(
      'header',
      { class: 'pane-head' },
      h('h1', { 'data-testid': 'channel-name' }, `${open.kind === 'im' ? '' : '# '}${channelName(open)}`),
      h('span', { class: 'quiet topic' }, open.topic),
      h('span', { class: 'quiet members', title: 'Members' }, `👥 ${open.members.length}`),
    ),
    messageList(
      state.messages[open.id] ?? [],
      { channel: open.id, isThread: false, key: open.id, empty: 'Nobody has written here yet.' },
      reader,
    ),
    isMine(open) ? composer({ channel: open.id, key: open.id, placeholder: `Message #${channelName(open)}`, reader }) : joinBar(open),
  );
}

function joinBar(open) {
  const join = () =>
    attempt(async () => {
      await play('join', { as: state.me, channel: open.id });
      await loadWorkspace();
    });
  return h(
    'div',
    { class: 'join-bar' },
    h('span', null, `You are not in #${open.name}.`),
    h('button', { type: 'button', class: 'button primary', onClick: join }, 'Join'),
  );
}

function appPane(reader) {
  const { tab } = state.place;
  const { app } = state.workspace;
  const tabButton = (name, label) =>
    h(
      'button',
      {
        key: name,
        type: 'button',
        role: 'tab',
        class: tab === name ? 'here' : '',
        'aria-selected': String(tab === name),
        'data-testid': `app-tab-${name}`,
        onClick: () => void goTo({ kind: 'app', tab: name }),
      },
      label,
    );
  return h(
    'main',
    { class: 'pane main', key: 'app', 'data-testid': 'app-pane' },
    h(
      'header',
      { class: 'pane-head' },
      h('h1', null, `🎫 ${app.name}`),
      h('div', { class: 'tabs', role: 'tablist' }, tabButton('home', 'Home'), tabButton('messages', 'Messages')),
    ),
    tab === 'home' ? home(reader) : messages(reader),
  );
}

function home(reader) {
  const { home: view } = state;
  if (!view)
    return h(
      'p',
      { class: 'empty', key: 'no home' },
      state.workspace.app.isOnline
        ? `${state.workspace.app.name} has not published a Home yet…`
        : `${state.workspace.app.name} is not connected.`,
    );
  const where = { viewId: view.id, values: view.state.values, errors: {} };
  return h('div', { class: 'home', key: 'home', 'data-testid': 'home' }, blocks(view.blocks, where, reader));
}

function messages(reader) {
  const open = appChannel();
  const id = open?.id ?? 'bot';
  return [
    messageList(
      state.messages[id] ?? [],
      { channel: id, isThread: false, key: `app ${id}`, empty: `This is the beginning of your messages with ${state.workspace.app.name}.` },
      reader,
    ),
    composer({ channel: id, key: 'app', placeholder: `Message ${state.workspace.app.name}`, reader }),
  ];
}

export function threadPane(reader) {
  const { thread } = state;
  const key = `${thread.channel}/${thread.ts}`;
  const open = channel(thread.channel);
  return h(
    'aside',
    { class: 'pane thread', key: 'thread', 'data-testid': 'thread-pane', 'aria-label': 'Thread' },
    h(
      'header',
      { class: 'pane-head' },
      h('button', { type: 'button', class: 'icon back', 'aria-label': 'Back to the channel', onClick: closeThread }, '←'),
      h('h1', null, 'Thread'),
      h('span', { class: 'quiet topic' }, open ? `${open.kind === 'im' ? '' : '#'}${channelName(open)}` : ''),
      h(
        'button',
        { type: 'button', class: 'icon', 'aria-label': 'Close the thread', 'data-testid': 'close-thread', onClick: closeThread },
        '×',
      ),
    ),
    messageList(state.threads[key] ?? [], { channel: thread.channel, ts: thread.ts, isThread: true, key }, reader),
    open && isMine(open)
      ? composer({ channel: thread.channel, key, threadTs: thread.ts, placeholder: 'Reply…', room: `#${channelName(open)}`, reader })
      : null,
  );
}
