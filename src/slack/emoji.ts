import table from './emoji.json' with { type: 'json' };

/** Slack sends the code points of a standard emoji with it; the table serves plain text and what we write ourselves. */
const BY_NAME = new Map<string, string>(Object.entries(table));
const BY_UNICODE = new Map<string, string>();
for (const [name, unicode] of BY_NAME) {
  const key = withoutVariation(unicode);
  if (!BY_UNICODE.has(key)) BY_UNICODE.set(key, name);
}

const MAX_CODE_POINTS = 12;
const FIRST_SKIN_TONE = 0x1f3fb;
const LAST_SKIN_TONE = 0x1f3ff;
const REGIONAL_A = 0x1f1e6;
const LETTER_A = 0x61;
const SHORTCODE = /:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/g;
const EMOJI = /\p{RGI_Emoji}|\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}]/v;
const EVERY_EMOJI = new RegExp(EMOJI.source, 'gv');

/** `thumbsup`, `+1::skin-tone-3` and `flag-fi` as characters; null for a workspace's own emoji. */
export function unicodeOf(shortcode: string): string | null {
  const [name = '', tone] = shortcode.split('::');
  const unicode = BY_NAME.get(name) ?? flag(name);
  if (unicode === null) return null;
  const step = tone === undefined ? null : /^skin-tone-([2-6])$/.exec(tone)?.[1];
  return step ? withSkinTone(unicode, Number(step)) : unicode;
}

/** `1f44d-1f3fd`, as rich_text carries it. */
export function unicodeFromCodePoints(hex: string): string | null {
  const points = hex.split('-');
  if (points.length > MAX_CODE_POINTS || !points.every((point) => /^[0-9a-f]{2,6}$/i.test(point))) return null;
  const numbers = points.map((point) => Number.parseInt(point, 16));
  return numbers.every((number) => number <= 0x10ffff) ? String.fromCodePoint(...numbers) : null;
}

/** Null where Slack has no name we know; the character itself is then the best thing to send. */
export function shortcodeOf(unicode: string): string | null {
  const points = Array.from(withoutVariation(unicode));
  const tone = points.findIndex((point) => isSkinTone(point));
  const base = points.filter((point) => !isSkinTone(point)).join('');
  const name = BY_UNICODE.get(base) ?? flagName(points);
  if (name === null || tone < 0) return name;
  return `${name}::skin-tone-${(points[tone]?.codePointAt(0) ?? 0) - FIRST_SKIN_TONE + 2}`;
}

/** `:tada:` becomes 🎉; a name nobody knows stays as typed. */
export function withUnicodeEmoji(text: string): string {
  return text.replaceAll(SHORTCODE, (whole, name: string) => unicodeOf(name) ?? whole);
}

export function hasEmoji(text: string): boolean {
  return EMOJI.test(text);
}

export function withoutEmoji(text: string): string {
  return text.replaceAll(EVERY_EMOJI, ' ');
}

function withoutVariation(unicode: string): string {
  return unicode.replaceAll('\u{FE0F}', '');
}

function withSkinTone(unicode: string, step: number): string {
  const [first = '', ...rest] = Array.from(withoutVariation(unicode));
  return first + String.fromCodePoint(FIRST_SKIN_TONE + step - 2) + rest.join('');
}

function isSkinTone(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return point >= FIRST_SKIN_TONE && point <= LAST_SKIN_TONE;
}

function flag(name: string): string | null {
  const country = /^flag-([a-z]{2})$/.exec(name)?.[1];
  if (!country) return null;
  return Array.from(country, (letter) => String.fromCodePoint(REGIONAL_A + letter.charCodeAt(0) - LETTER_A)).join('');
}

function flagName(points: string[]): string | null {
  const letters = points.map((point) => (point.codePointAt(0) ?? 0) - REGIONAL_A);
  if (letters.length !== 2 || !letters.every((letter) => letter >= 0 && letter < 26)) return null;
  return `flag-${letters.map((letter) => String.fromCharCode(LETTER_A + letter)).join('')}`;
}
