import type { Document } from '#text/document.ts';
import { NO_NAMES } from '../inlines.ts';
import { documentFromText } from '../message-text.ts';
import { checkAudience } from './audience.ts';
import type { AudienceFacts } from './audience-facts.ts';
import { type Command, readCommand } from './command.ts';
import { readMarks } from './marks.ts';
import { mentionsOf, withMentionNames } from './mentions.ts';
import { type Reason, excerpt, reason } from './reason.ts';

/** One human message of a ticket's thread; of an edit or a delete, the message inside. */
export interface IncomingMessage {
  subtype: string | null;
  authorSlackId: string;
  isBot: boolean;
  document: Document;
  /** As Slack sent it: escaped, with its mentions. */
  text: string;
  hasFiles: boolean;
  fileCount: number;
}

export interface ReplyContext {
  botSlackId: string;
  authorRole: 'admin' | 'agent' | 'light' | 'none';
  policy: ReplyPolicy;
  ticket: {
    status: 'new' | 'open' | 'pending' | 'on_hold' | 'solved' | 'closed';
    isMerged: boolean;
    number: string;
    language: string;
    requesterName: string | null;
    /** The requester's own company is no other customer. */
    organizationName?: string | null;
    ownDomains?: readonly string[];
    isRequesterReachable: boolean;
    senderVerdict: 'pass' | 'none' | 'fail';
  };
  audience: AudienceFacts;
}

export type ReplyPolicy = 'guarded' | 'confirm' | 'notes-first' | 'alerts-only';

export type Classification =
  | { kind: 'ignored'; reason: Reason }
  | { kind: 'note'; reason: Reason; document: Document; hint?: 'ask-to-join' }
  | ({ kind: 'command' } & Command)
  /** Waits for a person. The first reason is the rule that hit; the rest is what that person should know as well. */
  | { kind: 'held'; reasons: Reason[]; document: Document; mark: string | null }
  /** `mark`: the public mark that stood first. */
  | { kind: 'public'; reason: Reason; document: Document; mark: string | null };

/** People's own messages, and the edits and deletes of these, which the caller has unwrapped. */
const HUMAN_SUBTYPES = new Set<string | null>([null, 'file_share', 'me_message', 'thread_broadcast']);
const RAW_MENTION = /<(?:@|#|!)(?!date\^)[^<>\n]{1,200}>/;

/** Product rule: first hit wins. Nothing but the last line lets a message out by itself, and every doubt is a note or a hold. */
export function classify(message: IncomingMessage, context: ReplyContext): Classification {
  const ignored = ignoredReason(message, context);
  if (ignored) return { kind: 'ignored', reason: ignored };

  const document = message.document.blocks.length > 0 ? message.document : documentFromText(message.text, NO_NAMES);
  const stranger = strangerNote(document, context);
  if (stranger) return stranger;

  const marks = readMarks(document);
  if (marks.note !== null) return { kind: 'note', reason: reason('note_mark', { mark: marks.note }), document: marks.document };
  const command = readCommand(document, context.botSlackId);
  if (command) return { kind: 'command', ...command };

  const isMarkedPublic = marks.public !== null;
  const mention = mentionIn(marks.document, message.text);
  if (mention !== null && !isMarkedPublic) return { kind: 'note', reason: reason('mention', { name: excerpt(mention) }), document };
  const policyNote = policyNoteReason(context.policy, isMarkedPublic);
  if (policyNote) return { kind: 'note', reason: policyNote, document: marks.document };

  const hasFiles = message.hasFiles || message.fileCount > 0;
  const reasons = heldReasons({ text: message.text, hasFiles }, marks.document, context);
  const named = withMentionNames(marks.document);
  if (reasons.length > 0) return { kind: 'held', reasons, document: named, mark: marks.public };
  return {
    kind: 'public',
    reason: marks.public === null ? reason('reply') : reason('public_mark', { mark: marks.public }),
    document: named,
    mark: marks.public,
  };
}

function ignoredReason(message: IncomingMessage, context: ReplyContext): Reason | null {
  if (message.isBot || message.authorSlackId === '' || message.authorSlackId === context.botSlackId) return reason('bot');
  return HUMAN_SUBTYPES.has(message.subtype) ? null : reason('system_message');
}

function strangerNote(document: Document, context: ReplyContext): Classification | null {
  switch (context.authorRole) {
    case 'admin':
    case 'agent':
      return null;
    case 'light':
      return { kind: 'note', reason: reason('light_agent'), document };
    case 'none':
      return { kind: 'note', reason: reason('not_agent'), document, hint: 'ask-to-join' };
    default:
      context.authorRole satisfies never;
      return { kind: 'note', reason: reason('not_agent'), document };
  }
}

/** A mention in the raw text counts too: what the two say differently is not for a customer. */
function mentionIn(document: Document, text: string): string | null {
  const mention = mentionsOf(document)[0];
  if (mention) return mention.name || mention.id;
  return RAW_MENTION.exec(text)?.[0] ?? null;
}

function policyNoteReason(policy: ReplyPolicy, isMarkedPublic: boolean): Reason | null {
  switch (policy) {
    case 'guarded':
    case 'confirm':
      return null;
    case 'notes-first':
      return isMarkedPublic ? null : reason('policy_notes_first');
    case 'alerts-only':
      return reason('policy_alerts_only');
    default:
      policy satisfies never;
      return reason('policy_alerts_only');
  }
}

/** Rules 6 and 7, and what the channel asks for: a person must look before these words leave. */
export function heldReasons(
  { text, hasFiles }: { text: string; hasFiles: boolean },
  document: Document,
  context: Omit<ReplyContext, 'botSlackId'>,
): Reason[] {
  const { number, language, requesterName, organizationName = null, ownDomains = [] } = context.ticket;
  return [
    ...ticketReasons(context),
    ...checkAudience(document, context.audience, { hasFiles, number, language, requesterName, organizationName, ownDomains }),
    ...(RAW_MENTION.test(text) && mentionsOf(document).length === 0
      ? [reason('mentions', { name: excerpt(RAW_MENTION.exec(text)?.[0] ?? '') })]
      : []),
    ...(context.policy === 'confirm' ? [reason('policy_confirm')] : []),
  ];
}

function ticketReasons({ ticket }: Pick<ReplyContext, 'ticket'>): Reason[] {
  const { number } = ticket;
  return [
    ...(ticket.isMerged ? [reason('ticket_merged', { number })] : []),
    ...(ticket.status === 'solved' ? [reason('ticket_solved', { number })] : []),
    ...(ticket.status === 'closed' ? [reason('ticket_closed', { number })] : []),
    ...(ticket.isRequesterReachable ? [] : [reason('unreachable')]),
    ...(ticket.senderVerdict === 'fail' ? [reason('sender_unverified')] : []),
  ];
}
