import { later, MINUTE } from '#clock.ts';
import type { Row } from '#db/schema.ts';
import { Later } from '#jobs/job-kind.ts';
import { enqueue } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import { commentsOf, defaultGroup, groupById, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import { forgetPost, type Post, postByKey, showPost, updatePost } from '../posts.ts';
import type { Slack } from '../slack.ts';
import { addThread, cardThread, messageLink, retireThread, type Thread } from '../threads.ts';
import { tellAdmins, tellChannelLost } from '../tell.ts';
import { cardMessage } from './card-facts.ts';

export const cardKey = (ticketId: number, channel: string) => `card:${ticketId}:${channel}`;

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
    const fallback = await fallbackFor(desk, slack, { group, code: error.code, lost: channel });
    await postCard(desk, slack, ticket, fallback);
  }
}

/** The channel a ticket's card stands in can't be written to any more: it goes on in the default one. */
export async function leaveChannel(
  desk: Desk,
  slack: Slack,
  ticket: Ticket,
  { code, lost }: { code: string; lost: string },
): Promise<void> {
  const group = await groupById(desk.db, ticket.groupId);
  await moveCard(desk, slack, ticket, await fallbackFor(desk, slack, { group, code, lost }));
}

/** Where tickets of a lost channel go. Admins are told; when there is no other channel the ticket waits for this one. */
async function fallbackFor(desk: Desk, slack: Slack, at: { group: Row<'groups'>; code: string; lost: string }): Promise<string> {
  rememberLost(desk, slack, at.lost);
  const { slackChannel } = await defaultGroup(desk.db);
  const fallback = slackChannel === at.lost ? null : slackChannel;
  await tellChannelLost(desk, slack, { channel: at.lost, group: at.group.name, code: at.code, fallback });
  if (!fallback) throw new Error(`The channel ${at.lost} can't be written to (${at.code}), and there is no other.`);
  return fallback;
}

async function postCard(desk: Desk, slack: Slack, ticket: Ticket, channel: string): Promise<Post> {
  return showPost(desk, slack, {
    key: cardKey(ticket.id, channel),
    ticketId: ticket.id,
    channel,
    threadTs: null,
    lane: 'conversation',
    message: await cardMessage(desk, ticket),
    also: (tx, ts) => addThread(desk, tx, { channel, ts, ticketId: ticket.id, kind: 'card', sideId: null }),
  });
}

/** The ticket belongs into another channel than its card stands in. One that could not be written to is left alone for a while. */
export async function moveHome(desk: Desk, slack: Slack, ticket: Ticket, at: { group: Row<'groups'>; channel: string }): Promise<void> {
  if (isRememberedLost(desk, slack, at.channel)) return;
  try {
    await moveCard(desk, slack, ticket, at.channel);
  } catch (error) {
    if (!isChannelLost(error)) throw error;
    await fallbackFor(desk, slack, { group: at.group, code: error.code, lost: at.channel });
  }
}

/** Card and recap in the new channel, a pointer in the old one; the old thread stays an alias. */
async function moveCard(desk: Desk, slack: Slack, ticket: Ticket, channel: string): Promise<void> {
  const old = await cardThread(desk.db, ticket.id);
  // From an earlier stay in that channel only a pointer is left; the ticket comes back with a card of its own.
  const pointer = await postByKey(desk.db, cardKey(ticket.id, channel));
  if (pointer?.state === 'posted' && old?.channel !== channel)
    await slack.commits.run('old pointer', (tx) => forgetPost(desk, tx, pointer));
  await postCard(desk, slack, ticket, channel);
  const thread = await cardThread(desk.db, ticket.id);
  if (!old || !thread || thread.id === old.id) return;
  await slack.commits.run('card moved', (tx) => retireThread(tx, old));
  if (pointer?.state === 'posted' && old.channel !== channel) await pointTo(desk, slack, ticket, { post: pointer, thread });
  await recap(desk, slack, ticket, thread);
  await leavePointer(desk, slack, ticket, { old, thread });
}

async function leavePointer(desk: Desk, slack: Slack, ticket: Ticket, { old, thread }: { old: Thread; thread: Thread }): Promise<void> {
  const post = await postByKey(desk.db, cardKey(ticket.id, old.channel));
  if (post) await pointTo(desk, slack, ticket, { post, thread });
}

/** A card that is none any more shows where the ticket is. */
async function pointTo(desk: Desk, slack: Slack, ticket: Ticket, { post, thread }: { post: Post; thread: Thread }): Promise<void> {
  const link = `<${messageLink(thread.channel, thread.ts)}|${ticketName(desk.settings, ticket)}>`;
  try {
    await updatePost(desk, slack, { post, lane: 'card', message: await cardMessage(desk, ticket, link) });
  } catch (error) {
    if (!isChannelLost(error) && !isSlackError(error, 'message_not_found')) throw error;
  }
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

async function recap(desk: Desk, slack: Slack, ticket: Ticket, thread: { channel: string; ts: string }): Promise<void> {
  const [latest] = (await commentsOf(desk.db, ticket.id, 1)).toReversed();
  if (!latest) return;
  // Its own job is at it, and shows it in the new thread.
  if ((await postByKey(desk.db, `comment:${latest.id}`))?.state === 'posting') return;
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

const LOST_FOR = 10 * MINUTE;
const lostUntil = new WeakMap<Slack, Map<string, Date>>();

/** Each look at a lost channel costs calls; a card that has a place elsewhere need not ask again and again. */
function rememberLost(desk: Desk, slack: Slack, channel: string): void {
  const channels = lostUntil.get(slack) ?? new Map<string, Date>();
  channels.set(channel, later(desk.clock.now(), LOST_FOR));
  lostUntil.set(slack, channels);
}

/** It can be written to again. */
export function forgetLost(slack: Slack, channel: string): void {
  lostUntil.get(slack)?.delete(channel);
}

function isRememberedLost(desk: Desk, slack: Slack, channel: string): boolean {
  const until = lostUntil.get(slack)?.get(channel);
  return until !== undefined && until > desk.clock.now();
}
