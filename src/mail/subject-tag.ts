import type { DeskSettings } from '#tickets/desk.ts';
import { parseTicketName } from '#tickets/find.ts';
import { bareSubject } from './understand/subject.ts';

const TAG = /\[([\p{L}]{1,10}-\d{1,9})\]/gu;
const MAX_TAGS = 10;
const MAX_ROUNDS = 10;

/** The tickets of ours that a subject names, in its order. */
export function taggedNumbers(settings: DeskSettings, subject: string): number[] {
  const numbers = [...subject.matchAll(TAG)].flatMap(([, tag = '']) => parseTicketName(settings, tag) ?? []);
  return [...new Set(numbers)].slice(0, MAX_TAGS);
}

/** What a ticket of its own is called: without `Re:` and without the tags of our other tickets. Empty when nothing is left. */
export function ownSubject(settings: DeskSettings, subject: string): string {
  let own = subject.trim();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const shorter = bareSubject(withoutTags(settings, own));
    if (shorter === own) break;
    own = shorter;
  }
  // A subject that is only a prefix stays when it is read alone; it names nothing.
  return /^\p{L}{1,10}\s*[:：]$/u.test(own) ? '' : own;
}

function withoutTags(settings: DeskSettings, subject: string): string {
  return subject
    .replaceAll(TAG, (whole, tag: string) => (parseTicketName(settings, tag) === null ? whole : ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
}
