import { THANKS_WORDS } from './thanks-words.ts';
import type { ThanksWords } from './thanks-words.ts';

/** Whether a mail to a solved ticket is only a thanks, so that the ticket may stay solved. When unsure: no. */
const MAX_WORDS = 12;
const MAX_LENGTH = 200;

/** Capitalised first words that are no name. */
const NEVER_NAMES = new Set(
  'not no but still however yet broken unfortunately sorry wait please ei en et mutta silti vielä valitettavasti inte ej men tyvärr fortfarande не но нет однако aber nicht kein leider noch ikke dessverre desværre ei aga kuid ні але'.split(
    ' ',
  ),
);

/** `text` is what the sender newly wrote; `language` the ticket's, tried first. People thank in a language that is not theirs. */
export function isBareThanks(text: string, language: string, hasFiles: boolean): boolean {
  if (hasFiles || text.length > MAX_LENGTH || /[?？\d@]|https?:/.test(text)) return false;
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length === 0 || words.length > MAX_WORDS) return false;
  const order = [language.slice(0, 2), ...THANKS_WORDS.keys()];
  return order.some((code) => isThanksIn(text, words, THANKS_WORDS.get(code)));
}

/** Every word must be known: a negator, a "but" or a new matter is then a word too many. Names are let through after the sign-off only. */
function isThanksIn(text: string, words: string[], known: ThanksWords | undefined): boolean {
  if (!known || !words.some((word) => known.thanks.has(word))) return false;
  const allowed = new Set([...known.thanks, ...known.polite]);
  return unknownWords(text, allowed).length === 0;
}

/** Words outside the table, except a name: up to two capitalised words alone on the last lines, or after a greeting's comma. */
function unknownWords(text: string, allowed: Set<string>): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.flatMap((line, at) => {
    const words = line.match(/\p{L}+/gu) ?? [];
    const isNameLine = at > 0 && words.length <= 2 && words.every(mayBeName);
    if (isNameLine) return [];
    return words.filter((word, index) => !allowed.has(word.toLowerCase()) && !isGreetedName(words, index, allowed));
  });
}

/** "Thanks Anna", "Kiitos Liisa!": one capitalised word that follows the first known word. */
function isGreetedName(words: string[], index: number, allowed: Set<string>): boolean {
  const previous = words[index - 1];
  return index === words.length - 1 && previous !== undefined && mayBeName(words[index] ?? '') && allowed.has(previous.toLowerCase());
}

function mayBeName(word: string): boolean {
  return /^\p{Lu}\p{Ll}/u.test(word) && !NEVER_NAMES.has(word.toLowerCase());
}
