import type { Inline } from '#text/document.ts';
import { foldCharacter } from './fold.ts';

export const LOCK = '🔒';
export const PUBLIC_ENVELOPE = '📨';
/** Stands for anything that is no letter of a mark: a mention, another emoji. */
export const OTHER = '\u{FFFC}';

/** One visible letter of a paragraph, and where it stands: a mark may be spread over several inlines. */
export interface Cell {
  letter: string;
  kind: 'typed' | 'code' | 'link' | 'mention';
  inline: number;
  from: number;
  to: number;
}

const EMOJI_LETTERS = new Map([
  ['lock', LOCK],
  ['incoming_envelope', PUBLIC_ENVELOPE],
]);

export function cellsOf(inlines: Inline[]): Cell[] {
  return inlines.flatMap((inline, index) => inlineCells(inline, index));
}

export function isBlank(inline: Inline): boolean {
  if (inline.type === 'break') return true;
  return inline.type === 'text' && Array.from(inline.text, foldCharacter).join('').trim() === '';
}

function inlineCells(inline: Inline, index: number): Cell[] {
  switch (inline.type) {
    case 'text':
      return textCells(inline.text, index, inline.code ? 'code' : 'typed');
    case 'link':
      return textCells(inline.text || inline.url, index, 'link');
    case 'mention':
      return [{ letter: OTHER, kind: 'mention', inline: index, from: 0, to: 0 }];
    case 'emoji':
      return [{ letter: emojiLetter(inline), kind: 'typed', inline: index, from: 0, to: 0 }];
    case 'break':
      return [{ letter: ' ', kind: 'typed', inline: index, from: 0, to: 0 }];
    default:
      return inline satisfies never;
  }
}

function emojiLetter(emoji: Extract<Inline, { type: 'emoji' }>): string {
  const named = EMOJI_LETTERS.get(emoji.name);
  if (named) return named;
  const folded = foldCharacter(emoji.unicode ?? '');
  return folded === LOCK || folded === PUBLIC_ENVELOPE ? folded : OTHER;
}

function textCells(text: string, index: number, kind: Cell['kind']): Cell[] {
  const cells: Cell[] = [];
  let from = 0;
  for (const character of text) {
    const to = from + character.length;
    for (const letter of foldCharacter(character)) cells.push({ letter, kind, inline: index, from, to });
    from = to;
  }
  return cells;
}
