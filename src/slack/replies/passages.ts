import type { Block, Document, Inline } from '#text/document.ts';
import { plainWord } from './fold.ts';

/** Past this a message is longer than Slack carries; what is not read is not vouched for. */
export const MAX_CHECKED_CHARACTERS = 60_000;
export const MAX_CHECKED_DEPTH = 24;

/** One run of text of a document. The author's own words, what was quoted, or code. */
export interface Passage {
  kind: 'own' | 'quote' | 'code';
  text: string;
  sentences: Token[][];
}

export interface Token {
  /** As written. */
  text: string;
  /** For comparison: composed, lower case, nothing invisible. */
  word: string;
  /** What stands between the token before and this one, and between this one and the next. */
  before: string;
  after: string;
}

export interface Contents {
  passages: Passage[];
  mentions: Extract<Inline, { type: 'mention' }>[];
  links: Extract<Inline, { type: 'link' }>[];
  /** Something was too long or too deep to be read whole. */
  isCutOff: boolean;
}

export function contentsOf(document: Document): Contents {
  const contents: Contents = { passages: [], mentions: [], links: [], isCutOff: false };
  const budget = { left: MAX_CHECKED_CHARACTERS };
  readBlocks(document.blocks, { contents, budget, kind: 'own', depth: 0 });
  return contents;
}

export function tokensOf(passages: Passage[]): Token[] {
  return passages.flatMap((passage) => passage.sentences.flat());
}

interface Reading {
  contents: Contents;
  budget: { left: number };
  kind: Passage['kind'];
  depth: number;
}

function readBlocks(blocks: Block[], reading: Reading): void {
  if (reading.depth > MAX_CHECKED_DEPTH) {
    reading.contents.isCutOff = true;
    return;
  }
  for (const block of blocks) readBlock(block, { ...reading, depth: reading.depth + 1 });
}

function readBlock(block: Block, reading: Reading): void {
  switch (block.type) {
    case 'paragraph':
      return readInlines(block.inlines, reading);
    case 'list':
      for (const item of block.items) readBlocks(item, reading);
      return;
    case 'quote':
      return readBlocks(block.blocks, { ...reading, kind: 'quote' });
    case 'code':
      return addPassage(block.text, { ...reading, kind: 'code' });
    case 'image':
      return addPassage(block.alt, reading);
    default:
      block satisfies never;
  }
}

function readInlines(inlines: Inline[], reading: Reading): void {
  const words = inlines.map((inline) => {
    if (inline.type === 'mention') reading.contents.mentions.push(inline);
    if (inline.type === 'link') reading.contents.links.push(inline);
    return inlineText(inline);
  });
  addPassage(words.join(''), reading);
}

function inlineText(inline: Inline): string {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'link':
      return inline.text && inline.text !== inline.url ? inline.text : inline.url;
    case 'mention':
      return inline.name;
    case 'emoji':
      return inline.unicode ?? '';
    case 'break':
      return '\n';
    default:
      return inline satisfies never;
  }
}

function addPassage(text: string, reading: Reading): void {
  const fits = text.slice(0, reading.budget.left);
  if (fits.length < text.length) reading.contents.isCutOff = true;
  reading.budget.left -= fits.length;
  if (fits.trim() !== '') reading.contents.passages.push({ kind: reading.kind, text: fits, sentences: sentencesOf(fits) });
}

const WORD = /\+1(?!\d)|[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}'’]*(?:[-.:/][\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}'’]*)*/gu;
const SENTENCE_END = /[.!?…](?=\s|$|["»”)\]])|\n|[;(]/u;

export function sentencesOf(text: string): Token[][] {
  const sentences: Token[][] = [[]];
  let from = 0;
  for (const match of text.matchAll(WORD)) {
    const before = text.slice(from, match.index);
    from = match.index + match[0].length;
    const last = sentences.at(-1)?.at(-1);
    if (last) last.after = before;
    if (last && SENTENCE_END.test(before)) sentences.push([]);
    sentences.at(-1)?.push({ text: match[0], word: plainWord(match[0]), before, after: '' });
  }
  const last = sentences.at(-1)?.at(-1);
  if (last) last.after = text.slice(from);
  return sentences.filter((sentence) => sentence.length > 0);
}
