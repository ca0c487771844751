import type { AudienceFacts, AudienceSubject } from './audience-facts.ts';
import { type Contents, type Token, tokensOf } from './passages.ts';
import { type Reason, reason } from './reason.ts';
import { WORD_LANGUAGES, wordLists } from './word-lists.ts';

const MIN_DETECTOR_LETTERS = 25;
const MIN_DETECTOR_CONFIDENCE = 0.8;
const MIN_SCRIPT_LETTERS = 8;
const MIN_VOTES = 2;
const MIN_VOTES_FOR_UNKNOWN = 3;
const MIN_SHARE_FOR_UNKNOWN = 0.3;
/** Nobody writes this many words of a language without one of its frequent ones, so one of another's is enough. */
const MIN_WORDS_WITHOUT_VOTE = 5;
const MIN_WORDS_FOR_VOTES = 8;
const MIN_VOTES_AGAINST = 2;
const TIMES_AS_MANY = 3;
const CLOSE_SHARE = 0.6;

/** How many of a text's words are frequent in one of our languages and seldom in the others. */
export function languageVotes(tokens: Token[]): Map<string, number> {
  const votes = new Map<string, number>();
  for (const language of WORD_LANGUAGES) {
    const frequent = wordLists(language)?.frequent;
    votes.set(language, tokens.filter((token) => frequent?.has(token.word)).length);
  }
  return votes;
}

/** The languages whose word lists a text is read with: those it may be written in. */
export function likelyLanguages(tokens: Token[], fallbacks: string[]): string[] {
  const votes = languageVotes(tokens);
  const most = Math.max(...votes.values());
  const likely = WORD_LANGUAGES.filter((language) => most > 0 && (votes.get(language) ?? 0) >= most * CLOSE_SHARE);
  if (likely.length > 0) return likely;
  return isCyrillic(tokens) ? ['ru'] : [...new Set(fallbacks)].filter((language) => WORD_LANGUAGES.includes(language));
}

/** Written in another language than the ticket's: said by the detector when it is sure, else by script or common words. */
export function languageReasons(contents: Contents, facts: AudienceFacts, subject: AudienceSubject): Reason[] {
  const own = contents.passages.filter((passage) => passage.kind === 'own');
  const tokens = tokensOf(own);
  const found =
    languageOfWords(tokens, subject.language) ??
    detected(own.map((passage) => passage.text).join('\n'), facts, { tokens, language: subject.language });
  return found !== null && found !== subject.language ? [reason('other_language', { found, expected: subject.language })] : [];
}

function detected(text: string, facts: AudienceFacts, ticket: { tokens: Token[]; language: string }): string | null {
  if (!facts.detectLanguage) return null;
  const words = text.split(/\s+/).filter((word) => !word.includes('@') && !/^\P{L}{0,3}(?:https?:|www\.)/iu.test(word));
  const letters = words.join(' ').replaceAll(/[^\p{L}\s]/gu, ' ');
  if (letters.replaceAll(/\s/g, '').length < MIN_DETECTOR_LETTERS) return null;
  const found = facts.detectLanguage(letters);
  if (!found || found.confidence < MIN_DETECTOR_CONFIDENCE) return null;
  const votes = languageVotes(ticket.tokens);
  const own = votes.get(ticket.language) ?? 0;
  // A line of a few words has no room for two of its language's frequent ones.
  const enough = ticket.tokens.length < MIN_WORDS_FOR_VOTES ? 1 : MIN_VOTES;
  return own >= enough && own === Math.max(...votes.values()) ? null : found.code;
}

function languageOfWords(tokens: Token[], expected: string): string | null {
  const cyrillic = cyrillicShare(tokens);
  if (cyrillic !== null && expected === 'ru' && cyrillic < 0.2 && latinWords(tokens) > MIN_VOTES) return bestLanguage(tokens) ?? 'en';
  if (cyrillic !== null && WORD_LANGUAGES.includes(expected) && expected !== 'ru' && cyrillic > 0.5) return 'ru';
  const votes = languageVotes(tokens);
  const own = votes.get(expected) ?? 0;
  if (own > 0) return outvoted(votes, expected, tokens);
  const best = bestLanguage(tokens) ?? (expected === 'en' ? nordic(tokens) : null);
  if (best === null) return null;
  if (expected === 'en' && nordic(tokens) !== null) return best;
  if (!WORD_LANGUAGES.includes(expected))
    return (votes.get(best) ?? 0) >= Math.max(MIN_VOTES_FOR_UNKNOWN, tokens.length * MIN_SHARE_FOR_UNKNOWN) ? best : null;
  const enough = tokens.length >= MIN_WORDS_WITHOUT_VOTE ? 1 : MIN_VOTES;
  return (votes.get(best) ?? 0) >= enough ? best : null;
}

/** Languages share little words: "on" is Finnish and English. One of them says nothing against many of another's. */
function outvoted(votes: Map<string, number>, expected: string, tokens: Token[]): string | null {
  const best = bestLanguage(tokens);
  const most = votes.get(best ?? '') ?? 0;
  return best !== expected && most >= MIN_VOTES_AGAINST && most >= (votes.get(expected) ?? 0) * TIMES_AS_MANY ? best : null;
}

function bestLanguage(tokens: Token[]): string | null {
  const [first, second] = [...languageVotes(tokens)].toSorted((a, b) => b[1] - a[1]);
  return first && first[1] > (second?.[1] ?? 0) ? first[0] : null;
}

/** English has next to no words with these letters; two of them and not one common English word is not English. */
function nordic(tokens: Token[]): string | null {
  const accented = tokens.filter((token) => /^[\p{Ll}\p{Lu}]\p{Ll}+$/u.test(token.text) && /[äöå]/i.test(token.word));
  if (accented.length < MIN_VOTES) return null;
  return accented.some((token) => token.word.includes('å')) ? 'sv' : 'fi';
}

function latinWords(tokens: Token[]): number {
  return tokens.filter((token) => /^\p{Ll}+$/u.test(token.text) && /^\p{Script=Latin}+$/u.test(token.text)).length;
}

function isCyrillic(tokens: Token[]): boolean {
  return (cyrillicShare(tokens, 1) ?? 0) > 0.5;
}

/** Null where there are too few letters to tell. */
function cyrillicShare(tokens: Token[], atLeast = MIN_SCRIPT_LETTERS): number | null {
  const letters = tokens
    .map((token) => token.text)
    .join('')
    .replaceAll(/\P{L}/gu, '');
  return letters.length < atLeast ? null : letters.replaceAll(/\P{Script=Cyrillic}/gu, '').length / letters.length;
}
