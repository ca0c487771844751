import { translator } from '#i18n.ts';
import { enqueue, type Wish } from '#jobs/queue.ts';
import { SECOND } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Desk } from '#tickets/desk.ts';
import { team } from '#tickets/roles.ts';
import type { Params } from '#i18n.ts';
import { isSlackError } from './lanes.ts';
import { escape } from './mrkdwn.ts';
import { showPost } from './posts.ts';
import type { Block, Slack } from './slack.ts';
import { slackUser } from './users.ts';

export interface Told {
  /** Telling the same thing twice tells it once. */
  key: string;
  userId: string;
  ticketId: number | null;
  text: string;
  params?: Params;
  blocks?: Block[];
}

/** A direct message, as a job: durable, told once. `text` is a locale key, read in the person's language. */
export async function tell(desk: Desk, slack: Slack, told: Told): Promise<void> {
  await slack.commits.run('tell', (tx) => enqueue(tx, desk.clock.now(), tellWish(desk, told)));
  desk.wake();
}

export function tellWish(desk: Desk, told: Told): Wish {
  const name = `tell:${told.key}:${told.userId}`;
  // Whoever wished it may be killed and wish it again while the first is being told: side by side, both would tell it.
  return { kind: 'slack.tell', key: name, lane: name, payload: { ...told }, runAt: desk.clock.now() };
}

export async function tellAdmins(desk: Desk, slack: Slack, key: string, text: string, params: Params): Promise<void> {
  for (const userId of await adminUsers(desk)) await tell(desk, slack, { key, userId, ticketId: null, text, params });
}

/** The Slack users who are admins here. */
export async function adminUsers(desk: Desk): Promise<string[]> {
  const people = await team(desk.db);
  return people.flatMap((admin) => (admin.role === 'admin' && admin.slackId ? [admin.slackId] : []));
}

/** A channel can't be written to. Told once a day: it may come back and be lost again. */
export function tellChannelLost(
  desk: Desk,
  slack: Slack,
  lost: { channel: string; group: string; code: string; fallback: string | null },
): Promise<void> {
  const day = desk.clock.now().toISOString().slice(0, 10);
  return tellAdmins(desk, slack, `channel-lost:${lost.channel}:${lost.group}:${lost.code}:${day}`, 'slack:hint.channel_lost', {
    group: escape(lost.group),
    code: lost.code,
    fallback: lost.fallback ? `<#${lost.fallback}>` : '—',
  });
}

export function tellJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.tell',
    concurrency: 4,
    leaseSeconds: 60,
    retries: [5 * SECOND, 60 * SECOND, 600 * SECOND],
    isPatient: true,
    prepare: async (desk, job) => {
      const told = job.payload as unknown as Told;
      const user = await slackUser(desk, slack, told.userId);
      const text = translator(user.locale)(told.text, told.params);
      try {
        const { channel } = await slack.lanes.call<{ channel: { id: string } }>('answer', 'conversations.open', { users: told.userId });
        const message = { text, ...(told.blocks ? { blocks: told.blocks } : {}) };
        await showPost(desk, slack, {
          key: `tell:${told.key}:${told.userId}`,
          ticketId: told.ticketId,
          channel: channel.id,
          threadTs: null,
          lane: 'answer',
          message,
        });
      } catch (error) {
        // Nobody is there to be told.
        if (!isSlackError(error, 'user_not_found', 'user_disabled', 'cannot_dm_bot', 'channel_not_found')) throw error;
      }
    },
  };
}
