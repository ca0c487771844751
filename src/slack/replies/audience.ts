import type { Document } from '#text/document.ts';
import type { AudienceFacts, AudienceSubject } from './audience-facts.ts';
import { greetingReasons } from './greeting.ts';
import { insideMarkReasons } from './inside-marks.ts';
import { type Contents, type Passage, contentsOf, tokensOf } from './passages.ts';
import { findPhrases, foundText } from './phrases.ts';
import { type Reason, excerpt, reason } from './reason.ts';
import { remarkReasons } from './remark.ts';
import { secretReasons } from './secrets.ts';
import { colleagueReasons, hostReasons, otherCustomerReasons, otherTicketReasons } from './strangers.ts';
import { languageReasons, likelyLanguages } from './text-language.ts';
import { WORD_LANGUAGES, type WordLists, wordLists } from './word-lists.ts';

const MAX_ACKNOWLEDGEMENT_WORDS = 4;
const URL_TEXT = /(?:https?:\/\/|www\.)\S+/g;

/**
 * Whether a message reads as if it were not meant for this customer. Linear in its length; every doubt is a reason, and
 * none means that nothing was found, not that nothing is there: that is what the hold is for.
 */
export function checkAudience(document: Document, facts: AudienceFacts, subject: AudienceSubject): Reason[] {
  const contents = contentsOf(document);
  const own = contents.passages.filter((passage) => passage.kind === 'own');
  const languages = likelyLanguages(tokensOf(own), [subject.language, facts.groupLanguage]);
  const lists = languages.map((language) => wordLists(language)).filter((words) => words !== undefined);
  return [
    ...insideMarkReasons(document, lists),
    ...colleagueReasons(contents, facts, subject),
    ...hostReasons(contents, facts),
    ...secretReasons(contents),
    ...otherCustomerReasons(contents, facts, subject),
    ...otherTicketReasons(contents, facts, subject),
    ...attachmentReasons(own, lists, subject),
    ...greetingReasons(contents, lists, subject),
    ...languageReasons(contents, facts, subject),
    ...emptinessReasons(contents, subject),
    ...remarkReasons(contents, lists, subject),
    ...(contents.isCutOff ? [reason('too_long')] : []),
  ];
}

/** Says "attached" with no file. */
function attachmentReasons(own: Passage[], lists: WordLists[], subject: AudienceSubject): Reason[] {
  if (subject.hasFiles) return [];
  for (const words of lists) {
    for (const sentence of own.flatMap((passage) => passage.sentences)) {
      const found = findPhrases(words.attached, sentence)[0];
      if (found && findPhrases(words.attachedByReader, sentence).length === 0)
        return [reason('nothing_attached', { words: excerpt(foundText(sentence, found)) })];
    }
  }
  return [];
}

/** Only an emoji, a link or "ok", only a file, or only what somebody else wrote. */
function emptinessReasons(contents: Contents, subject: AudienceSubject): Reason[] {
  const own = contents.passages.filter((passage) => passage.kind === 'own');
  const words = tokensOf(own);
  const beyondLinks = own.map((passage) => passage.text.replaceAll(URL_TEXT, ' ')).join(' ');
  if (!/[\p{L}\p{N}]/u.test(beyondLinks)) return [reason(subject.hasFiles ? 'only_files' : 'no_words')];
  const isAcknowledgement = words.length <= MAX_ACKNOWLEDGEMENT_WORDS && words.every((token) => isAcknowledging(token.word));
  return isAcknowledgement ? [reason('only_acknowledgement', { words: excerpt(words.map((token) => token.text).join(' ')) })] : [];
}

function isAcknowledging(word: string): boolean {
  return WORD_LANGUAGES.some((language) => wordLists(language)?.acknowledgements.has(word));
}
