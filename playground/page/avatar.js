import { h } from './view.js';

const COLOURS = ['#0b6e4f', '#8a3ffc', '#b3541e', '#0f62a8', '#a2195b', '#4a6b0c', '#6b4423', '#00697a'];

/** Initials on a colour of one's own. */
export function avatar({ id, name, isApp = false, isSmall = false }) {
  const className = `avatar ${isSmall ? 'small' : ''} ${isApp ? 'app' : ''}`;
  return h(
    'span',
    { class: className, style: isApp ? undefined : `background:${colourOf(id)}`, 'aria-hidden': 'true' },
    isApp ? '🎫' : initials(name),
  );
}

function colourOf(id) {
  const sum = [...String(id)].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) % 9_973, 7);
  return COLOURS[sum % COLOURS.length];
}

function initials(name) {
  const words = String(name).trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
