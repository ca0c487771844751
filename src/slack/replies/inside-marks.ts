import type { Block, Document, Inline } from '#text/document.ts';
import { type Cell, LOCK, OTHER, cellsOf } from './cells.ts';
import { noteMarkAt, publicWordAt } from './marks.ts';
import { MAX_CHECKED_DEPTH } from './passages.ts';
import { type Reason, reason } from './reason.ts';
import type { WordLists } from './word-lists.ts';

/** Locks that somebody reaching for 🔒 may hit. */
const LOCKS = new Set([LOCK, '🔐', '🔏']);
const SEPARATORS = new Set([':', '!', '-', '–', '—', ')', ']', '.', '|', '>', '*']);
const NEAR_MARK_WORDS = ['note', 'huom', 'sisäinen', 'obs', 'internt', 'заметка', 'внутреннее'].map((word) => [word]);
const NOTE_SIGN = ';;';

/** A note mark where it does not count as one: later in the text, quoted, or nearly typed. Not a note, but nothing to mail either. */
export function insideMarkReasons(document: Document, lists: WordLists[]): Reason[] {
  const lines = linesOf(document.blocks, { kind: 'own', depth: 0 });
  const first = lines[0];
  const found = lines.map(lineMark).find((mark) => mark !== null) ?? (first && first.kind !== 'code' ? nearMark(first.cells, lists) : null);
  return found ? [reason('mark_inside', { mark: found })] : [];
}

interface Line {
  kind: 'own' | 'quote' | 'code';
  cells: Cell[];
}

function lineMark({ kind, cells }: Line): string | null {
  const lock = cells.find((cell) => LOCKS.has(cell.letter));
  if (lock) return lock.letter;
  const start = cells.findIndex((cell) => isWordLetter(cell) || cell.letter === ';' || cell.letter === '/');
  const mark = start < 0 ? null : (noteMarkAt(cells, start)?.mark ?? null);
  // Code may well begin with a comment sign, so only a word counts there.
  if (kind === 'code') return mark !== null && isWordLetter(cells[start]) ? mark : null;
  const hasSigns = cells.some((cell, at) => cell.kind === 'typed' && cell.letter === ';' && cells[at + 1]?.letter === ';');
  if (hasSigns) return NOTE_SIGN;
  return kind === 'own' && cells[start]?.letter === ';' ? ';' : mark;
}

/** "internal - ask Pekka" and "obs! …": no mark of ours, but what people type when they mean one. */
function nearMark(cells: Cell[], lists: WordLists[]): string | null {
  const start = cells.findIndex(isWordLetter);
  const visible = cells.findIndex((cell) => cell.letter !== ' ');
  const publicMark = publicWordAt(cells, visible) ?? publicWordAt(cells, start);
  if (start < 0 || publicMark) return publicMark;
  const isBracketed = start > 0 && ['(', '[', '*', '_', '{', '<'].includes(cells[start - 1]?.letter ?? '');
  const text = cells
    .slice(start)
    .map((cell) => cell.letter)
    .join('');
  const rows = [...NEAR_MARK_WORDS, ...lists.flatMap((words) => words.nearMarks)];
  const found = rows
    .map((row) => row.join(' '))
    .find((words) => {
      const plain = bare(words);
      if (!text.startsWith(plain)) return false;
      const after = text.slice(plain.length);
      const separator = after.trimStart().charAt(0);
      if (separator === '-' || separator === '–' || separator === '—')
        return after.startsWith(' ') ? /^\s+[-–—]+\s/.test(after) : /^[-–—]\s/.test(after);
      if (separator === '.') return isBracketed;
      return SEPARATORS.has(separator) && (after.charAt(0) === separator || separator === ':' || isBracketed);
    });
  return found ?? null;
}

function bare(words: string): string {
  return Array.from(words.normalize('NFKD'))
    .filter((letter) => !/\p{Mn}/u.test(letter))
    .join('');
}

function isWordLetter(cell: Cell | undefined): boolean {
  return cell !== undefined && /[\p{L}\p{N}]/u.test(cell.letter);
}

function linesOf(blocks: Block[], place: { kind: Line['kind']; depth: number }): Line[] {
  if (place.depth > MAX_CHECKED_DEPTH) return [];
  const inner = { ...place, depth: place.depth + 1 };
  return blocks.flatMap((block): Line[] => {
    switch (block.type) {
      case 'paragraph':
        return inlineLines(block.inlines).map((cells) => ({ kind: place.kind, cells }));
      case 'list':
        return block.items.flatMap((item) => linesOf(item, inner));
      case 'quote':
        return linesOf(block.blocks, { ...inner, kind: 'quote' });
      case 'code':
        return [{ kind: 'code', cells: cellsOf([{ type: 'text', text: block.text }]) }];
      case 'image':
        return [];
      default:
        return block satisfies never;
    }
  });
}

function inlineLines(inlines: Inline[]): Cell[][] {
  const lines: Inline[][] = [[]];
  for (const inline of inlines) {
    if (inline.type === 'break') lines.push([]);
    else lines.at(-1)?.push(inline);
  }
  return lines.map((line) => cellsOf(line)).filter((cells) => cells.some((cell) => cell.letter !== ' ' && cell.letter !== OTHER));
}
