import { and, eq, inArray, max, ne } from 'drizzle-orm';
import { later, SECOND } from '#clock.ts';
import { type JobKind, Later } from '#jobs/job-kind.ts';
import { enqueue, type Wish } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import { isMessageWaiting, storeEvent } from './inbox.ts';
import { isChannelLost, isSlackError } from './lanes.ts';
import type { SlackMessage } from './replies/message.ts';
import type { Slack } from './slack.ts';
import { threadAt } from './threads.ts';

/** Ten calls a minute: the repair must not take the pace that people need. */
const PAUSE = 6 * SECOND;
const PAGE = 200;
const MAX_PAGES = 20;
const MAX_CHANNELS = 200;

/** One look: at the threads of a channel, or into one of them. */
interface Look {
  channel: string;
  cursor?: string;
  page?: number;
  thread?: { ts: string; oldest: string };
}

/** Slack may have given up on events while nobody heard it: every channel with living tickets is looked through. */
export async function repairGap(desk: Desk, slack: Slack): Promise<void> {
  const { slackThreads, tickets } = desk.db.tables;
  const channels = await desk.db.aside
    .selectDistinct({ channel: slackThreads.channel })
    .from(slackThreads)
    .innerJoin(tickets, eq(tickets.id, slackThreads.ticketId))
    .where(ne(tickets.status, 'closed'))
    .limit(MAX_CHANNELS);
  if (channels.length === 0) return;
  await slack.commits.run('repair', (tx) =>
    enqueue(
      tx,
      desk.clock.now(),
      channels.map(({ channel }) => wish(desk, { channel })),
    ),
  );
  desk.wake(['slack.repair']);
}

function wish(desk: Desk, look: Look): Wish {
  const key = `repair:${look.channel}:${look.thread?.ts ?? ''}:${look.cursor ?? ''}`;
  return { kind: 'slack.repair', key, lane: 'slack.repair', payload: { ...look }, runAt: desk.clock.now() };
}

export function repairJob(slack: Slack): JobKind<Desk> {
  let soonest = new Date(0);
  return {
    kind: 'slack.repair',
    concurrency: 1,
    leaseSeconds: 60,
    retries: [10 * SECOND, 60 * SECOND, 300 * SECOND],
    prepare: async (desk, job) => {
      const now = desk.clock.now();
      if (soonest > now) throw new Later(soonest, 'the pace of the repair');
      soonest = later(now, PAUSE);
      const look = job.payload as unknown as Look;
      try {
        return look.thread ? await readThread(desk, slack, look, look.thread) : await readChannel(desk, slack, look);
      } catch (error) {
        if (isChannelLost(error) || isSlackError(error, 'thread_not_found')) return [];
        throw error;
      }
    },
    apply: async (desk, tx, _job, next) => {
      await enqueue(
        tx,
        desk.clock.now(),
        (next as Look[]).map((look) => wish(desk, look)),
      );
    },
  };
}

interface Listed extends Omit<SlackMessage, 'channel'> {
  latest_reply?: string;
}

interface Answer {
  messages?: Listed[];
  response_metadata?: { next_cursor?: string };
}

/** Which threads of ours have something newer than we know; and the next page, while there may be more of ours on it. */
async function readChannel(desk: Desk, slack: Slack, { channel, cursor, page = 1 }: Look): Promise<Look[]> {
  const answer = await slack.lanes.call<Answer>('card', 'conversations.history', { channel, limit: PAGE, ...(cursor ? { cursor } : {}) });
  const listed = answer.messages ?? [];
  const known = await knownIn(
    desk,
    channel,
    listed.map((message) => message.ts),
  );
  const threads = listed.flatMap(({ ts, latest_reply: latest }) => {
    const newest = known.get(ts);
    return newest !== undefined && latest !== undefined && latest > newest ? [{ channel, thread: { ts, oldest: newest } }] : [];
  });
  const next = answer.response_metadata?.next_cursor;
  const isMore = Boolean(next) && known.size > 0 && page < MAX_PAGES;
  return isMore && next ? [...threads, { channel, cursor: next, page: page + 1 }] : threads;
}

/** Our threads among these roots, each with the newest message that is known in it. */
async function knownIn(desk: Desk, channel: string, roots: string[]): Promise<Map<string, string>> {
  if (roots.length === 0) return new Map();
  const { slackThreads, threadMessages, slackPosts } = desk.db.tables;
  const ours = await desk.db
    .select({ ts: slackThreads.ts })
    .from(slackThreads)
    .where(and(eq(slackThreads.channel, channel), inArray(slackThreads.ts, roots)));
  const mine = ours.map((thread) => thread.ts);
  if (mine.length === 0) return new Map();
  const said = await desk.db
    .select({ thread: threadMessages.threadTs, newest: max(threadMessages.ts) })
    .from(threadMessages)
    .where(and(eq(threadMessages.channel, channel), inArray(threadMessages.threadTs, mine)))
    .groupBy(threadMessages.threadTs);
  const posted = await desk.db
    .select({ thread: slackPosts.threadTs, newest: max(slackPosts.ts) })
    .from(slackPosts)
    .where(and(eq(slackPosts.channel, channel), inArray(slackPosts.threadTs, mine)))
    .groupBy(slackPosts.threadTs);
  const newest = new Map(mine.map((ts) => [ts, ts]));
  for (const { thread, newest: ts } of [...said, ...posted]) {
    if (thread && ts && ts > (newest.get(thread) ?? '')) newest.set(thread, ts);
  }
  return newest;
}

/** What was said and never told is taken as if it had been told now; what is known already changes nothing. */
async function readThread(desk: Desk, slack: Slack, { channel, cursor, page = 1 }: Look, thread: { ts: string; oldest: string }) {
  const { ts, oldest } = thread;
  const answer = await slack.lanes.call<Answer>('card', 'conversations.replies', {
    channel,
    ts,
    oldest,
    limit: PAGE,
    ...(cursor ? { cursor } : {}),
  });
  for (const message of answer.messages ?? []) {
    if (message.ts === ts || message.user === slack.bot.userId || message.bot_id) continue;
    await storeEvent(desk, slack, { event: { ...message, type: 'message', channel } });
  }
  const next = answer.response_metadata?.next_cursor;
  return next && page < MAX_PAGES ? [{ channel, thread, cursor: next, page: page + 1 }] : [];
}

/** A message somebody points at and nobody told us of: is it in a thread of ours, and on its way in now? */
export async function takeLost(desk: Desk, slack: Slack, { channel, ts }: { channel: string; ts: string }): Promise<boolean> {
  if (await isMessageWaiting(desk, slack, { channel, ts })) return true;
  try {
    const where = { channel, ts, oldest: ts, latest: ts, inclusive: true, limit: PAGE };
    const answer = await slack.lanes.call<Answer>('conversation', 'conversations.replies', where);
    const message = answer.messages?.find((one) => one.ts === ts);
    if (!message?.thread_ts || message.bot_id || !(await threadAt(desk.db, channel, message.thread_ts))) return false;
    await storeEvent(desk, slack, { event: { ...message, type: 'message', channel } });
    return isMessageWaiting(desk, slack, { channel, ts });
  } catch (error) {
    if (isChannelLost(error) || isSlackError(error, 'thread_not_found', 'message_not_found')) return false;
    throw error;
  }
}
