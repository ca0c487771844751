/**
 * The one place where text becomes Slack mrkdwn. Everything from outside passes `escape`; what it returns can name nobody,
 * link nowhere and close nothing that was opened around it.
 */

export const MAX_LABEL_CHARACTERS = 500;
const FENCE = '```';
const FENCE_ROOM = FENCE.length + 1;
const LONGEST_ENTITY = '&amp;'.length;
const SLACK_ID = /^[A-Z][A-Z0-9]{1,20}$/;
const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** Slack's three characters. Anything typed by a person outside goes through here exactly once. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What Slack escaped on its way to us. One pass, so that `&amp;lt;` stays the text `&lt;`. */
export function unescape(text: string): string {
  return text.replaceAll(/&(amp|lt|gt);/g, (_whole, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));
}

/** Takes escaped text. mrkdwn has no escape for its own signs, so a look-alike keeps the name whole. */
export function bold(escaped: string): string {
  return wrap(escaped, '*', '∗');
}

export function italic(escaped: string): string {
  return wrap(escaped, '_', 'ˍ');
}

export function strike(escaped: string): string {
  return wrap(escaped, '~', '∼');
}

export function code(escaped: string): string {
  return wrap(escaped, '`', 'ˋ');
}

export function codeBlock(escaped: string): string {
  return `${FENCE}\n${escaped.replaceAll(FENCE, 'ˋˋˋ')}\n${FENCE}`;
}

export function quote(escaped: string): string {
  return escaped
    .split('\n')
    .map((line) => `>${line}`)
    .join('\n');
}

/**
 * A link whose words cannot disguise where it goes: words that look like another address are shown beside the real one.
 * Takes raw text; an address that is no web, mail or phone address becomes plain words.
 */
export function link(url: string, text = ''): string {
  const target = safeUrl(url);
  const label = text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_LABEL_CHARACTERS);
  if (target === null) return escape(label && label !== url ? `${label} (${url})` : url);
  const address = escapeAddress(target);
  if (label === '' || label === url) return `<${address}>`;
  if (isDisguised(target, label)) return `${escape(label)} <${address}>`;
  return `<${address}|${escape(label).replaceAll('|', '¦')}>`;
}

/** Null for anything a reader should not be able to click. */
export function safeUrl(url: string): string | null {
  const trimmed = url.trim();
  if (/[\s\u0000-\u001f]/.test(trimmed) || !URL.canParse(trimmed)) return null;
  return SAFE_SCHEMES.has(new URL(trimmed).protocol) ? trimmed : null;
}

/** Whether the words name a host, and not the one the link goes to. */
export function isDisguised(url: string, label: string): boolean {
  const words = label.slice(0, MAX_LABEL_CHARACTERS);
  const shown = /(?:^|[\s(<"'])(?:[a-z]{2,10}:\/\/|mailto:)?(?:[^\s@/]{1,64}@)?((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})/iu.exec(
    words,
  )?.[1];
  if (shown === undefined) return false;
  const target = new URL(url);
  const host = target.protocol === 'mailto:' ? (target.pathname.split('@').at(-1) ?? '') : target.hostname;
  return bareHost(shown) !== bareHost(host);
}

export function userMention(id: string): string {
  return isSlackId(id) ? `<@${id}>` : escape(`@${id}`);
}

export function groupMention(id: string): string {
  return isSlackId(id) ? `<!subteam^${id}>` : escape(`@${id}`);
}

export function channelMention(id: string): string {
  return isSlackId(id) ? `<#${id}>` : escape(`#${id}`);
}

export function isSlackId(id: string): boolean {
  return SLACK_ID.test(id);
}

/** Slack shows the time in the reader's zone; the fallback is raw text for old clients and notifications. */
export function dateToken(at: Date, format: string, fallback: string): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  return `<!date^${seconds}^${tokenText(format)}|${tokenText(fallback)}>`;
}

/** A moment in the reader's zone, and relative where Slack knows a word for it. */
export function moment(at: Date): string {
  return dateToken(at, '{date_short_pretty} {time}', at.toISOString());
}

/**
 * Pieces no longer than `limit`, split at line ends where there is one, never inside an entity, a token or a character.
 * A code block that is cut is closed and opened again; apart from those fences the pieces joined are the text.
 */
export function splitAtLines(text: string, limit: number): string[] {
  const room = Math.max(limit - 2 * FENCE_ROOM, 1);
  const pieces: string[] = [];
  let rest = text;
  let isInCode = false;
  while (rest !== '') {
    const fits = rest.length + (isInCode ? FENCE_ROOM : 0) <= limit;
    const piece = fits ? rest : rest.slice(0, cutAt(rest, room));
    rest = rest.slice(piece.length);
    const opened = isInCode;
    if (piece.split(FENCE).length % 2 === 0) isInCode = !isInCode;
    pieces.push((opened ? `${FENCE}\n` : '') + piece + (isInCode && rest !== '' ? `\n${FENCE}` : ''));
  }
  return pieces;
}

/** Shortened for a label or a heading: at a word where one ends near, and with an ellipsis. Takes raw text. */
export function shorten(text: string, limit: number): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  if (flat.length <= limit) return flat;
  const cut = flat.slice(0, wholeCharacters(flat, Math.max(limit - 1, 0)));
  const space = cut.lastIndexOf(' ');
  return `${(space > limit / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

function wrap(escaped: string, sign: string, lookAlike: string): string {
  const inner = escaped
    .replaceAll(sign, lookAlike)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  return inner === '' ? '' : sign + inner + sign;
}

function tokenText(text: string): string {
  return text.replaceAll(/[\^|<>&\n]/g, ' ');
}

function escapeAddress(url: string): string {
  return escape(url.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('|', '%7C'));
}

function bareHost(host: string): string {
  const ascii = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host.toLowerCase();
  return ascii.replace(/^www\./, '');
}

function cutAt(text: string, room: number): number {
  const line = text.lastIndexOf('\n', room - 1);
  if (line > 0) return line + 1;
  const word = text.lastIndexOf(' ', room - 1);
  return outsideToken(text, word > room / 2 ? word + 1 : wholeCharacters(text, room));
}

/** Moves a cut before a `<…>` token or an `&…;` entity it would break, unless the token alone is longer than the room. */
function outsideToken(text: string, cut: number): number {
  const open = text.lastIndexOf('<', cut - 1);
  if (open > 0 && text.indexOf('>', open) >= cut) return open;
  const entity = text.lastIndexOf('&', cut - 1);
  if (entity > 0 && cut - entity < LONGEST_ENTITY && /^&(?:amp|lt|gt);/.test(text.slice(entity, entity + LONGEST_ENTITY))) {
    const end = text.indexOf(';', entity);
    return end >= cut ? entity : cut;
  }
  return outsideFence(text, cut);
}

function outsideFence(text: string, cut: number): number {
  let place = cut;
  while (place > 1 && cut - place < FENCE.length && text[place - 1] === '`' && text[place] === '`') place -= 1;
  return place;
}

function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff && length > 1 ? length - 1 : length;
}
