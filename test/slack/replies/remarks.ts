import { readFileSync } from 'node:fs';
import { plainDocument } from '#text/document.ts';
import { type Classification, classify } from '#slack/replies/classify.ts';
import { contextIn } from './cast.ts';

export type Texts = Record<string, string[]>;

export const LANGUAGES = ['en', 'fi', 'sv', 'ru'];

/** Remarks between colleagues, and answers to customers, as people type them. The word lists were made with these at hand. */
export const remarks = read('remarks.json');
export const answers = read('answers.json');

/** Written after the lists were done, and no remark among them led to a word: what a new desk may expect. */
export const unseenRemarks = read('unseen-remarks.json');
export const unseenAnswers = read('unseen-answers.json');

/** An answer that says "attached" comes with its file. */
const SAYS_ATTACHED = /attached|liitteenä|bifogad|прикрепляю/;

export function fate(text: string, language: string): Classification {
  const hasFiles = SAYS_ATTACHED.test(text);
  const message = {
    subtype: null,
    authorSlackId: 'U0SAM',
    isBot: false,
    document: plainDocument(text),
    text,
    hasFiles: false,
    fileCount: 0,
  };
  return classify({ ...message, hasFiles, fileCount: hasFiles ? 1 : 0 }, contextIn(language));
}

export function heldShare(texts: string[], language: string): number {
  const held = texts.filter((text) => fate(text, language).kind === 'held');
  return held.length / texts.length;
}

function read(name: string): Texts {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Texts;
}
