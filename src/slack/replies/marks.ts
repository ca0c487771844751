import type { Block, Document, Inline } from '#text/document.ts';
import { type Cell, LOCK, PUBLIC_ENVELOPE, cellsOf, isBlank } from './cells.ts';
import { foldCharacter, skeleton } from './fold.ts';

export interface Marks {
  /** The mark as we write it in a reason, or null. */
  note: string | null;
  public: string | null;
  /** The document without the marks that were read. */
  document: Document;
}

const NOTE_WORDS = ['note', 'huom', 'sisäinen', 'obs', 'internt', 'заметка', 'внутреннее'];
const PUBLIC_WORDS = ['public', 'asiakkaalle', 'till kund', 'клиенту'];
const NOTE_SIGNS = [';;', '//', LOCK];
const PUBLIC_SIGNS = ['>>', PUBLIC_ENVELOPE];

const NOTES = NOTE_WORDS.map((word) => ({
  mark: `${word}:`,
  letters: Array.from(word, (letter) => skeleton(foldCharacter(letter))).join(''),
}));
const MAX_MARKS = 8;

/** Slack sends a quote before what is said about it, so first means: first of the author's own words. */
export function readMarks(document: Document): Marks {
  const head = readHead(ownHead(document.blocks), startsWithOwnWords(document.blocks));
  const headless = head.end ? editHead(document.blocks, (inlines) => withoutHead(inlines, head.end)) : document.blocks;
  const tail = lockAtEnd(ownTail(headless));
  const blocks = tail ? editTail(headless, (inlines) => withoutTail(inlines, tail)) : headless;
  return {
    note: head.note ?? (tail ? LOCK : null),
    public: head.public,
    document: { blocks: blocks.filter((block) => !isBlankParagraph(block)) },
  };
}

/** A note mark at this place, however it is dressed; what a line of text must not begin with if it is to be mailed. */
export function noteMarkAt(cells: Cell[], at: number): { mark: string; next: number } | null {
  for (const sign of NOTE_SIGNS) {
    if (!startsWith(cells, at, sign)) continue;
    return { mark: sign, next: skipRepeats(cells, at + Array.from(sign).length, sign) };
  }
  for (const { mark, letters } of NOTES) {
    const next = skipSpaces(cells, at + letters.length);
    if (startsWith(cells, at, letters, skeleton) && cells[next]?.letter === ':') return { mark, next: next + 1 };
  }
  return null;
}

interface Head {
  note: string | null;
  public: string | null;
  end: Cell | null;
}

function readHead(inlines: Inline[], isFirst: boolean): Head {
  const cells = cellsOf(inlines);
  const head: Head = { note: null, public: null, end: null };
  let at = skipSpaces(cells, 0);
  for (let count = 0; count < MAX_MARKS; count += 1) {
    const note = noteMarkAt(cells, at);
    const found = note ?? (isFirst ? publicMarkAt(cells, at) : null);
    if (found === null) break;
    if (note) head.note ??= note.mark;
    else head.public ??= found.mark;
    head.end = cells[found.next - 1] ?? null;
    at = skipSpaces(cells, found.next);
  }
  return head;
}

/** What looks like a public mark and was none: inside a list, in code, or not in the first place. */
export function publicWordAt(cells: Cell[], at: number): string | null {
  return (
    publicMarkAt(
      cells.map((cell) => ({ ...cell, kind: 'typed' })),
      at,
    )?.mark ?? null
  );
}

/** Stricter than a note mark: it lets something out, so nothing that only resembles it counts. */
function publicMarkAt(cells: Cell[], at: number): { mark: string; next: number } | null {
  for (const sign of PUBLIC_SIGNS) {
    const next = at + Array.from(sign).length;
    if (startsWith(cells, at, sign) && isTyped(cells, at, next)) return { mark: sign, next: skipRepeats(cells, next, sign) };
  }
  for (const word of PUBLIC_WORDS) {
    const end = afterWords(cells, at, word);
    const next = skipSpaces(cells, end);
    if (end > at && cells[next]?.letter === ':' && isTyped(cells, at, next + 1)) return { mark: `${word}:`, next: next + 1 };
  }
  return null;
}

function afterWords(cells: Cell[], at: number, words: string): number {
  let place = at;
  for (const [index, word] of words.split(' ').entries()) {
    const start = index > 0 ? skipSpaces(cells, place) : place;
    if ((index > 0 && start === place) || !startsWith(cells, start, word)) return at;
    place = start + word.length;
  }
  return place;
}

function startsWith(cells: Cell[], at: number, letters: string, fold: (letter: string) => string = (letter) => letter): boolean {
  return Array.from(letters).every((letter, index) => {
    const cell = cells[at + index];
    return cell !== undefined && fold(cell.letter) === letter;
  });
}

