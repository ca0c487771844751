import { SECOND } from '#clock.ts';
import type { Document, Inline } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import { groupById, type Ticket, ticketName } from '#tickets/find.ts';
import { type Person, personById } from '#tickets/people.ts';
import { wayToRequester } from '#tickets/recipients.ts';
import { isFromBeforeRestore } from '#tickets/restored.ts';
import { documentFromMessage } from '../rich-text.ts';
import type { Slack } from '../slack.ts';
import { audienceOf, companyOf } from './audience-of.ts';
import { type Classification, classify, heldReasons, type ReplyContext } from './classify.ts';
import { mentionNames } from './mention-names.ts';
import { unnamedMentions, withMentionNames } from './mentions.ts';
import type { SlackMessage } from './message.ts';
import { othersNamed } from './others-named.ts';
import { excerpt, type Reason, reason } from './reason.ts';
import { filesElsewhere, ownFiles } from './take-files.ts';

export interface Judged {
  ticket: Ticket;
  message: SlackMessage;
  author: Person | null;
}

/** What the message is by product §3.3's list; an alias thread keeps everything as notes. */
export async function judge(desk: Desk, slack: Slack, { ticket, message, author }: Judged): Promise<Classification> {
  const names = await mentionNames(desk, slack, message);
  const document = withTypedName(documentFromMessage({ blocks: message.blocks, text: message.text }, names), slack.bot.userId);
  const files = ownFiles(slack, message.files);
  const incoming = {
    subtype: message.subtype ?? null,
    authorSlackId: message.user ?? '',
    isBot: message.bot_id !== undefined || message.user === slack.bot.userId,
    document,
    text: message.text ?? '',
    hasFiles: files.length > 0,
    fileCount: files.length,
  };
  const context = await contextOf(desk, { ticket, author, document });
  const found = classify(incoming, { ...context, botSlackId: slack.bot.userId });
  const isOld = await isFromBeforeRestore(desk.db, new Date(Number(message.ts) * SECOND));
  // A command of then may have been carried out: nothing follows from it a second time.
  const verdict: Classification = isOld && found.kind === 'command' ? { kind: 'note', reason: reason('hold.restored'), document } : found;
  return withDoubts(verdict, [
    ...(isOld ? [reason('hold.restored')] : []),
    ...unnamedMentions(document).map((mention) => reason('mention_unknown', { id: mention.id })),
    ...filesElsewhere(slack, message.files).map((file) => reason('file_elsewhere', { name: excerpt(file.name ?? file.title ?? file.id) })),
  ]);
}

/** Found outside of the words: what would go by itself waits for a person. */
function withDoubts(verdict: Classification, doubts: Reason[]): Classification {
  if (doubts.length === 0 || (verdict.kind !== 'public' && verdict.kind !== 'held')) return verdict;
  const { document, mark } = verdict;
  return { kind: 'held', reasons: [...(verdict.kind === 'held' ? verdict.reasons : []), ...doubts], document, mark };
}

interface Weighed {
  ticket: Ticket;
  author: Person | null;
  document: Document;
  hasFiles: boolean;
}

/**
 * What stands against words that somebody sends on purpose, in a modal or with 📨: all that holds a message back, but for
 * marks and mentions, which that very act decides.
 */
export async function weigh(desk: Desk, { ticket, author, document, hasFiles }: Weighed): Promise<Reason[]> {
  const context = await contextOf(desk, { ticket, author, document });
  return [
    ...(context.policy === 'alerts-only' ? [reason('refused.reply.alerts_only')] : []),
    ...heldReasons({ text: '', hasFiles }, document, context),
  ];
}

/** Words taken for a note that their author sends all the same. What a person without the role wrote stays one. */
export async function judgeAsReply(desk: Desk, verdict: Classification, at: Omit<Weighed, 'document'>): Promise<Classification> {
  if (verdict.kind !== 'note' || !['note_mark', 'mention', 'policy_notes_first'].includes(verdict.reason.key)) return verdict;
  const document = withMentionNames(verdict.document);
  const reasons = await weigh(desk, { ...at, document });
  return reasons.length > 0
    ? { kind: 'held', reasons, document, mark: null }
    : { kind: 'public', reason: reason('reply'), document, mark: null };
}

async function contextOf(desk: Desk, { ticket, author, document }: Omit<Weighed, 'hasFiles'>): Promise<Omit<ReplyContext, 'botSlackId'>> {
  const group = await groupById(desk.db, ticket.groupId);
  const requester = await personById(desk.db, ticket.requesterId);
  return {
    authorRole: author?.role ?? 'none',
    policy: group.policy,
    ticket: {
      status: ticket.status,
      isMerged: ticket.mergedIntoId !== null,
      number: ticketName(desk.settings, ticket),
      language: ticket.language,
      requesterName: requester?.name ?? null,
      ...(await companyOf(desk, ticket.organizationId)),
      isRequesterReachable: (await wayToRequester(desk.db, ticket)) !== null,
      senderVerdict: ticket.verdict,
    },
    audience: { ...(await audienceOf(desk, ticket, author)), ...(await othersNamed(desk, ticket, document)) },
  };
}

/** Somebody typed `@Tiketti` without picking it from Slack's list: it is meant for us all the same, and for no customer. */
function withTypedName(document: Document, botId: string): Document {
  const [first, ...blocks] = document.blocks;
  if (first?.type !== 'paragraph') return document;
  const [start, ...inlines] = first.inlines;
  const typed = start?.type === 'text' && !start.code ? /^\s*@tiketti(?![\p{L}\p{N}])/iu.exec(start.text) : null;
  if (!typed || start?.type !== 'text') return document;
  const mention: Inline = { type: 'mention', kind: 'user', id: botId, name: 'Tiketti' };
  return { blocks: [{ ...first, inlines: [mention, { ...start, text: start.text.slice(typed[0].length) }, ...inlines] }, ...blocks] };
}
