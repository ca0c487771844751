import { formatDate } from './dates.js';
import { h } from './view.js';

/**
 * Slack's mrkdwn as elements. Nothing here makes markup of text: what is not understood stays as it was typed.
 * `reader` is { locale, tz, person(id), channel(id), group(id), emoji, follow(url) }.
 */

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);
const FENCE = /```\n?([\s\S]*?)\n?```/g;
const INLINE = [
  { pattern: /`([^`\n]+)`/, show: (found) => h('code', null, unescape(found[1])) },
  { pattern: /<([^<>\n]+)>/, show: (found, reader) => token(found[1], reader) },
  { pattern: /:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/, show: (found, reader) => emoji(found[1], reader) ?? found[0] },
  {
    pattern: /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*\S)\*(?![\p{L}\p{N}*])/u,
    show: (found, reader) => h('strong', null, inline(found[1], reader)),
  },
  { pattern: /(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*\S)_(?![\p{L}\p{N}_])/u, show: (found, reader) => h('em', null, inline(found[1], reader)) },
  { pattern: /(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*\S)~(?![\p{L}\p{N}~])/u, show: (found, reader) => h('s', null, inline(found[1], reader)) },
];
const DATE = /^!date\^(\d+)\^([^^|]+)(?:\^([^|]+))?(?:\|(.*))?$/;

export function unescape(text) {
  return text.replaceAll(/&(amp|lt|gt);/g, (_whole, name) => ({ amp: '&', lt: '<', gt: '>' })[name]);
}

export function mrkdwn(text, reader) {
  const shown = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    shown.push(...lines(text.slice(from, fence.index).replace(/\n$/, ''), reader), h('pre', null, unescape(fence[1])));
    from = fence.index + fence[0].length;
  }
  return [...shown, ...lines(text.slice(from).replace(from > 0 ? /^\n/ : /(?!)/, ''), reader)];
}

/** Quoted lines stand together; the others are broken where they were. */
function lines(text, reader) {
  if (text === '') return [];
  const shown = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length > 0) shown.push(h('blockquote', null, broken(quoted, reader)));
    quoted = [];
  };
  let plain = [];
  const flushPlain = () => {
    if (plain.length > 0) shown.push(h('span', { class: 'lines' }, broken(plain, reader)));
    plain = [];
  };
  for (const line of text.split('\n')) {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if (quote) flushPlain();
    else flush();
    (quote ? quoted : plain).push(quote ? quote[1] : line);
  }
  flush();
  flushPlain();
  return shown;
}

function broken(many, reader) {
  return many.flatMap((line, index) => (index === 0 ? inline(line, reader) : [h('br'), ...inline(line, reader)]));
}

export function inline(text, reader) {
  const found = INLINE.map((kind) => ({ kind, match: kind.pattern.exec(text) })).filter(({ match }) => match !== null);
  const first = found.toSorted((left, right) => left.match.index - right.match.index)[0];
  if (!first) return text === '' ? [] : [unescape(text)];
  const { match, kind } = first;
  const before = text.slice(0, match.index);
  return [...(before ? [unescape(before)] : []), kind.show(match, reader), ...inline(text.slice(match.index + match[0].length), reader)];
}

function token(inner, reader) {
  const [target, label] = inner.split('|');
  if (target.startsWith('@')) return mention(target.slice(1), reader, label);
  if (target.startsWith('#')) return channelLink(target.slice(1), reader, label);
  if (target.startsWith('!subteam^'))
    return h('span', { class: 'mention' }, `@${reader.group(target.slice('!subteam^'.length)) ?? label ?? 'group'}`);
  if (/^!(here|channel|everyone)$/.test(target)) return h('span', { class: 'mention loud' }, `@${target.slice(1)}`);
  const date = DATE.exec(inner);
  if (date) return dateElement({ timestamp: Number(date[1]), format: date[2], fallback: unescape(date[4] ?? '') }, reader);
  return anchor(unescape(target), label === undefined ? undefined : unescape(label), reader);
}

export function mention(id, reader, label) {
  const known = reader.person(id);
  return h('span', { class: `mention${id === reader.me ? ' loud' : ''}` }, `@${known ?? label ?? id}`);
}

export function channelLink(id, reader, label) {
  const name = reader.channel(id) || label || 'private channel';
  return h('button', { class: 'mention', type: 'button', onClick: () => reader.follow(`#${id}`) }, `#${name}`);
}

export function dateElement({ timestamp, format, fallback }, reader) {
  const shown = Number.isFinite(timestamp) ? formatDate(timestamp, format, reader) : fallback;
  return h('time', { datetime: new Date(timestamp * 1_000).toISOString(), title: fallback ?? '' }, shown);
}

/** Only what a reader may safely click becomes a link. */
export function anchor(url, label, reader) {
  if (!URL.canParse(url) || !SAFE_SCHEMES.has(new URL(url).protocol)) return label ?? url;
  const text = label ?? url.replace(/^(mailto|tel):/, '');
  const inside = /\/archives\/(C[A-Z0-9]+|G[A-Z0-9]+|D[A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(url);
  if (inside)
    return h('button', { class: 'link', type: 'button', onClick: () => reader.follow(`#${inside[1]}`, `${inside[2]}.${inside[3]}`) }, text);
  return h('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, text);
}

export function emoji(name, reader) {
  const character = reader.emoji[name];
  return character && h('span', { class: 'emoji', title: `:${name}:`, role: 'img', 'aria-label': name.replaceAll('_', ' ') }, character);
}

/** Names only, for text that is no mrkdwn. */
export function withEmoji(text, reader) {
  return text.split(/(:[a-z0-9_+'-]+:)/).map((part) => emoji(/^:(.+):$/.exec(part)?.[1] ?? '', reader) ?? part);
}

/** What the person typed, of what Slack made of it: for editing. */
export function typedText(text, reader) {
  const plain = text.replaceAll(/<([^<>\n]+)>/g, (_whole, inner) => {
    const [target, label] = inner.split('|');
    if (target.startsWith('@')) return `@${reader.handle(target.slice(1)) ?? target.slice(1)}`;
    if (target.startsWith('#')) return `#${label || reader.channel(target.slice(1)) || target.slice(1)}`;
    if (target.startsWith('!')) return `@${target.replace(/^!(subteam\^)?/, '')}`;
    return label ?? target.replace(/^(mailto|tel):/, '');
  });
  return unescape(plain);
}
