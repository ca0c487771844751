import { codePoints, isEmojiName } from './emoji.ts';
import { unescape } from './rewrite.ts';
import type { JsonObject } from './state.ts';
import { word } from './words.ts';

type Style = { bold?: true; italic?: true; strike?: true; code?: true };

const MARKS: Record<string, keyof Style> = { '*': 'bold', _: 'italic', '~': 'strike' };
const CODE = /`([^`\n]+)`/;
const TOKEN = /<([^<>\n]+)>/;
const EMOJI = /:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/;
const STYLED = /(?<![\p{L}\p{N}*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}*_~])/u;
const DATE = /^!date\^(\d+)\^([^^|]+)(?:\^([^|]+))?(?:\|(.*))?$/;

/** Slack-escaped text of one paragraph as rich text elements. */
export function inlineElements(text: string, style: Style = {}): JsonObject[] {
  return merged(parse(text, style));
}

function parse(text: string, style: Style): JsonObject[] {
  const next = firstOf(text);
  if (!next) return text === '' ? [] : [textElement(text, style)];
  const before = text.slice(0, next.index);
  const after = text.slice(next.index + next.length);
  return [...(before === '' ? [] : [textElement(before, style)]), ...next.elements(style), ...parse(after, style)];
}

interface Found {
  index: number;
  length: number;
  elements: (style: Style) => JsonObject[];
}

function firstOf(text: string): Found | undefined {
  const found = [code(text), token(text), emoji(text), styled(text)].filter((entry) => entry !== undefined);
  return found.toSorted((left, right) => left.index - right.index)[0];
}

function code(text: string): Found | undefined {
  const found = CODE.exec(text);
  return found === null ? undefined : foundAt(found, (style) => [textElement(found[1] ?? '', { ...style, code: true })]);
}

function token(text: string): Found | undefined {
  const found = TOKEN.exec(text);
  return found === null ? undefined : foundAt(found, (style) => [withStyle(tokenElement(found[1] ?? ''), style)]);
}

function emoji(text: string): Found | undefined {
  const found = EMOJI.exec(text);
  if (!found) return undefined;
  const [, name = '', tone] = found;
  if (!isEmojiName(name)) {
    const rest = emoji(text.slice(found.index + 1));
    return rest && { ...rest, index: rest.index + found.index + 1 };
  }
  const unicode = codePoints(name);
  const element: JsonObject = { type: 'emoji', name, ...(tone ? { skin_tone: Number(tone) } : {}), ...(unicode ? { unicode } : {}) };
  return foundAt(found, (style) => [withStyle(element, style)]);
}

function styled(text: string): Found | undefined {
  const found = STYLED.exec(text);
  return found === null
    ? undefined
    : foundAt(found, (style) => parse(found[2] ?? '', { ...style, [MARKS[found[1] ?? '*'] ?? 'bold']: true }));
}

function foundAt(found: RegExpExecArray, elements: (style: Style) => JsonObject[]): Found {
  return { index: found.index, length: found[0].length, elements };
}

function tokenElement(inner: string): JsonObject {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1) };
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1) };
  if (target.startsWith('!subteam^')) return { type: 'usergroup', usergroup_id: target.slice('!subteam^'.length) };
  if (/^!(here|channel|everyone)$/.test(target)) return { type: 'broadcast', range: target.slice(1) };
  const date = DATE.exec(inner);
  if (date) return dateElement(date);
  return { type: 'link', url: unescape(target), ...(label === undefined ? {} : { text: unescape(label) }) };
}

function dateElement([, timestamp, format = '', url, fallback]: RegExpExecArray): JsonObject {
  return {
    type: 'date',
    timestamp: Number(timestamp),
    format,
    ...(url ? { url } : {}),
    ...(fallback ? { fallback: unescape(fallback) } : {}),
  };
}

function textElement(text: string, style: Style): JsonObject {
  return withStyle({ type: 'text', text: unescape(text) }, style);
}

function withStyle(element: JsonObject, style: Style): JsonObject {
  return Object.keys(style).length === 0 ? element : { ...element, style: { ...style } };
}

function merged(elements: JsonObject[]): JsonObject[] {
  return elements.reduce<JsonObject[]>((done, element) => {
    const last = done.at(-1);
    const isSame =
      last?.['type'] === 'text' && element['type'] === 'text' && JSON.stringify(last['style']) === JSON.stringify(element['style']);
    if (!last || !isSame) return [...done, element];
    return [...done.slice(0, -1), { ...last, text: `${word(last['text'])}${word(element['text'])}` }];
  }, []);
}
