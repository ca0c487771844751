import type { Block, Document, Inline } from '#text/document.ts';

export type Mention = Extract<Inline, { type: 'mention' }>;

/** Deeper than any message nests; what lies below is not for a customer anyway, and `checkAudience` says so. */
const MAX_DEPTH = 64;

export function mentionsOf(document: Document): Mention[] {
  return blocksMentions(document.blocks, 0);
}

/** Mentions of what nobody here knows by name. */
export function unnamedMentions(document: Document): Mention[] {
  return mentionsOf(document).filter((mention) => mention.name === mention.id);
}

/** Every mention as the name a customer may read. */
export function withMentionNames(document: Document): Document {
  return { blocks: named(document.blocks, 0) };
}

function blocksMentions(blocks: Block[], depth: number): Mention[] {
  if (depth > MAX_DEPTH) return [];
  return blocks.flatMap((block): Mention[] => {
    if (block.type === 'paragraph') return block.inlines.filter((inline) => inline.type === 'mention');
    if (block.type === 'list') return block.items.flatMap((item) => blocksMentions(item, depth + 1));
    return block.type === 'quote' ? blocksMentions(block.blocks, depth + 1) : [];
  });
}

function named(blocks: Block[], depth: number): Block[] {
  if (depth > MAX_DEPTH) return [];
  return blocks.map((block): Block => {
    if (block.type === 'paragraph') return { ...block, inlines: block.inlines.map(asName) };
    if (block.type === 'list') return { ...block, items: block.items.map((item) => named(item, depth + 1)) };
    return block.type === 'quote' ? { ...block, blocks: named(block.blocks, depth + 1) } : block;
  });
}

function asName(inline: Inline): Inline {
  // An id says nothing to a customer, and something of our workspace to others.
  return inline.type === 'mention' ? { type: 'text', text: inline.name === inline.id ? '…' : inline.name } : inline;
}
