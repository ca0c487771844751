import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import { type Block, type Document, type Inline, MAX_DOCUMENT_DEPTH } from '#text/document.ts';
import { shortcodeOf } from './emoji.ts';
import { isDisguised, isSlackId, safeUrl } from './mrkdwn.ts';

/**
 * `names` writes every mention as words and can call nobody. `ids` is for showing colleagues their own notes, where a
 * mention was somebody's intention.
 */
export interface RichTextOptions {
  mentions: 'names' | 'ids';
}

/** Slack wants the name without a skin tone here; a toned emoji goes as its character. */
const SHORTCODE = /^[a-z0-9_+'-]{1,64}$/;

type ListBlock = Extract<Block, { type: 'list' }>;

/** A document as Slack's rich_text. Text elements are literal there, so nothing in them can become a mention or a link. */
export function richTextOf(document: Document, options: RichTextOptions = { mentions: 'names' }): RichTextBlock {
  return { type: 'rich_text', elements: writeBlocks(document.blocks, options) };
}

function writeBlocks(blocks: Block[], options: RichTextOptions): RichTextBlockElement[] {
  const written: RichTextBlockElement[] = [];
  let paragraphs: Inline[][] = [];
  for (const block of blocks) {
    if (block.type === 'paragraph') {
      paragraphs.push(block.inlines);
      continue;
    }
    written.push(...writeSection(paragraphs, options), ...writeBlock(block, options));
    paragraphs = [];
  }
  return [...written, ...writeSection(paragraphs, options)];
}

function writeBlock(block: Exclude<Block, { type: 'paragraph' }>, options: RichTextOptions): RichTextBlockElement[] {
  switch (block.type) {
    case 'list':
      return writeList(block, 0, options);
    case 'code':
      return block.text === '' ? [] : [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: block.text }] }];
    case 'quote': {
      const elements = joined(inlineParagraphs(block.blocks, 0), options);
      return elements.length > 0 ? [{ type: 'rich_text_quote', elements }] : [];
    }
    case 'image':
      return block.alt === '' ? [] : writeSection([[{ type: 'text', text: `[${block.alt}]` }]], options);
    default:
      return block satisfies never;
  }
}

/** Slack wants a nested list as a flat row of lists; the numbering goes on after an inner list by `offset`. */
function writeList(list: ListBlock, indent: number, options: RichTextOptions): RichTextBlockElement[] {
  if (indent > MAX_DOCUMENT_DEPTH) return [];
  const written: RichTextBlockElement[] = [];
  let items: RichTextSection[] = [];
  let done = 0;
  const flush = () => {
    const offset = list.ordered && done > 0 ? { offset: done } : {};
    if (items.length > 0)
      written.push({ type: 'rich_text_list', style: list.ordered ? 'ordered' : 'bullet', indent, ...offset, elements: items });
    done += items.length;
    items = [];
  };
  for (const item of list.items) {
    const inner = item.filter((block) => block.type === 'list');
    const words = joined(
      inlineParagraphs(
        item.filter((block) => block.type !== 'list'),
        0,
      ),
      options,
    );
    items.push({ type: 'rich_text_section', elements: words.length > 0 ? words : [{ type: 'text', text: ' ' }] });
    if (inner.length === 0) continue;
    flush();
    written.push(...inner.flatMap((nested) => writeList(nested, indent + 1, options)));
  }
  flush();
  return written;
}

function writeSection(paragraphs: Inline[][], options: RichTextOptions): RichTextSection[] {
  const elements = joined(paragraphs, options);
  return elements.length > 0 ? [{ type: 'rich_text_section', elements }] : [];
}

function joined(paragraphs: Inline[][], options: RichTextOptions): RichTextElement[] {
  return paragraphs
    .map((inlines) => inlines.flatMap((inline) => writeInline(inline, options)))
    .filter((elements) => elements.length > 0)
    .flatMap((elements, index): RichTextElement[] => (index > 0 ? [{ type: 'text', text: '\n\n' }, ...elements] : elements));
}