function isTyped(cells: Cell[], from: number, to: number): boolean {
  return cells.slice(from, to).every((cell) => cell.kind === 'typed');
}

function skipSpaces(cells: Cell[], from: number): number {
  let at = from;
  while (cells[at]?.letter === ' ') at += 1;
  return at;
}

function skipRepeats(cells: Cell[], from: number, sign: string): number {
  const last = Array.from(sign).at(-1);
  let at = from;
  while (cells[at]?.letter === last) at += 1;
  return at;
}

function lockAtEnd(inlines: Inline[]): Cell | null {
  const cells = cellsOf(inlines);
  let at = cells.length;
  let first: Cell | null = null;
  for (; at > 0; at -= 1) {
    const cell = cells[at - 1];
    if (cell?.letter === LOCK) first = cell;
    else if (cell?.letter !== ' ') break;
  }
  return first;
}

function withoutHead(inlines: Inline[], end: Cell | null): Inline[] {
  if (end === null) return inlines;
  const first = inlines[end.inline];
  const cut = first?.type === 'text' || first?.type === 'link' ? { ...first, text: first.text.slice(end.to) } : null;
  const rest = [...(cut && cut.text !== '' ? [cut] : []), ...inlines.slice(end.inline + 1)];
  const start = rest.findIndex((inline) => !isBlank(inline));
  return start < 0 ? [] : trimStart(rest.slice(start));
}

function withoutTail(inlines: Inline[], from: Cell): Inline[] {
  const last = inlines[from.inline];
  const cut = last?.type === 'text' || last?.type === 'link' ? { ...last, text: last.text.slice(0, from.from).trimEnd() } : null;
  const rest = [...inlines.slice(0, from.inline), ...(cut && cut.text !== '' ? [cut] : [])];
  return rest.slice(0, rest.findLastIndex((inline) => !isBlank(inline)) + 1);
}

function trimStart(inlines: Inline[]): Inline[] {
  const [first, ...rest] = inlines;
  return first?.type === 'text' ? [{ ...first, text: first.text.trimStart() }, ...rest] : inlines;
}

/** A paragraph of nothing visible is no first word: a mark below it still stands first. */
function isOwn(block: Block): boolean {
  if (block.type === 'paragraph') return !isBlankParagraph(block);
  return block.type === 'list' && block.items.some((item) => item.some(isOwn));
}

function isBlankParagraph(block: Block): boolean {
  return block.type === 'paragraph' && block.inlines.every(isBlank);
}

function hasOwn(item: Block[]): boolean {
  return item.some(isOwn);
}

function startsWithOwnWords(blocks: Block[]): boolean {
  return blocks.find((block) => block.type !== 'paragraph' || isOwn(block))?.type === 'paragraph';
}

function ownHead(blocks: Block[]): Inline[] {
  const first = blocks.find(isOwn);
  if (first?.type === 'paragraph') return first.inlines;
  return first?.type === 'list' ? ownHead(first.items.find(hasOwn) ?? []) : [];
}

function ownTail(blocks: Block[]): Inline[] {
  const last = blocks.findLast(isOwn);
  if (last?.type === 'paragraph') return last.inlines;
  return last?.type === 'list' ? ownTail(last.items.findLast(hasOwn) ?? []) : [];
}

type Edit = (inlines: Inline[]) => Inline[];

function editHead(blocks: Block[], edit: Edit): Block[] {
  const editItems = (items: Block[][]) => editItem(items, items.findIndex(hasOwn), (item) => editHead(item, edit));
  return editBlock(blocks, blocks.findIndex(isOwn), { edit, editItems });
}

function editTail(blocks: Block[], edit: Edit): Block[] {
  const editItems = (items: Block[][]) => editItem(items, items.findLastIndex(hasOwn), (item) => editTail(item, edit));
  return editBlock(blocks, blocks.findLastIndex(isOwn), { edit, editItems });
}

function editItem(items: Block[][], at: number, edit: (item: Block[]) => Block[]): Block[][] {
  return at < 0 ? items : items.with(at, edit(items[at] ?? []));
}

function editBlock(blocks: Block[], at: number, { edit, editItems }: { edit: Edit; editItems: (items: Block[][]) => Block[][] }): Block[] {
  const block = blocks[at];
  if (block?.type === 'paragraph') {
    const inlines = edit(block.inlines);
    return inlines.length > 0 ? blocks.with(at, { ...block, inlines }) : blocks.toSpliced(at, 1);
  }
  if (block?.type !== 'list') return blocks;
  const items = editItems(block.items).filter((item) => item.length > 0);
  return items.length > 0 ? blocks.with(at, { ...block, items }) : blocks.toSpliced(at, 1);
}
