import type { Block, Document, Inline } from '#text/document.ts';
import { unicodeOf } from './emoji.ts';
import { type MentionNames, type TextStyle, linkInline, paragraphsOf, textInlines } from './inlines.ts';
import { unescape } from './mrkdwn.ts';

/** Messages of `/me`, of old clients and of other apps carry no rich_text; this reads Slack's own text of them. */
export function documentFromText(text: string, names: MentionNames): Document {
  return { blocks: text.split('```').flatMap((part, index) => (index % 2 === 1 ? codeBlock(part) : plainBlocks(part, names))) };
}

const TOKEN = /<([^<>\n]{1,4000})>/g;
const SHORTCODE = /:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/g;
const STYLED = /(?<![\p{L}\p{N}])([*_~`])(?!\s|\1)([^\n]{0,300}?\S)\1(?![\p{L}\p{N}])/gu;
const STYLES: Record<string, TextStyle> = { '*': { bold: true }, _: { italic: true }, '~': { strike: true }, '`': { code: true } };

/** One `>` or three are a quote in Slack; two are words somebody typed. */
const QUOTE = /^&gt;(?:&gt;&gt;|(?!&gt;))\s?/;

function codeBlock(text: string): Block[] {
  const inner = unescape(text).replace(/^\n+|\n+$/g, '');
  return inner.trim() === '' ? [] : [{ type: 'code', text: inner }];
}

function plainBlocks(text: string, names: MentionNames): Block[] {
  const runs: { isQuote: boolean; lines: string[] }[] = [];
  let isOpenQuote = false;
  for (const line of text.split('\n')) {
    const isQuote: boolean = isOpenQuote || QUOTE.test(line);
    isOpenQuote ||= line.startsWith('&gt;&gt;&gt;');
    const run = runs.at(-1);
    if (run?.isQuote === isQuote) run.lines.push(line);
    else runs.push({ isQuote, lines: [line] });
  }
  return runs.flatMap((run) => runBlocks(run, names));
}

function runBlocks(run: { isQuote: boolean; lines: string[] }, names: MentionNames): Block[] {
  const words = run.lines.map((line) => (run.isQuote ? line.replace(QUOTE, '') : line)).join('\n');
  const blocks = paragraphsOf(readTokens(words, names));
  return run.isQuote && blocks.length > 0 ? [{ type: 'quote', blocks }] : blocks;
}

function readTokens(text: string, names: MentionNames): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    inlines.push(...readStyled(text.slice(from, match.index)), ...readToken(match[1] ?? '', names));
    from = match.index + match[0].length;
  }
  return [...inlines, ...readStyled(text.slice(from))];
}

function readToken(token: string, names: MentionNames): Inline[] {
  const [target = '', label = ''] = split(token, '|');
  const id = target.slice(1);
  if (target.startsWith('@')) return [{ type: 'mention', kind: 'user', id, name: names.user(id) ?? (plain(label) || id) }];
  if (target.startsWith('#')) return [{ type: 'mention', kind: 'channel', id, name: names.channel(id) ?? (plain(label) || id) }];
  if (target.startsWith('!subteam^')) {
    const group = target.slice('!subteam^'.length);
    return [{ type: 'mention', kind: 'group', id: group, name: names.group(group) ?? (plain(label) || group) }];
  }
  if (target.startsWith('!date^')) return textInlines(unescape(label));
  if (target.startsWith('!')) return [{ type: 'mention', kind: 'everyone', id, name: `@${id}` }];
  return [linkInline(unescape(target), unescape(label))];
}

function readStyled(text: string): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(STYLED)) {
    inlines.push(...readEmoji(text.slice(from, match.index), {}), ...readEmoji(match[2] ?? '', STYLES[match[1] ?? ''] ?? {}));
    from = match.index + match[0].length;
  }
  return [...inlines, ...readEmoji(text.slice(from), {})];
}

function readEmoji(text: string, style: TextStyle): Inline[] {
  if (style.code) return textInlines(unescape(text), style);
  const inlines: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(SHORTCODE)) {
    const name = match[1] ?? '';
    const unicode = unicodeOf(name);
    if (unicode === null) continue;
    inlines.push(...textInlines(unescape(text.slice(from, match.index)), style), { type: 'emoji', name, unicode });
    from = match.index + match[0].length;
  }
  return [...inlines, ...textInlines(unescape(text.slice(from)), style)];
}

function split(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function plain(label: string): string {
  return unescape(label).replace(/^[@#]/, '');
}
