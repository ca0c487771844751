import { closePopover, openPopover } from './popover.js';
import { state, update } from './state.js';
import { h } from './view.js';

const SHOWN = 160;

export function openEmojiPicker(anchor, onPick) {
  const picker = { query: '' };
  openPopover(anchor, () => show(picker, onPick), { className: 'emoji-picker', width: 300, align: 'right', role: 'dialog' });
}

function show(picker, onPick) {
  const found = Object.entries(state.workspace.emoji)
    .filter(([name]) => name.includes(picker.query.toLowerCase().replaceAll(' ', '_')))
    .slice(0, SHOWN);
  const pick = (name) => {
    closePopover();
    onPick(name);
  };
  return [
    h('input', {
      key: 'search',
      class: 'search',
      placeholder: 'Search emoji',
      'aria-label': 'Search emoji',
      value: picker.query,
      onMount: (node) => node.focus({ preventScroll: true }),
      onInput: (event) => update(() => (picker.query = event.target.value)),
      onKeydown: (event) => event.key === 'Enter' && found[0] && pick(found[0][0]),
    }),
    h(
      'div',
      { key: 'grid', class: 'grid' },
      found.map(([name, character]) =>
        h(
          'button',
          { key: name, type: 'button', title: `:${name}:`, 'aria-label': name, 'data-testid': `emoji-${name}`, onClick: () => pick(name) },
          character,
        ),
      ),
    ),
  ];
}
