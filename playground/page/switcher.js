import { closeThread, goTo } from './places.js';
import { channelName, isMine, state, update } from './state.js';
import { h } from './view.js';

const SHOWN = 9;

/** Ctrl+K: to any place by a few letters. */
export function openSwitcher() {
  update((now) => (now.switcher = { query: '', active: 0 }));
}

export function closeSwitcher() {
  if (!state.switcher) return false;
  update((now) => (now.switcher = null));
  return true;
}

function found() {
  const { app, channels } = state.workspace;
  const places = [
    ...channels
      .filter((one) => one.name && isMine(one) && !one.isArchived)
      .map((one) => ({ label: `# ${channelName(one)}`, to: { kind: 'channel', id: one.id } })),
    { label: `🎫 ${app.name}: Home`, to: { kind: 'app', tab: 'home' } },
    { label: `🎫 ${app.name}: Messages`, to: { kind: 'app', tab: 'messages' } },
    { label: '✉ Customers’ mailboxes', to: null },
  ];
  return places.filter(({ label }) => label.toLowerCase().includes(state.switcher.query.toLowerCase())).slice(0, SHOWN);
}

function go(to) {
  closeSwitcher();
  if (to === null) return update((now) => (now.mail.isOpen = true));
  closeThread();
  return goTo(to);
}

export function switcherLayer() {
  const { switcher } = state;
  if (!switcher) return null;
  const places = found();
  const onKeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      update(() => (switcher.active = (switcher.active + step + places.length) % Math.max(places.length, 1)));
    }
    if (event.key === 'Enter' && places[switcher.active]) void go(places[switcher.active].to);
  };
  return h(
    'div',
    { class: 'overlay top', key: 'switcher', onMousedown: (event) => event.target === event.currentTarget && closeSwitcher() },
    h(
      'div',
      { class: 'switcher', role: 'dialog', 'aria-label': 'Go to', 'data-testid': 'switcher' },
      h('input', {
        class: 'field',
        placeholder: 'Go to…',
        'aria-label': 'Go to',
        value: switcher.query,
        onMount: (node) => node.focus(),
        onInput: (event) => update(() => Object.assign(switcher, { query: event.target.value, active: 0 })),
        onKeydown,
      }),
      places.map(({ label, to }, index) =>
        h(
          'button',
          { key: label, type: 'button', class: `menu-item ${index === switcher.active ? 'active' : ''}`, onClick: () => void go(to) },
          label,
        ),
      ),
    ),
  );
}
