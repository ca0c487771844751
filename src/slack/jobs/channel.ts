import { and, desc, eq, inArray, ne } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import { hurry } from '#jobs/hurry.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { enqueue, type Wish } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import { defaultGroup } from '#tickets/find.ts';
import { isChannelLost } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { cardWish } from './card.ts';
import { forgetLost } from './card-place.ts';

/** Who archived a channel or took us out by mistake undoes it soon: for so long its cards stay where they are. */
const PATIENCE = MINUTE;
/** So many tickets that wait for the team follow at once; the others when something happens to them. */
const MAX_MOVED = 50;
const MAX_BACK = 200;
/** What may have waited for a channel. */
const WAITING = [
  'slack.open',
  'slack.card',
  'slack.comment',
  'slack.line',
  'slack.side',
  'slack.side-line',
  'deliver.slack',
  'slack.alarm',
];

/** Something happened to a channel that a group names. What is true of it is looked up when the job runs. */
export function channelWish(desk: Desk, channel: string, became: 'lost' | 'back'): Wish {
  const now = desk.clock.now();
  return {
    kind: 'slack.channel',
    key: `channel:${channel}:${became}`,
    lane: `channel:${channel}`,
    payload: { channel },
    runAt: became === 'lost' ? later(now, PATIENCE) : now,
  };
}

export function channelJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.channel',
    concurrency: 2,
    leaseSeconds: 60,
    retries: [5 * SECOND, 60 * SECOND, 600 * SECOND],
    isPatient: true,
    prepare: async (desk, job) => {
      const channel = String(job.payload['channel']);
      const code = await whyLost(slack, channel);
      if (code !== null) return wishesToLeave(desk, channel, code);
      forgetLost(slack, channel);
      for (const kind of WAITING) await hurry(desk, kind);
      return wishesToReturn(desk, channel);
    },
    apply: async (desk, tx, _job, wishes) => {
      await enqueue(tx, desk.clock.now(), wishes as Wish[]);
      tx.afterCommit(() => desk.wake(['slack.card']));
    },
  };
}

/** Null while it can be written to. */
async function whyLost(slack: Slack, channel: string): Promise<string | null> {
  try {
    const answer = await slack.lanes.call<{ channel: { is_archived?: boolean; is_member?: boolean } }>('card', 'conversations.info', {
      channel,
    });
    if (answer.channel.is_archived) return 'is_archived';
    return answer.channel.is_member ? null : 'not_in_channel';
  } catch (error) {
    if (isChannelLost(error)) return error.code;
    throw error;
  }
}

/** Cards that can't be read there any more are posted where they can, if there is such a place. */
async function wishesToLeave(desk: Desk, channel: string, code: string): Promise<Wish[]> {
  const { slackChannel: fallback } = await defaultGroup(desk.db);
  if (fallback === null || fallback === channel) return [];
  const { slackThreads, tickets } = desk.db.tables;
  const left = await desk.db
    .select({ id: tickets.id })
    .from(slackThreads)
    .innerJoin(tickets, eq(tickets.id, slackThreads.ticketId))
    .where(and(eq(slackThreads.channel, channel), eq(slackThreads.kind, 'card'), inArray(tickets.status, ['new', 'open'])))
    .orderBy(desc(tickets.id))
    .limit(MAX_MOVED);
  return left.map(({ id }) => ({
    ...cardWish(desk, id),
    key: `card-lost:${id}:${channel}`,
    payload: { ticketId: id, lost: { channel, code } },
  }));
}

async function wishesToReturn(desk: Desk, channel: string): Promise<Wish[]> {
  const { slackThreads, tickets, groups } = desk.db.tables;
  const away = await desk.db
    .selectDistinct({ id: tickets.id })
    .from(tickets)
    .innerJoin(groups, eq(groups.id, tickets.groupId))
    .innerJoin(slackThreads, eq(slackThreads.ticketId, tickets.id))
    .where(
      and(eq(groups.slackChannel, channel), eq(slackThreads.kind, 'card'), ne(slackThreads.channel, channel), ne(tickets.status, 'closed')),
    )
    .orderBy(desc(tickets.id))
    .limit(MAX_BACK);
  return away.map(({ id }) => cardWish(desk, id));
}
