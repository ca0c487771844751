/**
 * The table of the product's reply rules, written a second time and on its own: it shares no code with what it judges.
 * A case says what somebody did; `predict` says what must come of it.
 */
export interface Case {
  author: 'admin' | 'agent' | 'light' | 'none' | 'bot' | 'ourselves';
  subtype: string | null;
  policy: 'guarded' | 'confirm' | 'notes-first' | 'alerts-only';
  language: 'en' | 'fi' | 'sv' | 'ru';
  status: 'new' | 'open' | 'pending' | 'on_hold' | 'solved' | 'closed';
  isMerged: boolean;
  isReachable: boolean;
  verdict: 'pass' | 'none' | 'fail';
  /** Marks at the head, in order. */
  marks: string[];
  hasLockAtEnd: boolean;
  mention: 'nobody' | 'user' | 'group' | 'channel' | 'everyone' | 'bot';
  isBotFirst: boolean;
  /** What the marks stand in. */
  place: 'paragraph' | 'list' | 'quote' | 'code';
  formatting: 'plain' | 'bold' | 'italic' | 'code' | 'split';
  dressing: 'plain' | 'upper' | 'decomposed' | 'invisible' | 'wide-colon' | 'spaced-colon' | 'no-break-space' | 'blank-first';
  /** Whether the words themselves are fit for the customer. */
  body: 'clean' | 'doubtful';
  isTextOnly: boolean;
}

export type Kind = 'ignored' | 'note' | 'command' | 'held' | 'public';

export const NOTE_MARKS = ['note:', 'huom:', 'sisäinen:', 'obs:', 'internt:', 'заметка:', 'внутреннее:', ';;', '//', '🔒'];
export const PUBLIC_MARKS = ['public:', 'asiakkaalle:', 'till kund:', 'клиенту:', '📨', '>>'];

const HUMAN = [null, 'file_share', 'me_message', 'thread_broadcast'];

export function predict(one: Case): Kind {
  if (one.author === 'bot' || one.author === 'ourselves' || !HUMAN.includes(one.subtype)) return 'ignored';
  if (one.author === 'none' || one.author === 'light') return 'note';
  if (noteMarkCounts(one) || one.hasLockAtEnd) return 'note';
  if (one.isBotFirst) return one.marks.length === 0 ? 'command' : afterCommands(one);
  return afterCommands(one);
}

function afterCommands(one: Case): Kind {
  const isPublic = publicMarkCounts(one);
  const mentions = one.mention !== 'nobody' || one.isBotFirst;
  if (mentions && !isPublic) return 'note';
  if (one.policy === 'alerts-only') return 'note';
  if (one.policy === 'notes-first' && !isPublic) return 'note';
  const isUnfit = one.status === 'solved' || one.status === 'closed' || one.isMerged || !one.isReachable || one.verdict === 'fail';
  if (isUnfit || one.body === 'doubtful' || mentions || one.policy === 'confirm' || leavesMark(one)) return 'held';
  return 'public';
}

/** In a quote or a code block a mark is no mark; a note mark in a list still speaks for the whole message. */
function noteMarkCounts(one: Case): boolean {
  if (one.place === 'quote' || one.place === 'code') return false;
  const leading = leadingMarks(one);
  return leading.some((mark) => NOTE_MARKS.includes(mark));
}

/** A public mark lets out, so it must stand as plain words at the very start. */
function publicMarkCounts(one: Case): boolean {
  if (one.place !== 'paragraph') return false;
  const first = leadingMarks(one)[0];
  return first !== undefined && PUBLIC_MARKS.includes(first) && isTyped(one, first);
}

/** Marks count until the first that does not. */
function leadingMarks(one: Case): string[] {
  const end = one.marks.findIndex((mark) => PUBLIC_MARKS.includes(mark) && (one.place === 'list' || !isTyped(one, mark)));
  return end < 0 ? one.marks : one.marks.slice(0, end);
}

/** An emoji has no formatting of its own. */
function isTyped(one: Case, mark: string): boolean {
  return one.formatting !== 'code' || mark === '📨';
}

/** A mark that did not count stands in the words now, and a customer must not read it. Comment signs may begin code. */
function leavesMark(one: Case): boolean {
  if (one.marks.length === 0) return false;
  if (one.place === 'code') return one.marks.includes('🔒') || isWordNote(one.marks.find((mark) => mark !== '>>' && mark !== '📨'));
  if (one.place === 'quote')
    return (
      one.marks.some((mark) => mark === '🔒' || (mark === ';;' && one.formatting !== 'code')) ||
      NOTE_MARKS.includes(one.marks[0] ?? '') ||
      PUBLIC_MARKS.includes(one.marks[0] ?? '')
    );
  return leadingMarks(one).length < one.marks.length;
}

function isWordNote(mark: string | undefined): boolean {
  return mark !== undefined && NOTE_MARKS.includes(mark) && mark.endsWith(':');
}
