import { later, SECOND } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Wish } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import { groupById, mustFind } from '#tickets/find.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import { postByKey, updatePost } from '../posts.ts';
import type { Slack } from '../slack.ts';
import { cardThread } from '../threads.ts';
import { cardMessage } from './card-facts.ts';
import { cardKey, ensureCard, leaveChannel, moveHome, repost } from './card-place.ts';

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
    prepare: async (desk, job) => refreshCard(desk, slack, job.payload as unknown as Shown),
    apply: async (_desk, _tx, _job, again) => (again instanceof Date ? again : undefined),
  };
}

interface Shown {
  ticketId: number;
  /** The channel nobody can read it in any more, and why. */
  lost?: { channel: string; code: string };
}

/** Shows what changed, in place. A date: too soon after the last edit, come again then. */
async function refreshCard(desk: Desk, slack: Slack, { ticketId, lost }: Shown): Promise<Date | null> {
  const ticket = await mustFind(desk.db, ticketId);
  const thread = await cardThread(desk.db, ticketId);
  // Its first posting is another job's; that one shows the newest state.
  if (!thread) return null;
  if (lost) {
    if (thread.channel === lost.channel) await leaveChannel(desk, slack, ticket, { code: lost.code, lost: lost.channel });
    return null;
  }
  const group = await groupById(desk.db, ticket.groupId);
  const home = group.slackChannel;
  if (home && home !== thread.channel) await moveHome(desk, slack, ticket, { group, channel: home });
  const current = (await cardThread(desk.db, ticketId)) ?? thread;
  const post = await postByKey(desk.db, cardKey(ticketId, current.channel));
  if (!post) return null;
  const soonest = later(post.updatedAt, EDIT_PAUSE);
  if (soonest > desk.clock.now()) return soonest;
  try {
    await updatePost(desk, slack, { post, lane: 'card', message: await cardMessage(desk, ticket) });
  } catch (error) {
    if (isSlackError(error, 'message_not_found', 'cant_update_message')) await repost(desk, slack, ticket, post);
    else if (isChannelLost(error)) await leaveChannel(desk, slack, ticket, { code: error.code, lost: current.channel });
    else throw error;
  }
  return null;
}
