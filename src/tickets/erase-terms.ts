import { domainToASCII, domainToUnicode } from 'node:url';
import parsePhone from 'libphonenumber-js/min';

/** Words by which a person can be recognised wherever they stand. */
export interface Term {
  /** `part`: one word of a name, in whatever case. */
  kind: 'email' | 'phone' | 'slack' | 'name' | 'part';
  text: string;
  /** What stands in its place in keys and addresses, where two erased people must stay two. */
  token: string;
}

export interface Redactor {
  isIn(text: string): boolean;
  text(text: string): string;
  /** Every string in it, keys too; numbers and shape stay. */
  json(value: unknown): unknown;
}

/** `mark` stands in prose, in the reader's language. */
export function createRedactor(terms: Term[], mark: string): Redactor {
  const patterns = terms.flatMap((term) => patternsOf(term).map((pattern) => ({ pattern, token: term.token })));
  const redact = (text: string, instead: string | null) =>
    patterns.reduce((clean, { pattern, token }) => clean.replaceAll(pattern, () => instead ?? token), text);
  return {
    isIn: (text) => patterns.some(({ pattern }) => text.search(pattern) >= 0),
    // What has no space is a key, an id or an address: there the same person keeps the same token.
    text: (text) => redact(text, /\s/.test(text) ? mark : null),
    json: (value) => mapStrings(value, (text) => redact(text, mark)),
  };
}

export function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, map));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [map(name), mapStrings(one, map)]));
}

const ANY_SEPARATOR = String.raw`[\s().\/\u00a0\u2010-\u2015-]{0,3}`;
const BETWEEN_NAMES = String.raw`(?:[\s_+.,]|%20)+`;
const MIN_NATIONAL_DIGITS = 7;
const MIN_NAME_LETTERS = 3;

function patternsOf(term: Term): RegExp[] {
  switch (term.kind) {
    case 'email':
      return addressForms(term.text).flatMap(addressPatterns);
    case 'phone':
      return phonePattern(term.text);
    case 'slack':
      return [new RegExp(`(?<![A-Z0-9])${escaped(term.text)}(?![A-Z0-9])`, 'gu')];
    case 'name':
    case 'part':
      return namePattern(term);
    default:
      return term.kind satisfies never;
  }
}

const AFTER_ADDRESS = String.raw`(?![a-z0-9_]|(?-i:\.[a-z0-9]))`;

/** Also percent-encoded in a link and as bounce addresses spell it; never a part of a longer address. */
function addressPatterns({ local, domain }: AddressForm): RegExp[] {
  const before = String.raw`(?:(?<=%[0-9a-f]{2})|(?<![a-z0-9._+-]))`;
  const inBounce = '(?<![a-z0-9._])';
  return [
    new RegExp(`${before}${escaped(local)}(?:@|%40)${escaped(domain)}${AFTER_ADDRESS}`, 'giu'),
    new RegExp(`${inBounce}${escaped(local)}=${escaped(domain)}${AFTER_ADDRESS}`, 'giu'),
  ];
}

interface AddressForm {
  local: string;
  domain: string;
}

function addressForms(address: string): AddressForm[] {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const domains = new Set([domain, domainToASCII(domain), domainToUnicode(domain)].filter(Boolean));
  return [...domains].map((one) => ({ local, domain: one }));
}

/** However it is spaced, with or without the country's prefix. */
function phonePattern(number: string): RegExp[] {
  const parsed = parsePhone(number);
  if (!parsed) return [];
  const spaced = (digits: string) => [...digits].join(ANY_SEPARATOR);
  const abroad = String.raw`(?:(?:\+|00)${ANY_SEPARATOR})?${spaced(parsed.countryCallingCode)}${ANY_SEPARATOR}(?:0${ANY_SEPARATOR})?`;
  const isShort = parsed.nationalNumber.length < MIN_NATIONAL_DIGITS;
  const prefix = isShort ? `(?:${abroad})` : `(?:${abroad}|0${ANY_SEPARATOR})?`;
  return [new RegExp(`(?<!\\d)${prefix}${spaced(parsed.nationalNumber)}(?!\\d)`, 'gu')];
}

/** A name of one word is matched as it is written only: it may be an ordinary word too. */
function namePattern({ text, kind }: Term): RegExp[] {
  const words = wordsOf(text);
  if (words.join('').length < MIN_NAME_LETTERS) return [];
  const forms = words.length === 2 ? [words, words.toReversed()] : [words];
  const any = forms.map((form) => form.map(escaped).join(BETWEEN_NAMES)).join('|');
  const isAnyCase = words.length > 1 || kind === 'part';
  return [new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${any})(?![\p{L}\p{N}])`, isAnyCase ? 'giu' : 'gu')];
}

function wordsOf(name: string): string[] {
  return name.split(/[\s,]+/).filter(Boolean);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** A LIKE pattern for what a database is asked first; it may find more than the term, never less. */
export interface Needle {
  pattern: string;
  /** To be looked for after taking out what people put between digits. */
  isDigits: boolean;
}

export function needlesOf(term: Term): Needle[] {
  switch (term.kind) {
    case 'email':
      return addressForms(term.text).flatMap(({ local, domain }) => spellings(local, domain));
    case 'phone': {
      const national = parsePhone(term.text)?.nationalNumber;
      return national ? [{ pattern: `%${national}%`, isDigits: true }] : [];
    }
    case 'slack':
      return spellings(term.text);
    case 'name':
    case 'part':
      return spellings(wordsOf(term.text).toSorted((a, b) => b.length - a.length)[0] ?? term.text);
    default:
      return term.kind satisfies never;
  }
}

/** SQLite folds ASCII letters only, so other letters are asked for as people write them: as given, small, capital. */
function spellings(...parts: string[]): Needle[] {
  const forms = [parts, parts.map((part) => part.toLowerCase()), parts.map((part) => part.toUpperCase())];
  const patterns = forms.map((form) => `%${form.map(likeEscaped).join('%')}%`);
  return [...new Set(patterns)].map((pattern) => ({ pattern, isDigits: false }));
}

/** `!` escapes; quotes and backslashes are spelled otherwise inside JSON. */
function likeEscaped(text: string): string {
  return text
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll(/[!%_]/g, '!$&')
    .replaceAll(/["\\]/g, '%');
}