/** What stands inside a quote or a list item, where Slack allows words only. */
function inlineParagraphs(blocks: Block[], depth: number): Inline[][] {
  if (depth > MAX_DOCUMENT_DEPTH) return [];
  return blocks.flatMap((block): Inline[][] => {
    switch (block.type) {
      case 'paragraph':
        return [block.inlines];
      case 'code':
        return [
          block.text
            .split('\n')
            .flatMap((text, index): Inline[] => [...(index > 0 ? [{ type: 'break' as const }] : []), { type: 'text', text, code: true }]),
        ];
      case 'quote':
        return inlineParagraphs(block.blocks, depth + 1);
      case 'list':
        return block.items.flatMap((item, index) => bulleted(inlineParagraphs(item, depth + 1), block.ordered ? `${index + 1}. ` : '• '));
      case 'image':
        return block.alt === '' ? [] : [[{ type: 'text', text: `[${block.alt}]` }]];
      default:
        return block satisfies never;
    }
  });
}

function bulleted(paragraphs: Inline[][], bullet: string): Inline[][] {
  return paragraphs.map((inlines, index) => (index === 0 ? [{ type: 'text', text: bullet }, ...inlines] : inlines));
}

function writeInline(inline: Inline, options: RichTextOptions): RichTextElement[] {
  switch (inline.type) {
    case 'text':
      return inline.text === '' ? [] : [{ type: 'text', text: inline.text, ...styleOf(inline) }];
    case 'link':
      return writeLink(inline.url, inline.text);
    case 'mention':
      return writeMention(inline, options);
    case 'emoji':
      return [writeEmoji(inline)];
    case 'break':
      return [{ type: 'text', text: '\n' }];
    default:
      return inline satisfies never;
  }
}

function styleOf(inline: Extract<Inline, { type: 'text' }>) {
  const { bold, italic, strike, code } = inline;
  if (!bold && !italic && !strike && !code) return {};
  return { style: { ...(bold ? { bold } : {}), ...(italic ? { italic } : {}), ...(strike ? { strike } : {}), ...(code ? { code } : {}) } };
}

function writeLink(url: string, text: string): RichTextElement[] {
  const target = safeUrl(url);
  if (target === null) return [{ type: 'text', text: text && text !== url ? `${text} (${url})` : url || ' ' }];
  if (text === '' || text === url) return [{ type: 'link', url: target }];
  if (isDisguised(target, text))
    return [
      { type: 'text', text: `${text} ` },
      { type: 'link', url: target },
    ];
  return [{ type: 'link', url: target, text }];
}

function writeMention(mention: Extract<Inline, { type: 'mention' }>, options: RichTextOptions): RichTextElement[] {
  const words: RichTextElement[] = [{ type: 'text', text: mention.name || mention.id }];
  if (options.mentions === 'names') return words;
  if (mention.kind === 'everyone') return isRange(mention.id) ? [{ type: 'broadcast', range: mention.id }] : words;
  if (!isSlackId(mention.id)) return words;
  if (mention.kind === 'user') return [{ type: 'user', user_id: mention.id }];
  if (mention.kind === 'group') return [{ type: 'usergroup', usergroup_id: mention.id }];
  return [{ type: 'channel', channel_id: mention.id }];
}

function writeEmoji(emoji: Extract<Inline, { type: 'emoji' }>): RichTextElement {
  const shortcode = emoji.unicode === null ? emoji.name : shortcodeOf(emoji.unicode);
  if (shortcode === null || !SHORTCODE.test(shortcode)) return { type: 'text', text: emoji.unicode ?? `:${emoji.name}:` };
  return { type: 'emoji', name: shortcode };
}

function isRange(range: string): range is 'here' | 'channel' | 'everyone' {
  return range === 'here' || range === 'channel' || range === 'everyone';
}
