import { type Block, type Document, type Inline, MAX_DOCUMENT_DEPTH } from '#text/document.ts';
import { unicodeFromCodePoints, unicodeOf } from './emoji.ts';
import { type MentionNames, type TextStyle, linkInline, paragraphsOf, textInlines } from './inlines.ts';
import { documentFromText } from './message-text.ts';

/** Slack indents further than a document may nest; deeper items join the deepest list. */
const MAX_LIST_INDENT = MAX_DOCUMENT_DEPTH - 3;

type ListBlock = Extract<Block, { type: 'list' }>;
type Raw = Record<string, unknown>;

/** A message's body: its rich_text where it has one, else its plain `text`. */
export function documentFromMessage(message: { blocks?: unknown; text?: string | undefined }, names: MentionNames): Document {
  const document = documentFromRichText(message.blocks, names);
  return document.blocks.length > 0 ? document : documentFromText(message.text ?? '', names);
}

export function documentFromRichText(blocks: unknown, names: MentionNames): Document {
  const elements = records(blocks).flatMap((block) => (block['type'] === 'rich_text' ? records(block['elements']) : []));
  const read: Block[] = [];
  for (let at = 0; at < elements.length;) {
    const lists = leadingLists(elements.slice(at));
    if (lists.length > 0) read.push(...nestedLists(lists, names));
    else read.push(...readElement(elements[at] ?? {}, names));
    at += Math.max(lists.length, 1);
  }
  return { blocks: read };
}

function readElement(element: Raw, names: MentionNames): Block[] {
  const inlines = readInlines(element, names);
  if (element['type'] === 'rich_text_quote') {
    const blocks = paragraphsOf(inlines);
    return blocks.length > 0 ? [{ type: 'quote', blocks }] : [];
  }
  const isCode = element['type'] === 'rich_text_preformatted' && !inlines.some((inline) => inline.type === 'mention');
  return isCode ? codeBlock(element, inlines) : paragraphsOf(inlines);
}

function codeBlock(element: Raw, inlines: Inline[]): Block[] {
  const text = inlines
    .map(codeText)
    .join('')
    .replace(/^\n+|\n+$/g, '');
  if (text === '') return [];
  const language = word(element['language']);
  return [{ type: 'code', text, ...(language ? { language } : {}) }];
}

function codeText(inline: Inline): string {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'link':
      return inline.text || inline.url;
    case 'mention':
      return inline.name;
    case 'emoji':
      return inline.unicode ?? `:${inline.name}:`;
    case 'break':
      return '\n';
    default:
      return inline satisfies never;
  }
}

function readInlines(element: Raw, names: MentionNames): Inline[] {
  return records(element['elements']).flatMap((child) => readInline(child, names));
}

function readInline(element: Raw, names: MentionNames): Inline[] {
  switch (element['type']) {
    case 'text':
      return textInlines(word(element['text']), styleOf(element));
    case 'link':
      return [linkInline(word(element['url']), word(element['text']))];
    case 'emoji':
      return [readEmoji(element)];
    case 'date':
      return textInlines(word(element['fallback']) || instant(element['timestamp']));
    case 'color':
      return textInlines(word(element['value']));
    default:
      return readMention(element, names) ?? readUnknown(element, names);
  }
}

function readMention(element: Raw, names: MentionNames): Inline[] | null {
  const userId = word(element['user_id']);
  if (userId) return [{ type: 'mention', kind: 'user', id: userId, name: names.user(userId) ?? userId }];
  const groupId = word(element['usergroup_id']) || word(element['team_id']);
  if (groupId) return [{ type: 'mention', kind: 'group', id: groupId, name: names.group(groupId) ?? groupId }];
  const channelId = word(element['channel_id']);
  if (channelId) return [{ type: 'mention', kind: 'channel', id: channelId, name: names.channel(channelId) ?? channelId }];
  if (element['type'] !== 'broadcast') return null;
  const range = word(element['range']) || 'channel';
  return [{ type: 'mention', kind: 'everyone', id: range, name: `@${range}` }];
}

/** Slack adds element types without warning; what they show as words must not be lost. */
function readUnknown(element: Raw, names: MentionNames): Inline[] {
  const children = readInlines(element, names);
  if (children.length > 0) return children;
  const words = word(element['text']) || word(element['fallback']);
  const url = word(element['url']);
  return words === '' && url !== '' ? [linkInline(url, '')] : textInlines(words);
}

function readEmoji(element: Raw): Inline {
  const tone = typeof element['skin_tone'] === 'number' ? `::skin-tone-${element['skin_tone']}` : '';
  const name = word(element['name']) + tone;
  const unicode = unicodeFromCodePoints(word(element['unicode'])) ?? unicodeOf(name);
  return { type: 'emoji', name, unicode };
}

function styleOf(element: Raw): TextStyle {
  const style = isRecord(element['style']) ? element['style'] : {};
  return {
    ...(style['bold'] === true ? { bold: true as const } : {}),
    ...(style['italic'] === true ? { italic: true as const } : {}),
    ...(style['strike'] === true ? { strike: true as const } : {}),
    ...(style['code'] === true ? { code: true as const } : {}),
  };
}

function leadingLists(elements: Raw[]): Raw[] {
  const end = elements.findIndex((element) => element['type'] !== 'rich_text_list');
  return end < 0 ? elements : elements.slice(0, end);
}

/** Slack sends a nested list as a flat row of lists with an indent each. */
function nestedLists(elements: Raw[], names: MentionNames): Block[] {
  const top: Block[] = [];
  const open: { indent: number; list: ListBlock }[] = [];
  for (const element of elements) {
    const indent = indentOf(element);
    const ordered = element['style'] === 'ordered';
    const items = records(element['elements']).map((item) => readElement(item, names));
    while ((open.at(-1)?.indent ?? -1) > indent) open.pop();
    const same = open.at(-1);
    if (same?.indent === indent && same.list.ordered === ordered) {
      same.list.items.push(...items);
      continue;
    }
    if (same?.indent === indent) open.pop();
    const list: ListBlock = { type: 'list', ordered, items };
    (open.at(-1)?.list.items.at(-1) ?? top).push(list);
    open.push({ indent, list });
  }
  return top;
}

function indentOf(element: Raw): number {
  const indent = element['indent'];
  return typeof indent === 'number' ? Math.min(Math.max(Math.trunc(indent), 0), MAX_LIST_INDENT) : 0;
}

function instant(timestamp: unknown): string {
  const seconds = Number(timestamp);
  return Number.isFinite(seconds) && Math.abs(seconds) < 8e12
    ? `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : '';
}

function records(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
