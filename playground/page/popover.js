import { state, update } from './state.js';
import { h } from './view.js';

const MARGIN = 8;
const GAP = 4;
const MIN_WIDTH = 220;
const MAX_HEIGHT = 340;

/** One thing that floats above the page beside what opened it: a menu, a list to pick from, the emoji. */
export function openPopover(anchor, show, more = {}) {
  const rect = anchor.getBoundingClientRect();
  update((now) => (now.popover = { rect, show, id: crypto.randomUUID(), opener: anchor, ...more }));
}

export function closePopover() {
  const { popover } = state;
  if (!popover) return false;
  update((now) => (now.popover = null));
  if (popover.opener?.isConnected) popover.opener.focus({ preventScroll: true });
  return true;
}

export function popoverLayer() {
  const { popover } = state;
  if (!popover) return null;
  return h(
    'div',
    { class: 'popover-layer', key: 'popover', onMousedown: (event) => event.target === event.currentTarget && closePopover() },
    h(
      'div',
      {
        key: popover.id,
        class: `popover ${popover.className ?? ''}`,
        role: popover.role ?? 'menu',
        style: placeStyle(popover),
        'data-testid': 'popover',
      },
      popover.show(),
    ),
  );
}

function placeStyle({ rect, align = 'left', width: wanted }) {
  const width = Math.min(Math.max(rect.width, wanted ?? MIN_WIDTH), innerWidth - 2 * MARGIN);
  const start = align === 'right' ? rect.right - width : rect.left;
  const left = Math.min(Math.max(start, MARGIN), innerWidth - width - MARGIN);
  const below = innerHeight - rect.bottom - GAP - MARGIN;
  const above = rect.top - GAP - MARGIN;
  const isBelow = below >= Math.min(MAX_HEIGHT, 260) || below >= above;
  const vertical = isBelow ? `top:${rect.bottom + GAP}px` : `bottom:${innerHeight - rect.top + GAP}px`;
  return `left:${left}px;width:${width}px;${vertical};max-height:${Math.min(MAX_HEIGHT, isBelow ? below : above)}px`;
}

/** A menu of acts; `null` draws a line. */
export function openMenu(anchor, items, more = {}) {
  openPopover(
    anchor,
    () => items.map((item, index) => (item === null ? h('hr', { key: `line ${index}` }) : menuItem(item, index === 0))),
    more,
  );
}

function menuItem({ label, onChoose, tone = '', detail, testId }, isFirst) {
  const choose = () => {
    closePopover();
    onChoose();
  };
  return h(
    'button',
    {
      type: 'button',
      role: 'menuitem',
      class: `menu-item ${tone}`,
      onClick: choose,
      onKeydown: walk,
      'data-testid': testId,
      onMount: isFirst ? (node) => node.focus({ preventScroll: true }) : undefined,
    },
    h('span', null, label),
    detail ? h('small', null, detail) : null,
  );
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.parentElement.querySelectorAll('.menu-item')];
  items.at((items.indexOf(event.currentTarget) + step) % items.length)?.focus();
}

export function dialogLayer() {
  const { dialog } = state;
  if (!dialog) return null;
  const close = () => update((now) => (now.dialog = null));
  const confirm = () => {
    close();
    dialog.onConfirm();
  };
  return h(
    'div',
    { class: 'overlay', key: 'dialog' },
    h(
      'div',
      { class: 'modal small', role: 'alertdialog', 'aria-modal': 'true', 'data-testid': 'dialog' },
      h('header', null, h('h2', null, dialog.title?.text ?? '')),
      h('div', { class: 'modal-body' }, h('p', null, dialog.text?.text ?? '')),
      h(
        'footer',
        null,
        h('button', { type: 'button', class: 'button', onClick: close }, dialog.deny?.text ?? 'Cancel'),
        h(
          'button',
          {
            type: 'button',
            class: `button ${dialog.style === 'danger' ? 'danger' : 'primary'}`,
            onClick: confirm,
            'data-testid': 'dialog-confirm',
            onMount: (node) => node.focus(),
          },
          dialog.confirm?.text ?? 'Yes',
        ),
      ),
    ),
  );
}
