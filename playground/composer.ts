import { inlineElements } from './composer-inline.ts';
import { newBlockId } from './ids.ts';
import { escapeTyped, mapPlain, marked, rewriteAppText, unescape } from './rewrite.ts';
import type { JsonObject, State } from './state.ts';
import { type World, findChannel, findPerson } from './world.ts';

export interface Composed {
  text: string;
  blocks: JsonObject[];
}

type Part =
  | { kind: 'text' | 'quote'; lines: string[] }
  | { kind: 'code'; lines: string[] }
  | { kind: 'bullet' | 'ordered'; lines: string[]; indent: number };

const FENCE = /```\n?([\s\S]*?)\n?```/g;
const BULLET = /^(\s*)[-*•◦] +(.*)$/;
const ORDERED = /^(\s*)\d+[.)] +(.*)$/;
const INDENT_SPACES = 4;
const BROADCASTS = new Set(['here', 'channel', 'everyone']);

/** What Slack's composer makes of what a person typed: the text apps see, and its rich text. */
export function compose(world: World, typed: string): Composed {
  const escaped = mapPlain(escapeTyped(typed), (plain) => marked(withMentions(world, plain)));
  const parts = partsOf(escaped, true);
  return { text: parts.map(textOf).join('\n'), blocks: [richText(world.state, parts)] };
}

/** The rich text Slack stores beside an app's plain text. */
export function composeAppText(state: State, text: string): Composed {
  const rewritten = rewriteAppText(text);
  return { text: rewritten, blocks: rewritten === '' ? [] : [richText(state, partsOf(rewritten, false))] };
}

function withMentions(world: World, text: string): string {
  const people = text.replaceAll(/(?<![\w@])@([\w.-]*\w)/g, (whole, name: string) => {
    if (BROADCASTS.has(name)) return `<!${name}>`;
    const group = Object.values(world.state.userGroups).find((entry) => entry.handle === name);
    if (group) return `<!subteam^${group.id}>`;
    const found = findPerson(world, name);
    return found ? `<@${found.id}>` : whole;
  });
  return people.replaceAll(/(?<![\w&#])#([\p{L}\p{N}_-]+)/gu, (whole, name: string) => {
    const found = findChannel(world, name);
    return found ? `<#${found.id}|${found.kind === 'channel' ? found.name : ''}>` : whole;
  });
}

function partsOf(text: string, hasLists: boolean): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    parts.push(...linesOf(text.slice(from, fence.index).replace(/\n$/, ''), hasLists), { kind: 'code', lines: [fence[1] ?? ''] });
    from = fence.index + fence[0].length;
  }
  return [...parts, ...linesOf(text.slice(from).replace(from > 0 ? /^\n/ : /(?!)/, ''), hasLists)];
}

function linesOf(text: string, hasLists: boolean): Part[] {
  if (text === '') return [];
  return text.split('\n').reduce<Part[]>((parts, line) => {
    const part = lineOf(line, hasLists);
    const last = parts.at(-1);
    if (!last || last.kind !== part.kind || indentOf(last) !== indentOf(part)) return [...parts, part];
    return [...parts.slice(0, -1), { ...last, lines: [...last.lines, ...part.lines] }];
  }, []);
}

function lineOf(line: string, hasLists: boolean): Part {
  const quote = /^&gt; ?(.*)$/.exec(line);
  if (quote) return { kind: 'quote', lines: [quote[1] ?? ''] };
  const bullet = hasLists ? BULLET.exec(line) : null;
  if (bullet) return { kind: 'bullet', lines: [bullet[2] ?? ''], indent: depth(bullet[1]) };
  const ordered = hasLists ? ORDERED.exec(line) : null;
  if (ordered) return { kind: 'ordered', lines: [ordered[2] ?? ''], indent: depth(ordered[1]) };
  return { kind: 'text', lines: [line] };
}

function depth(spaces: string | undefined): number {
  return Math.floor((spaces ?? '').replaceAll('\t', ' '.repeat(INDENT_SPACES)).length / INDENT_SPACES);
}

function indentOf(part: Part): number {
  return 'indent' in part ? part.indent : 0;
}

function textOf(part: Part): string {
  switch (part.kind) {
    case 'code':
      return `\`\`\`${part.lines.join('\n')}\`\`\``;
    case 'quote':
      return part.lines.map((line) => `&gt; ${line}`).join('\n');
    case 'bullet':
      return part.lines.map((line) => `${' '.repeat(INDENT_SPACES * part.indent)}${part.indent % 2 === 0 ? '•' : '◦'} ${line}`).join('\n');
    case 'ordered':
      return part.lines.map((line, index) => `${' '.repeat(INDENT_SPACES * part.indent)}${index + 1}. ${line}`).join('\n');
    default:
      return part.lines.join('\n');
  }
}

function richText(state: State, parts: Part[]): JsonObject {
  return { type: 'rich_text', block_id: newBlockId(state), elements: parts.map((part, index) => element(part, index < parts.length - 1)) };
}

function element(part: Part, hasNext: boolean): JsonObject {
  switch (part.kind) {
    case 'code':
      return { type: 'rich_text_preformatted', border: 0, elements: [{ type: 'text', text: unescape(part.lines.join('\n')) }] };
    case 'quote':
      return { type: 'rich_text_quote', elements: inlineElements(part.lines.join('\n')) };
    case 'bullet':
    case 'ordered':
      return {
        type: 'rich_text_list',
        style: part.kind,
        indent: part.indent,
        border: 0,
        elements: part.lines.map((line) => ({ type: 'rich_text_section', elements: inlineElements(line) })),
      };
    default:
      return { type: 'rich_text_section', elements: inlineElements(part.lines.join('\n') + (hasNext ? '\n' : '')) };
  }
}
