import { and, desc, eq, isNotNull } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { translator } from '#i18n.ts';
import { enqueue, type Wish } from '#jobs/queue.ts';
import { type JobKind, Later } from '#jobs/job-kind.ts';
import { documentText } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import { commentsOf, defaultGroup, groupById, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { identitiesOf, personById } from '#tickets/people.ts';
import { type CardFacts, renderCard } from '../card.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import { forgetPost, type Post, postByKey, showPost, updatePost } from '../posts.ts';
import type { Message, Slack } from '../slack.ts';
import { addThread, cardThread, messageLink, retireThread } from '../threads.ts';
import { tellAdmins } from '../tell.ts';

const RETRIES = [2 * SECOND, 10 * SECOND, 60 * SECOND, 300 * SECOND, 900 * SECOND, 3_600 * SECOND];
/** A card is edited at most this often, however much happens. */
const EDIT_PAUSE = 3 * SECOND;

export function cardWish(desk: Desk, ticketId: number): Wish {
  return { kind: 'slack.card', key: `card:${ticketId}`, lane: `card:${ticketId}`, payload: { ticketId }, runAt: desk.clock.now() };
}

/** The first in a ticket's lane: nothing is said in a thread before its card is there. */
export function openCardWish(desk: Desk, ticketId: number): Wish {
  return { kind: 'slack.open', key: `open:${ticketId}`, lane: `thread:${ticketId}`, payload: { ticketId }, runAt: desk.clock.now() };
}

export function openCardJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.open',
    concurrency: 16,
    leaseSeconds: 60,
    retries: RETRIES,
    isPatient: true,
    prepare: async (desk, job) => ensureCard(desk, slack, Number(job.payload['ticketId'])),
  };
}

export function cardJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.card',
    concurrency: 16,
    leaseSeconds: 60,
    retries: RETRIES,
    isPatient: true,
    prepare: async (desk, job) => refreshCard(desk, slack, Number(job.payload['ticketId'])),
    apply: async (_desk, _tx, _job, again) => (again instanceof Date ? again : undefined),
  };
}

const cardKey = (ticketId: number, channel: string) => `card:${ticketId}:${channel}`;

/** Posts the card where the ticket's group works, or where it can be posted at all. */
export async function ensureCard(desk: Desk, slack: Slack, ticketId: number): Promise<void> {
  const ticket = await mustFind(desk.db, ticketId);
  const group = await groupById(desk.db, ticket.groupId);
  const channel = group.slackChannel ?? (await defaultGroup(desk.db)).slackChannel;
  if (!channel) throw new Later(later(desk.clock.now(), MINUTE), 'no triage channel is known yet');
  try {
    await postCard(desk, slack, ticket, channel);
  } catch (error) {
    if (!isChannelLost(error)) throw error;
    await postInFallback(desk, slack, { ticket, group, code: error.code, lost: channel });
  }
}

async function postInFallback(
  desk: Desk,
  slack: Slack,
  at: { ticket: Ticket; group: Row<'groups'>; code: string; lost: string },
): Promise<void> {
  const fallback = (await defaultGroup(desk.db)).slackChannel;
  const params = { group: at.group.name, code: at.code, fallback: fallback && fallback !== at.lost ? `<#${fallback}>` : '—' };
  await tellAdmins(desk, slack, `channel-lost:${at.lost}`, 'slack:hint.channel_lost', params);
  if (!fallback || fallback === at.lost) throw new Error(`The channel ${at.lost} can't be written to (${at.code}), and there is no other.`);
  await postCard(desk, slack, at.ticket, fallback);
}

async function postCard(desk: Desk, slack: Slack, ticket: Ticket, channel: string): Promise<Post> {
  const message = await cardMessage(desk, ticket);
  return showPost(desk, slack, {
    key: cardKey(ticket.id, channel),
    ticketId: ticket.id,
    channel,
    threadTs: null,
    lane: 'conversation',
    message,
    also: (tx, ts) => addThread(desk, tx, { channel, ts, ticketId: ticket.id, kind: 'card', sideId: null }),
  });
}

/** Shows what changed, in place. A date: too soon after the last edit, come again then. */
async function refreshCard(desk: Desk, slack: Slack, ticketId: number): Promise<Date | null> {
  const ticket = await mustFind(desk.db, ticketId);
  const thread = await cardThread(desk.db, ticketId);
  // Its first posting is another job's; that one shows the newest state.
  if (!thread) return null;
  const group = await groupById(desk.db, ticket.groupId);
  if (group.slackChannel && group.slackChannel !== thread.channel) await moveCard(desk, slack, ticket, group.slackChannel);
  const current = (await cardThread(desk.db, ticketId)) ?? thread;
  const post = await postByKey(desk.db, cardKey(ticketId, current.channel));
  if (!post) return null;
  const soonest = later(post.updatedAt, EDIT_PAUSE);
  if (soonest > desk.clock.now()) return soonest;
  try {
    await updatePost(desk, slack, { post, lane: 'card', message: await cardMessage(desk, ticket) });
  } catch (error) {
    if (isSlackError(error, 'message_not_found', 'cant_update_message')) await repost(desk, slack, ticket, post);
    else if (isChannelLost(error)) await ensureCard(desk, slack, ticketId);
    else throw error;
  }
  return null;
}

