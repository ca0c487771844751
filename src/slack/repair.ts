import { and, desc, eq, gte, inArray, max, min, ne } from 'drizzle-orm';
import { DAY, later, MINUTE, SECOND } from '#clock.ts';
import { takeInstant } from '#jobs/instant.ts';
import { type JobKind, Later } from '#jobs/job-kind.ts';
import { enqueue, type Wish } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import { isMessageWaiting, storeEvent } from './inbox.ts';
import { isChannelLost, isSlackError } from './lanes.ts';
import { channelMention, moment } from './mrkdwn.ts';
import { confirmGone, readThread, type ThreadLook } from './repair-thread.ts';
import type { SlackMessage } from './replies/message.ts';
import type { Slack } from './slack.ts';
import { tellAdmins } from './tell.ts';
import { threadAt } from './threads.ts';

/** Ten calls a minute: the repair must not take the pace that people need. */
const PAUSE = 6 * SECOND;
const PAGE = 200;
const MAX_PAGES = 20;
const MAX_CHANNELS = 200;
const MAX_NAMED = 20;

/** What people change, they change soon: so far back a long gap's edits and deletions are looked for, in so many threads. */
const EDITED_WITHIN = DAY;
const MAX_THREADS = 50;
/** So long Slack repeats what was not taken; after that, changes are lost and have to be looked for. */
const REPEATED_FOR = 5 * MINUTE;

/** One look: at the threads of a channel, or into one of them. */
type Look = { channel: string; cursor?: string; page?: number; thread?: undefined } | ThreadLook;

/** Slack may have given up on events while nobody heard it: every channel with living tickets is looked through. `since` is when it was heard last, if that is known. */
export async function repairGap(desk: Desk, slack: Slack, since: Date | null): Promise<void> {
  const { slackThreads, tickets } = desk.db.tables;
  const rows = await desk.db.aside
    .selectDistinct({ channel: slackThreads.channel })
    .from(slackThreads)
    .innerJoin(tickets, eq(tickets.id, slackThreads.ticketId))
    .where(ne(tickets.status, 'closed'))
    .limit(MAX_CHANNELS);
  if (rows.length === 0) return;
  const channels = rows.map(({ channel }) => channel);
  const now = desk.clock.now();
  const isLong = since !== null && later(since, REPEATED_FOR) < now;
  const looks: Look[] = [...channels.map((channel) => ({ channel })), ...(isLong ? await recentThreads(desk, now) : [])];
  await slack.commits.run('repair', (tx) =>
    enqueue(
      tx,
      now,
      looks.map((look) => wish(desk, look)),
    ),
  );
  desk.wake(['slack.repair']);
  if (isLong) await tellDeaf(desk, slack, { since, until: now, channels });
}

/** Where people wrote lately, the newest first. */
async function recentThreads(desk: Desk, now: Date): Promise<ThreadLook[]> {
  const { threadMessages, tickets } = desk.db.tables;
  const from = tsAt(later(now, -EDITED_WITHIN));
  const threads = await desk.db
    .select({
      channel: threadMessages.channel,
      ts: threadMessages.threadTs,
      newest: max(threadMessages.ts),
      oldest: min(threadMessages.ts),
    })
    .from(threadMessages)
    .innerJoin(tickets, eq(tickets.id, threadMessages.ticketId))
    .where(and(gte(threadMessages.ts, from), ne(tickets.status, 'closed')))
    .groupBy(threadMessages.channel, threadMessages.threadTs)
    .orderBy(desc(max(threadMessages.ts)))
    .limit(MAX_THREADS);
  return threads.map(({ channel, ts, oldest }) => ({ channel, thread: { ts, oldest: oldest ?? ts }, isDeep: true }));
}

const tsAt = (at: Date) => `${Math.floor(at.getTime() / SECOND)}.000000`;

/** What can't be known is said: who was there meanwhile may have done more than a list of messages shows. */
async function tellDeaf(desk: Desk, slack: Slack, gap: { since: Date; until: Date; channels: string[] }): Promise<void> {
  const shown = gap.channels.slice(0, MAX_NAMED).map((channel) => channelMention(channel));
  const channels = [...shown, ...(gap.channels.length > MAX_NAMED ? ['…'] : [])].join(' ');
  const params = { from: moment(gap.since), until: moment(gap.until), channels };
  desk.log.warn({ since: gap.since, channels: gap.channels.length }, 'Slack was not heard for a while: its threads are looked through.');
  await tellAdmins(desk, slack, `deaf:${gap.since.getTime()}`, 'slack:hint.deaf', params);
}

function wish(desk: Desk, look: Look): Wish {
  const into = look.thread ? `${look.thread.ts}:${look.isDeep ? 'deep' : ''}:${look.gone ?? ''}` : '';
  const key = `repair:${look.channel}:${into}:${look.cursor ?? ''}`;
  // What was said is more urgent than what was changed.
  const rank = look.thread ? (look.isDeep || look.gone ? '2' : '1') : '0';
  return { kind: 'slack.repair', key, lane: 'slack.repair', rank, payload: { ...look }, runAt: desk.clock.now() };
}

export function repairJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.repair',
    concurrency: 1,
    leaseSeconds: 60,
    retries: [10 * SECOND, 60 * SECOND, 300 * SECOND],
    prepare: async (desk, job) => {
      const turn = new Date(Math.floor(desk.clock.now().getTime() / PAUSE) * PAUSE);
      const isFree = await desk.db.transaction('pace of the repair', (tx) => takeInstant(tx, 'slack.repair', turn));
      if (!isFree) throw new Later(later(turn, PAUSE), 'the pace of the repair, across all nodes');
      const look = job.payload as unknown as Look;
      try {
        return await lookAt(desk, slack, look);
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

async function lookAt(desk: Desk, slack: Slack, look: Look): Promise<Look[]> {
  if (!look.thread) return readChannel(desk, slack, look);
  if (look.gone === undefined) return readThread(desk, slack, look);
  await confirmGone(desk, slack, { ...look, gone: look.gone });
  return [];
}

interface Listed extends Omit<SlackMessage, 'channel'> {
  latest_reply?: string;
}

interface Answer {
  messages?: Listed[];
  response_metadata?: { next_cursor?: string };
}

/** Which threads of ours have something newer than we know; and the next page, while there may be more of ours on it. */
async function readChannel(desk: Desk, slack: Slack, { channel, cursor, page = 1 }: Exclude<Look, ThreadLook>): Promise<Look[]> {
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
