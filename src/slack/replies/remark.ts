import type { AudienceSubject } from './audience-facts.ts';
import { greetedName } from './greeting.ts';
import { allowedForms, tokenForms } from './names.ts';
import type { Contents, Token } from './passages.ts';
import { type Found, type Phrases, compilePhrases, findPhrases, foundText } from './phrases.ts';
import { type Reason, excerpt, reason } from './reason.ts';
import type { WordLists } from './word-lists.ts';
import { SLANG } from './words/slang.ts';

const slang = compilePhrases(SLANG);

const HINT_POINTS = 2;
const FAINT_POINTS = 1;
const MAX_FAINT_POINTS = 2;
const READER_DISCOUNT = 2;
const COURTESY_DISCOUNT = 2;
const WORDS_PER_DISCOUNT = 15;
const HOLD_POINTS = 4;
const MUTTERED_POINTS = 1;
const SIDE_EYES = /[🙄😂🤣🤦🤷😅😒😤😬🙃🤬😡💀🤡😭🙈👀🤯🫠😑🤔]/u;

/** Speaks about the customer rather than to them, asks colleagues, or sounds like talk among them. */
export function remarkReasons(contents: Contents, lists: WordLists[], subject: AudienceSubject): Reason[] {
  const sentences = contents.passages.filter((passage) => passage.kind === 'own').flatMap((passage) => passage.sentences);
  for (const words of lists) {
    const rude = firstFound(sentences, (sentence) => unexcused(words, words.rude, sentence));
    if (rude) return [reason('rude', { words: rude })];
  }
  for (const words of lists) {
    const telling = firstFound(sentences, (sentence) => tellingPhrases(words, sentence));
    if (telling) return [reason('sounds_internal', { words: telling })];
  }
  const requester = allowedForms(subject.requesterName === null ? [] : [subject.requesterName]);
  const about = sentences.map((sentence) => aboutRequester(sentence, lists, requester)).find((name) => name !== null);
  if (about) return [reason('about_requester', { name: excerpt(about) })];
  const isInternal = lists.some((words) => points(contents, sentences, words) >= HOLD_POINTS);
  return isInternal ? [reason('reads_internal')] : [];
}

function firstFound(sentences: Token[][], find: (sentence: Token[]) => Found[]): string | null {
  for (const sentence of sentences) {
    const found = find(sentence)[0];
    if (found) return excerpt(foundText(sentence, found));
  }
  return null;
}

function tellingPhrases(words: WordLists, sentence: Token[]): Found[] {
  const always = [...unexcused(words, words.telling, sentence), ...findPhrases(slang, sentence)];
  if (always.length > 0 || findPhrases(words.reader, sentence).length > 0) return always;
  return unexcused(words, words.tellingUnlessToReader, sentence);
}

/** Without what is part of a harmless phrase. */
function unexcused(words: WordLists, phrases: Phrases, sentence: Token[]): Found[] {
  const found = findPhrases(phrases, sentence);
  if (found.length === 0) return found;
  const excused = findPhrases(words.excused, sentence);
  return found.filter((one) => !excused.some((harmless) => one.from < harmless.to && harmless.from < one.to));
}

/** The requester's name where it is not called out to them: "Liisa called again", but not "Hi Liisa" or "Thanks, Liisa". */
function aboutRequester(sentence: Token[], lists: WordLists[], requester: ReadonlySet<string>): string | null {
  if (requester.size === 0) return null;
  const isAddressed = lists.some(
    (words) => findPhrases(words.reader, sentence).length > 0 || findPhrases(words.courtesy, sentence).length > 0,
  );
  if (isAddressed || lists.some((words) => greetedName(sentence, words).length > 0)) return null;
  const at = sentence.findIndex((token) => /^\p{Lu}/u.test(token.text) && tokenForms(token).some((form) => requester.has(form)));
  const token = sentence[at];
  if (!token || (at === 0 && sentence.length === 1)) return null;
  const next = sentence[at + 1];
  const isCalled = at === 0 ? /[,!:]/.test(token.after) : /,\s*$/.test(token.before) && /[,!.?]|^\s*$/.test(token.after);
  return isCalled || (at === 0 && next && lists.some((words) => words.notNames.has(next.word))) ? null : token.text;
}

function points(contents: Contents, sentences: Token[][], words: WordLists): number {
  const tokens = sentences.flat();
  const hints = sentences.reduce((sum, sentence) => sum + distinct(unexcused(words, words.hints, sentence)), 0);
  const faint = sentences.reduce((sum, sentence) => sum + distinct(unexcused(words, words.faintHints, sentence)), 0);
  const toReader = sentences.some((sentence) => findPhrases(words.reader, sentence).length > 0);
  const isCourteous = sentences.some((sentence) => findPhrases(words.courtesy, sentence).length > 0);
  const discount =
    (toReader ? READER_DISCOUNT : 0) + (isCourteous ? COURTESY_DISCOUNT : 0) + Math.floor(tokens.length / WORDS_PER_DISCOUNT);
  return hints * HINT_POINTS + Math.min(faint * FAINT_POINTS, MAX_FAINT_POINTS) + manner(contents, toReader || isCourteous) - discount;
}

/** Phrases that begin inside another say nothing new. */
function distinct(found: Found[]): number {
  let count = 0;
  let end = 0;
  for (const one of found.toSorted((a, b) => a.from - b.from)) {
    if (one.from < end) continue;
    count += 1;
    end = one.to;
  }
  return count;
}

/** People write to customers with capitals, full stops and "you"; to each other often with none of them. */
function manner(contents: Contents, isAddressed: boolean): number {
  const own = contents.passages.filter((passage) => passage.kind === 'own');
  const text = own
    .map((passage) => passage.text)
    .join('\n')
    .trim();
  const startsLow = /^[^\p{L}]*\p{Ll}/u.test(text) && !/^[^\p{L}]*(?:https?:|www\.)/u.test(text);
  const endsOpen = !/[.!?…:)»"”]\P{L}*$/u.test(text) && !/(?:https?:\/\/|www\.)\S+$/.test(text);
  const trailsOff = /(?:\.\.|…)\s*$/.test(text);
  const asksNobody = !isAddressed && /\?\s*$/.test(text);
  const isMuttered = startsLow && !isAddressed && (endsOpen || asksNobody || trailsOff);
  const signs = [startsLow, endsOpen, trailsOff, asksNobody, !isAddressed].filter(Boolean).length;
  return signs + (isMuttered ? MUTTERED_POINTS : 0) + (SIDE_EYES.test(text) ? HINT_POINTS : 0);
}