/** Somebody deleted the card: a new one, and the old thread stays an alias. */
export async function repost(desk: Desk, slack: Slack, ticket: Ticket, post: Post): Promise<void> {
  const old = await cardThread(desk.db, ticket.id);
  await slack.commits.run('card gone', async (tx) => {
    await forgetPost(desk, tx, post);
    if (old) await retireThread(tx, old);
  });
  await ensureCard(desk, slack, ticket.id);
  const thread = await cardThread(desk.db, ticket.id);
  if (thread) await recap(desk, slack, ticket, thread);
  const params = { number: ticketName(desk.settings, ticket), link: thread ? messageLink(thread.channel, thread.ts) : '' };
  await tellAdmins(desk, slack, `card-lost:${post.id}`, 'slack:hint.card_lost', params);
}

/** A ticket that moved to another group's channel: card and recap there, a pointer here. */
async function moveCard(desk: Desk, slack: Slack, ticket: Ticket, channel: string): Promise<void> {
  const old = await cardThread(desk.db, ticket.id);
  const post = await postCard(desk, slack, ticket, channel);
  const thread = await cardThread(desk.db, ticket.id);
  if (!old || !thread || !post.ts) return;
  await slack.commits.run('card moved', (tx) => retireThread(tx, old));
  await recap(desk, slack, ticket, thread);
  const pointer = await postByKey(desk.db, cardKey(ticket.id, old.channel));
  if (!pointer) return;
  const message = await cardMessage(desk, ticket, `<${messageLink(channel, post.ts)}|${ticketName(desk.settings, ticket)}>`);
  try {
    await updatePost(desk, slack, { post: pointer, lane: 'card', message });
  } catch (error) {
    if (!isChannelLost(error) && !isSlackError(error, 'message_not_found')) throw error;
  }
}

async function recap(desk: Desk, slack: Slack, ticket: Ticket, thread: { channel: string; ts: string }): Promise<void> {
  const [latest] = (await commentsOf(desk.db, ticket.id, 1)).toReversed();
  if (!latest) return;
  await slack.commits.run('recap', (tx) =>
    enqueue(tx, desk.clock.now(), {
      kind: 'slack.comment',
      lane: `thread:${ticket.id}`,
      payload: { commentId: latest.id, place: `${thread.channel}:${thread.ts}` },
      runAt: desk.clock.now(),
    }),
  );
  desk.wake();
}

async function cardMessage(desk: Desk, ticket: Ticket, movedTo?: string): Promise<Message> {
  const facts = await cardFacts(desk, ticket);
  return renderCard({ ...facts, ...(movedTo ? { movedTo } : {}) }, translator(facts.group.language ?? desk.settings.language));
}

export async function cardFacts(desk: Desk, ticket: Ticket): Promise<CardFacts> {
  const reader = desk.db;
  const requester = await personById(reader, ticket.requesterId);
  const assignee = ticket.assigneeId === null ? undefined : await personById(reader, ticket.assigneeId);
  const identities = await identitiesOf(reader, [ticket.requesterId, ...(assignee ? [assignee.id] : [])]);
  const contact = identities.find((identity) => identity.personId === ticket.requesterId && identity.kind !== 'slack');
  const [first] = await reader
    .select({ document: reader.tables.comments.document })
    .from(reader.tables.comments)
    .where(eq(reader.tables.comments.ticketId, ticket.id))
    .orderBy(reader.tables.comments.id)
    .limit(1);
  return {
    ticket,
    name: ticketName(desk.settings, ticket),
    group: await groupById(reader, ticket.groupId),
    requester: {
      name: requester?.name ?? '',
      contact: contact?.display ?? null,
      organization: await organizationName(reader, ticket.organizationId),
    },
    assignee: assignee
      ? { name: assignee.name, slackId: identities.find((one) => one.personId === assignee.id && one.kind === 'slack')?.value ?? null }
      : null,
    trouble: await troubleOf(reader, ticket.id),
    excerpt: first ? documentText(first.document) : '',
  };
}

async function organizationName(reader: Reader, id: number | null): Promise<string | null> {
  if (id === null) return null;
  const { organizations } = reader.tables;
  const [row] = await reader.select({ name: organizations.name }).from(organizations).where(eq(organizations.id, id));
  return row?.name ?? null;
}

async function troubleOf(reader: Reader, ticketId: number): Promise<CardFacts['trouble']> {
  const { deliveries } = reader.tables;
  const [last] = await reader
    .select({ state: deliveries.state })
    .from(deliveries)
    .where(and(eq(deliveries.ticketId, ticketId), isNotNull(deliveries.commentId)))
    .orderBy(desc(deliveries.id))
    .limit(1);
  const state = last?.state;
  return state === 'failed' || state === 'bounced' || state === 'delayed' || state === 'unknown' ? state : null;
}
