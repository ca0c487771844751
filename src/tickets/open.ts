import { sql } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import type { Channel, LanguageSource, Priority, Verdict } from '#db/words.ts';
import { type CommentDraft, indexTicket, writeComment } from './comment.ts';
import { type Actor, change, type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { defaultGroup, type Ticket } from './find.ts';
import { rememberTheirId } from './message-ids.ts';
import { linkFollowUp } from './links.ts';
import { isAgent, personById } from './people.ts';
import { Failure } from '#failure.ts';

export interface TicketDraft {
  subject: string;
  channel: Channel;
  requesterId: number;
  by: Actor;
  body: CommentDraft;
  language: { code: string; source: LanguageSource; confidence?: number | null };
  groupId?: number | null;
  addressId?: number | null;
  assigneeId?: number | null;
  priority?: Priority;
  verdict?: Verdict;
  workSeconds?: number;
  source?: { channel: string; ts: string } | null;
  ccIds?: number[];
  followerIds?: number[];
  mailId?: number;
  /** Of the mail that opens it. */
  messageId?: string;
  /** May Tiketti of itself write to the requester? False for automatic mail and when the staff said no. */
  isAnswerable: boolean;
  /** It is older than its mailbox's first connection: nobody waits for a confirmation. */
  isImported?: boolean;
  /** The closed ticket this one goes on from. */
  follows?: Ticket;
}

const MAX_SUBJECT = 250;

/** A new ticket with its first comment. */
export function openTicket(desk: Desk, draft: TicketDraft): Promise<{ ticket: Ticket; comment: Row<'comments'> }> {
  return change(desk, 'open ticket', async (tx, desk) => {
    const requester = await personById(tx, draft.requesterId);
    if (!requester || requester.erasedAt) throw new Failure('person.gone');
    const ticket = await writeTicket(desk, tx, draft, requester);
    const comment = await writeComment(desk, tx, ticket.id, draft.body);
    await addPeople(desk, tx, ticket.id, draft);
    if (draft.follows) await linkFollowUp(desk, tx, ticket.id, draft.follows.id);
    await indexTicket(tx, ticket.id, { subject: ticket.subject, requester: requester.name, body: draft.body.body });
    if (draft.messageId) await rememberTheirId(desk, tx, ticket.id, draft.messageId);
    // A mail's own line names the ticket.
    const about = { ticket: ticket.id, number: ticket.number, channel: draft.channel };
    if (draft.mailId === undefined) tx.afterCommit(() => desk.log.info(about, 'A ticket is opened.'));
    await record(desk, tx, ticket.id, draft.by, {
      type: 'ticket.opened',
      data: {
        channel: draft.channel,
        // What opens with words of ours needs no confirmation.
        isAnswerable: draft.isAnswerable && !draft.isImported && ticket.verdict !== 'fail' && draft.body.direction === 'in',
        ...(draft.mailId === undefined ? {} : { mailId: draft.mailId }),
        ...(draft.isImported ? { why: [{ key: 'opened.imported' }] } : {}),
        ...(draft.follows ? { why: [{ key: 'opened.follow_up', params: { number: draft.follows.number } }] } : {}),
      },
    });
    await record(desk, tx, ticket.id, draft.by, {
      type: 'comment.added',
      data: {
        commentId: comment.id,
        visibility: comment.visibility,
        direction: comment.direction,
        isAutomatic: comment.isAutomatic,
        isFirst: true,
      },
    });
    if (draft.follows)
      await record(desk, tx, ticket.id, SYSTEM, { type: 'ticket.linked', data: { kind: 'follow_up', toId: draft.follows.id } });
    return { ticket, comment };
  });
}

async function writeTicket(desk: Desk, tx: Writer, draft: TicketDraft, requester: Row<'people'>): Promise<Ticket> {
  const now = desk.clock.now();
  const assignee = draft.assigneeId ? await personById(tx, draft.assigneeId) : undefined;
  if (draft.assigneeId && !isAgent(assignee)) throw new Failure('assign.not_agent');
  // Every column is said, so that the row need not be read back.
  const row: Omit<Ticket, 'id'> = {
    number: await nextNumber(tx),
    subject: draft.subject.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_SUBJECT),
    channel: draft.channel,
    requesterId: requester.id,
    organizationId: requester.organizationId,
    groupId: draft.groupId ?? (await defaultGroup(tx)).id,
    assigneeId: assignee?.id ?? null,
    addressId: draft.addressId ?? null,
    status: assignee ? 'open' : 'new',
    priority: draft.priority ?? 'normal',
    type: 'question',
    dueAt: null,
    category: null,
    tags: [],
    language: draft.language.code,
    languageSource: draft.language.source,
    languageConfidence: draft.language.confidence == null ? null : Math.round(draft.language.confidence * 100),
    nextLanguage: null,
    previousLanguage: null,
    verdict: draft.verdict ?? 'none',
    isAnswerable: draft.isAnswerable,
    customFields: {},
    workSeconds: draft.workSeconds ?? 0,
    mergedIntoId: null,
    sourceChannel: draft.source?.channel ?? null,
    sourceTs: draft.source?.ts ?? null,
    createdAt: now,
    updatedAt: now,
    statusAt: now,
    firstRepliedAt: null,
    lastReplyAt: null,
    solvedAt: null,
    closedAt: null,
    deletedAt: null,
  };
  return { id: await tx.add('tickets', row), ...row };
}

async function addPeople(desk: Desk, tx: Writer, ticketId: number, draft: TicketDraft): Promise<void> {
  const addedAt = desk.clock.now();
  const rows = [
    ...new Set(draft.ccIds)
      .difference(new Set([draft.requesterId]))
      .values()
      .map((personId) => ({ ticketId, personId, role: 'cc' as const, addedAt })),
    ...new Set(draft.followerIds).values().map((personId) => ({ ticketId, personId, role: 'follower' as const, addedAt })),
  ];
  if (rows.length > 0) await tx.insert(tx.tables.ticketPeople).values(rows).onConflictDoNothing();
}

async function nextNumber(tx: Writer): Promise<number> {
  const { counters } = tx.tables;
  const [row] = await tx
    .insert(counters)
    .values({ name: 'ticket', value: 1 })
    .onConflictDoUpdate({ target: counters.name, set: { value: sql`${counters.value} + 1` } })
    .returning({ value: counters.value });
  if (!row) throw new Error('A ticket number was not given.');
  return row.value;
}
