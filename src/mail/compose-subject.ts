import { clipped, oneLine } from './one-line.ts';

/** Longer ones are cut by mail servers and clients, each in its own way. */
export const MAX_SUBJECT_CHARACTERS = 240;

// What clients of the common languages put before an answer's subject, counted ("Re[2]:") or not.
const ANSWER_PREFIX = /^(?:re|sv|vs|aw|antw|odp|ynt|отв|ответ|на)\s?(?:\[\d+\])?\s?[:：]/iu;

interface SubjectParts {
  subject: string;
  number: string;
  isAnswer: boolean;
  isTagged: boolean;
}

/** The requester's own words, `Re: ` where this answers a mail, and the tag of this ticket exactly once. */
export function subjectLine({ subject, number, isAnswer, isTagged }: SubjectParts): string {
  const words = oneLine(subject, Number.POSITIVE_INFINITY);
  const answer = isAnswer && !ANSWER_PREFIX.test(words) ? `Re: ${words}` : words;
  return isTagged ? withTag(answer, number) : clipped(answer, MAX_SUBJECT_CHARACTERS);
}

/** Only one tag may stay: an older ticket's would pull the next answer there. */
function withTag(subject: string, number: string): string {
  const tag = `[${number}]`;
  if (subject.length <= MAX_SUBJECT_CHARACTERS && tagsIn(subject, number).join() === tag) return subject;
  const untagged = tagsIn(subject, number).reduce((rest, other) => rest.replace(other, ''), subject);
  return `${clipped(untagged.replace(/\s+/gu, ' ').trim(), MAX_SUBJECT_CHARACTERS - tag.length - 1)} ${tag}`;
}

function tagsIn(subject: string, number: string): string[] {
  const prefix = number.replace(/\d+$/u, '').replace(/[^\p{L}\p{N}]/gu, '\\$&');
  return subject.match(new RegExp(`\\[${prefix}\\d+\\]`, 'gi')) ?? [];
}
