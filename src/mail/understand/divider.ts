import { unquoted } from './header-block.ts';
import { FORWARDED_MESSAGE, ORIGINAL_MESSAGE } from './quote-words.ts';

const MAX_DIVIDER_LENGTH = 120;

/** The words of a divider line such as `-----Original Message-----`; empty for a bare rule, null for any other line. */
function dividerWords(line: string): string | null {
  if (line.length > MAX_DIVIDER_LENGTH) return null;
  const match = /^[-_=*—–~+]{2,}\s*([^-_=*—–~+].*)?$/.exec(line);
  if (!match) return null;
  return (match[1] ?? '').replace(/[-_=*—–~+\s:]+$/, '').toLowerCase();
}

export function isOriginalDivider(line: string): boolean {
  const bare = unquoted(line.slice(0, MAX_DIVIDER_LENGTH + 50));
  const words = dividerWords(bare);
  if (words !== null) return ORIGINAL_MESSAGE.has(words.replace(/\s+(?:from|von|от|från|lähettäjältä)\s.*$/, ''));
  return false;
}

export function isForwardDivider(line: string): boolean {
  const bare = unquoted(line.slice(0, MAX_DIVIDER_LENGTH + 50));
  const words = dividerWords(bare) ?? (/[:：]$/.test(bare) && bare.length < 80 ? bare.slice(0, -1).trim().toLowerCase() : null);
  return words !== null && FORWARDED_MESSAGE.has(words);
}

/** `-------- some words --------`: whatever the language, above a header block it divides. */
export function looksLikeDivider(line: string): boolean {
  const bare = unquoted(line.slice(0, MAX_DIVIDER_LENGTH + 50));
  return /^[-_=*—–]{3,}[^-_=*—–]{3,60}[-_=*—–]{2,}$/.test(bare) || /^[^:：@]{8,60}[:：]$/.test(bare);
}

/** A line of underscores or dashes, which Outlook puts above its header block. */
export function isRule(line: string): boolean {
  return /^[-_=*—–]{3,}$/.test(unquoted(line.slice(0, 200)));
}

/** Our own line, in whatever language the mail was in when it left; other help desks write much the same. */
export function isOwnMarker(line: string): boolean {
  return line.length < 300 && /^[\s>]*##-?\s.{5,200}\s-?##\s*$/.test(line);
}
