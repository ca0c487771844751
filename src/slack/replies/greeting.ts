import type { AudienceSubject } from './audience-facts.ts';
import { allowedForms, nameForms, nameWords, tokenForms } from './names.ts';
import { findPhrases, foundText } from './phrases.ts';
import type { Contents, Token } from './passages.ts';
import { bareName } from './fold.ts';
import { type Reason, excerpt, reason } from './reason.ts';
import type { WordLists } from './word-lists.ts';
import { LEGAL_FORMS } from './words/names.ts';

const MAX_GREETED_WORDS = 3;
const MIN_SHARED_START = 3;
const ENDS_NAME = /[,!.:;\n–—]|\s-\s|^$/;
const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'sir', 'herra', 'rouva', 'herr', 'fru', 'господин', 'госпожа']);

/** Greets somebody who is not the requester, or a whole team. */
export function greetingReasons(contents: Contents, lists: WordLists[], subject: AudienceSubject): Reason[] {
  const first = contents.passages.find((passage) => passage.kind === 'own')?.sentences[0] ?? [];
  for (const words of lists) {
    const team = findPhrases(words.teamGreetings, first)[0];
    if (team?.from === 0) return [reason('greets_team', { greeted: excerpt(foundText(first, team)) })];
  }
  const greeted = lists.map((words) => greetedName(first, words)).find((name) => name.length > 0) ?? [];
  if (greeted.length === 0 || subject.requesterName === null || isNoPerson(subject.requesterName)) return [];
  if (isNamed(greeted, subject.requesterName)) return [];
  return [
    reason('wrong_greeting', { greeted: excerpt(greeted.map((token) => token.text).join(' ')), requester: excerpt(subject.requesterName) }),
  ];
}

/** The words of a name right after a greeting; empty where nobody is greeted by name. */
export function greetedName(sentence: Token[], words: WordLists): Token[] {
  const greeting = words.greetings.find((row) => row.every((word, index) => sentence[index]?.word === word));
  const last = greeting ? sentence[greeting.length - 1] : undefined;
  if (!greeting || !last || /[.!?\n]/.test(last.after)) return [];
  const following = sentence.slice(greeting.length).filter((token, index) => index > 0 || !TITLES.has(token.word));
  const named = untilNameEnds(following);
  if (named.length === 0 || named.some((token) => words.notNames.has(token.word) || !/^\p{L}/u.test(token.text))) return [];
  const isEnded = ENDS_NAME.test(named.at(-1)?.after ?? '') || following.length === named.length;
  const isAllCapital = named.every((token) => /^\p{Lu}/u.test(token.text));
  const isApart = last.after.includes(',');
  return (isAllCapital && (isEnded || !isApart)) || (isEnded && !isApart && named.length < MAX_GREETED_WORDS) ? named : [];
}

/** Capitals up to a comma; or, all in lower case, whatever stands before one. */
function untilNameEnds(tokens: Token[]): Token[] {
  const end = tokens.findIndex((token) => ENDS_NAME.test(token.after));
  const toEnd = tokens.slice(0, end < 0 ? MAX_GREETED_WORDS + 1 : end + 1);
  if (toEnd.length <= MAX_GREETED_WORDS && end >= 0) return toEnd;
  const lower = tokens.findIndex((token) => !/^\p{Lu}/u.test(token.text));
  return tokens.slice(0, lower < 0 ? MAX_GREETED_WORDS : Math.min(lower, MAX_GREETED_WORDS));
}

function isNamed(greeted: Token[], requesterName: string): boolean {
  const forms = allowedForms([requesterName]);
  const starts = nameWords(requesterName).flatMap((word) => [...nameForms(word)]);
  return greeted.some((token) => {
    const found = tokenForms(token);
    return found.some((form) => forms.has(form)) || found.some((form) => starts.some((name) => sharesStart(form, name)));
  });
}

/** Alex for Alexander. */
function sharesStart(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= MIN_SHARED_START && (a.startsWith(b) || b.startsWith(a));
}

function isNoPerson(name: string): boolean {
  return /[@\d]/.test(name) || name.split(/\s+/).some((word) => LEGAL_FORMS.has(bareName(word)));
}
