/**
 * The channel-neutral body of a comment. Slack maps rich_text to and from it, mail maps HTML and text to and from it;
 * nothing else in the house knows either format.
 */
export interface Document {
  blocks: Block[];
}

export type Block =
  | { type: 'paragraph'; inlines: Inline[] }
  | { type: 'list'; ordered: boolean; items: Block[][] }
  | { type: 'code'; text: string; language?: string }
  | { type: 'quote'; blocks: Block[] }
  | { type: 'image'; fileId: number | null; alt: string; contentId?: string };

export type Inline =
  | { type: 'text'; text: string; bold?: true; italic?: true; strike?: true; code?: true }
  | { type: 'link'; url: string; text: string }
  /** A colleague, group or channel, by the name a customer may read. The id is kept for Slack's own rendering of notes. */
  | { type: 'mention'; kind: 'user' | 'group' | 'channel' | 'everyone'; id: string; name: string }
  /** `unicode` is null for a workspace's own emoji, which no customer can see. */
  | { type: 'emoji'; name: string; unicode: string | null }
  | { type: 'break' };

export const MAX_DOCUMENT_DEPTH = 8;

export function plainDocument(text: string): Document {
  const paragraphs = text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '');
  return { blocks: paragraphs.map((part) => ({ type: 'paragraph', inlines: lines(part) })) };
}

/** The document as plain text: what search indexes, what the text part of a mail says, what checks read. */
export function documentText(document: Document): string {
  return blocksText(document.blocks, 0);
}

export function isEmptyDocument(document: Document): boolean {
  return documentText(document).trim() === '' && !document.blocks.some((block) => block.type === 'image');
}

function lines(text: string): Inline[] {
  return text
    .split('\n')
    .flatMap((line, index): Inline[] => [
      ...(index > 0 ? [{ type: 'break' as const }] : []),
      ...(line ? [{ type: 'text' as const, text: line }] : []),
    ]);
}

function blocksText(blocks: Block[], depth: number): string {
  if (depth > MAX_DOCUMENT_DEPTH) return '';
  return blocks.map((block) => blockText(block, depth)).join('\n\n');
}

function blockText(block: Block, depth: number): string {
  switch (block.type) {
    case 'paragraph':
      return block.inlines.map(inlineText).join('');
    case 'code':
      return block.text;
    case 'image':
      return block.alt ? `[${block.alt}]` : '';
    case 'quote':
      return indent(blocksText(block.blocks, depth + 1), '> ', '> ');
    case 'list':
      return block.items
        .map((item, index) => {
          const bullet = block.ordered ? `${index + 1}. ` : '- ';
          return indent(blocksText(item, depth + 1), bullet, ' '.repeat(bullet.length));
        })
        .join('\n');
    default:
      return block satisfies never;
  }
}

function inlineText(inline: Inline): string {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'link':
      return inline.text && inline.text !== inline.url ? `${inline.text} (${inline.url})` : inline.url;
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

function indent(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? first : rest) + line)
    .join('\n');
}
