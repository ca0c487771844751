import type { Contents } from './passages.ts';
import { plainWord } from './fold.ts';
import { type Reason, reason } from './reason.ts';
import { AUDIENCE_WORDS } from './words/languages.ts';

/** Shapes of keys and tokens. Every quantifier is bounded, so a long line costs no more than its length. */
const SHAPES = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bxapp-[0-9]-[A-Za-z0-9-]{10,}/,
  /\b(?:ghp|gho|ghu|ghs|ghr|github_pat)_[A-Za-z0-9_]{20,}/,
  /\bglpat-[A-Za-z0-9_-]{15,}/,
  /\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\./,
  /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s:/@]{1,64}:[^\s/@]{1,128}@/i,
  /\bssh-(?:rsa|ed25519) [A-Za-z0-9+/]{40,}/,
  /\bBearer [A-Za-z0-9._~+/-]{16,}/i,
];
const ENTROPIC = /(?<![\p{L}\p{N}/._=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\p{L}\p{N}/._-])/gu;
const MIN_DIGITS = 3;
const MIN_CASE_CHANGES = 5;
const CARD = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
const PERSONAL_ID = /(?<![\p{L}\p{N}])(\d{6})[-+A-FU-Y](\d{3})([0-9A-Y])(?![\p{L}\p{N}])/gu;
const PERSONAL_ID_CHECKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

const SECRET_WORDS = [...new Set(Object.values(AUDIENCE_WORDS).flatMap((words) => words.secretWords))].map((word) => plainWord(word));
const SECRET_VALUE = new RegExp(
  `(?<![\\p{L}])(?:${SECRET_WORDS.map((word) => word.replaceAll(' ', '\\s')).join('|')})[\\p{L}]{0,8}\\s{0,3}(?:[:=–—-]|on|is|är|это|:n)\\s{0,3}["'«\`]?([^\\s"'»\`]{4,64})`,
  'giu',
);

/** A password, key, card number or personal id. The reason never repeats it. */
export function secretReasons(contents: Contents): Reason[] {
  for (const { text } of contents.passages) {
    if (SHAPES.some((shape) => shape.test(text)) || hasEntropicToken(text) || hasSecretValue(text)) return [reason('secret')];
    if (hasCardNumber(text)) return [reason('card_number')];
    if (hasPersonalId(text)) return [reason('personal_id')];
  }
  return contents.links.some((link) => SHAPES.some((shape) => shape.test(link.url)) || hasSecretParameter(link.url))
    ? [reason('secret')]
    : [];
}

/** "Password: at least eight letters" is advice; "password: Kissa123" is a password. */
function hasSecretValue(text: string): boolean {
  return [...plainSpaces(text).matchAll(SECRET_VALUE)].some((match) => {
    const value = (match[1] ?? '').replace(/[.,;:!?)]+$/, '');
    if (/^(?:https?:|www\.|<|\*+$)/i.test(value)) return false;
    return value.length >= 4 && /\d/.test(value)
      ? /[\p{L}]/u.test(value) || /^\d{4,8}$/.test(value)
      : /[^\p{L}\d.,-]/u.test(value) && value.length >= 6;
  });
}

function hasEntropicToken(text: string): boolean {
  return [...text.matchAll(ENTROPIC)].some(([token]) => {
    const digits = token.replaceAll(/\D/g, '').length;
    const changes = [...token.matchAll(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])/g)].length;
    return digits >= MIN_DIGITS && changes >= MIN_CASE_CHANGES && /[a-z]/.test(token) && !isUuid(token);
  });
}

function isUuid(token: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token);
}

function hasSecretParameter(url: string): boolean {
  return /[?&#](?:access_token|api_?key|secret|password|passwd|client_secret)=[^&\s]{4,}/i.test(url);
}

function hasCardNumber(text: string): boolean {
  return [...text.matchAll(CARD)].some(([digits]) => {
    const number = digits.replaceAll(/\D/g, '');
    return /^(?:4|5[1-5]|2[2-7]|3[47]|6)/.test(number) && isLuhn(number);
  });
}

function isLuhn(number: string): boolean {
  const sum = Array.from(number)
    .toReversed()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
}

function hasPersonalId(text: string): boolean {
  return [...text.matchAll(PERSONAL_ID)].some(
    ([, birth = '', serial = '', check]) => PERSONAL_ID_CHECKS[Number(birth + serial) % PERSONAL_ID_CHECKS.length] === check,
  );
}

function plainSpaces(text: string): string {
  return text.replaceAll(/[\u00a0\u2007\u202f]/g, ' ').replaceAll('ё', 'е');
}
