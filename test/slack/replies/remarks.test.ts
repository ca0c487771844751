import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Texts, answers, fate, heldShare, remarks, unseenAnswers, unseenRemarks } from './remarks.ts';

/** Floors under what was measured when the lists were made; a change of the lists may raise them. */
const KNOWN_REMARKS_HELD = 0.95;
const UNSEEN_REMARKS_HELD = 0.5;
const UNSEEN_REMARKS_HELD_IN_ALL = 0.65;
const FOREIGN_REMARKS_HELD = 0.95;
const ANSWERS_HELD = 0.05;
const FOREIGN_ANSWERS_HELD = 0.93;

describe('remarks between colleagues are held before they reach a customer', () => {
  test.each(LANGUAGES)('there are enough of them in %s to tell', (language) => {
    expect(new Set(remarks[language]).size).toBeGreaterThanOrEqual(75);
    expect(new Set(unseenRemarks[language]).size).toBeGreaterThanOrEqual(20);
    expect(new Set([...(answers[language] ?? []), ...(unseenAnswers[language] ?? [])]).size).toBeGreaterThanOrEqual(100);
  });

  test.each(LANGUAGES)('nearly all that we know in %s', (language) => {
    expect(print('known remarks', language, remarks)).toBeGreaterThanOrEqual(KNOWN_REMARKS_HELD);
  });

  test.each(LANGUAGES)('most of those in %s that nobody had seen', (language) => {
    expect(print('unseen remarks', language, unseenRemarks)).toBeGreaterThanOrEqual(UNSEEN_REMARKS_HELD);
  });

  test('two thirds of the unseen over all languages', () => {
    const shares = LANGUAGES.map((language) => heldShare(unseenRemarks[language] ?? [], language));
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThanOrEqual(UNSEEN_REMARKS_HELD_IN_ALL);
  });

  test.each(LANGUAGES)('those in %s on a ticket in another language, whatever they say', (language) => {
    const ticketLanguage = language === 'en' ? 'fi' : 'en';
    const texts = [...(remarks[language] ?? []), ...(unseenRemarks[language] ?? [])].filter((text) => text.split(' ').length >= 4);
    const share = heldShare(texts, ticketLanguage);
    console.log(`${language} on a ticket in ${ticketLanguage}: ${percent(share)} of ${texts.length} held`);
    expect(share).toBeGreaterThanOrEqual(FOREIGN_REMARKS_HELD);
  });
});

describe('ordinary answers are let through', () => {
  test.each(LANGUAGES)('all but a few in %s', (language) => {
    expect(print('answers', language, answers)).toBeLessThanOrEqual(ANSWERS_HELD);
    expect(print('unseen answers', language, unseenAnswers)).toBeLessThanOrEqual(ANSWERS_HELD);
  });

  test.each(LANGUAGES)('unless they are in %s and the ticket is not', (language) => {
    const texts = [...(answers[language] ?? []), ...(unseenAnswers[language] ?? [])];
    for (const other of LANGUAGES) {
      const found = texts.filter((text) => doubts(text, other).includes('other_language'));
      console.log(`answers in ${language} on a ticket in ${other}: ${found.length} of ${texts.length} are in another language`);
      const [least, most] = other === language ? [0, 0] : [FOREIGN_ANSWERS_HELD, 1];
      expect(found.length / texts.length).toBeGreaterThanOrEqual(least);
      expect(found.length / texts.length).toBeLessThanOrEqual(most);
    }
  });

  test('and are public, not notes', () => {
    const fates = LANGUAGES.flatMap((language) => (answers[language] ?? []).map((text) => fate(text, language).kind));
    expect(fates.filter((kind) => kind !== 'public' && kind !== 'held')).toEqual([]);
  });
});

function doubts(text: string, language: string): string[] {
  const found = fate(text, language);
  return found.kind === 'held' ? found.reasons.map((reason) => reason.key) : [];
}

function print(what: string, language: string, texts: Texts): number {
  const share = heldShare(texts[language] ?? [], language);
  console.log(`${what} in ${language}: ${percent(share)} of ${texts[language]?.length ?? 0} held`);
  return share;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
