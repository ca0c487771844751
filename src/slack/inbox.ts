import { eq } from 'drizzle-orm';
import { MINUTE, SECOND } from '#clock.ts';
import { enqueue } from '#jobs/queue.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Writer } from '#db/database.ts';
import { canComeRight } from '#db/errors.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import type { Doors } from './doors.ts';
import { isSlackAway } from './lanes.ts';
import type { Slack } from './slack.ts';
import { tellWish } from './tell.ts';
import { messageLink, threadAt } from './threads.ts';

export interface SlackEvent {
  type: string;
  subtype?: string;
  channel?: string;
  ts?: string;
  thread_ts?: string;
  event_ts?: string;
  deleted_ts?: string;
  message?: { ts?: string; thread_ts?: string; user?: string; edited?: { ts?: string } };
  previous_message?: { thread_ts?: string };
  item?: { channel?: string; ts?: string };
  user?: string | { id?: string };
}

/** Stores an event before it is acknowledged: after this, Slack may forget it. The same one again changes nothing. */
export async function storeEvent(
  desk: Desk,
  slack: Slack,
  body: { event_id?: string; event: SlackEvent; team_id?: string },
): Promise<void> {
  const { event } = body;
  const team = body.team_id ?? slack.team.id;
  const key = workKey(team, event) ?? `event:${body.event_id ?? JSON.stringify(event).slice(0, 200)}`;
  const now = desk.clock.now();
  await slack.commits.run('store event', async (tx) => {
    const [row] = await tx
      .insert(tx.tables.inbox)
      .values({ key, kind: event.type, payload: event as unknown as Record<string, unknown>, receivedAt: now })
      .onConflictDoNothing({ target: tx.tables.inbox.key })
      .returning({ id: tx.tables.inbox.id });
    if (!row) return;
    await enqueue(tx, now, {
      kind: 'slack.event',
      lane: laneOf(team, event),
      rank: rankOf(event),
      payload: { inboxId: row.id },
      runAt: now,
    });
    tx.afterCommit(() => desk.wake());
  });
  desk.failPoint('event stored');
}

/** Is this message stored, and not worked through yet? */
export async function isMessageWaiting(desk: Desk, slack: Slack, { channel, ts }: { channel: string; ts: string }): Promise<boolean> {
  const { inbox } = desk.db.tables;
  const key = `message:${slack.team.id}:${channel}:${ts}`;
  const [row] = await desk.db.select({ doneAt: inbox.doneAt }).from(inbox).where(eq(inbox.key, key));
  return row !== undefined && row.doneAt === null;
}

/**
 * One piece of work has one key, whatever event brings it: a message is its place and time, an edit adds when, a mention
 * of the bot is the message it stands in.
 */
function workKey(team: string, event: SlackEvent): string | null {
  const { channel } = event;
  if (event.type === 'app_mention') return `message:${team}:${channel}:${event.ts}`;
  if (event.type !== 'message') return null;
  if (event.subtype === 'message_changed') return `edit:${team}:${channel}:${event.message?.ts}:${event.message?.edited?.ts ?? event.ts}`;
  if (event.subtype === 'message_deleted') return `delete:${team}:${channel}:${event.deleted_ts}`;
  return `message:${team}:${channel}:${event.ts}`;
}

/** Work of one thread runs one at a time, in Slack's order. */
export function laneOf(team: string, event: SlackEvent): string {
  const channel = event.channel ?? event.item?.channel ?? '';
  const thread =
    event.thread_ts ??
    event.message?.thread_ts ??
    event.previous_message?.thread_ts ??
    event.item?.ts ??
    event.deleted_ts ??
    event.message?.ts ??
    event.ts ??
    '';
  if (channel) return `slack:${team}:${channel}:${thread}`;
  const user = typeof event.user === 'string' ? event.user : (event.user?.id ?? '');
  return `slack:${team}:user:${user}`;
}

function rankOf(event: SlackEvent): string {
  return (event.event_ts ?? event.ts ?? '').padStart(20, '0');
}

const CONCURRENCY = 16;

export function eventJob(slack: Slack, doors: Doors): JobKind<Desk> {
  return {
    kind: 'slack.event',
    concurrency: CONCURRENCY,
    leaseSeconds: 60,
    retries: [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE],
    // The thread waits behind it: what fails for any other reason is told to its author after the last try, and left.
    isPatient: (error) => isSlackAway(error) || canComeRight(error),
    prepare: async (desk, job) => {
      const { inbox } = desk.db.tables;
      const [row] = await desk.db
        .select()
        .from(inbox)
        .where(eq(inbox.id, Number(job.payload['inboxId'])));
      if (!row || row.doneAt) return;
      await doors.events[row.kind]?.(desk, slack, row.payload, row.receivedAt);
    },
    apply: async (desk, tx, job) => {
      await tx
        .update(tx.tables.inbox)
        .set({ doneAt: desk.clock.now() })
        .where(eq(tx.tables.inbox.id, Number(job.payload['inboxId'])));
      desk.failPoint('event done');
    },
    gaveUp: async (desk, tx, job) => {
      const { inbox } = tx.tables;
      const [row] = await tx
        .update(inbox)
        .set({ doneAt: desk.clock.now() })
        .where(eq(inbox.id, Number(job.payload['inboxId'])))
        .returning();
      if (row) await tellAuthor(desk, tx, row.payload as unknown as SlackEvent, row.id);
    },
  };
}

/** Nothing of it went anywhere, and its author must not believe otherwise. */
async function tellAuthor(desk: Desk, tx: Writer, event: SlackEvent, inboxId: number): Promise<void> {
  const { channel, message, thread_ts: threadTs = message?.thread_ts, ts = event.event_ts } = event;
  const said = message ?? event;
  if (event.type !== 'message' || typeof said.user !== 'string' || !channel || !threadTs) return;
  if (!(await threadAt(tx, channel, threadTs))) return;
  const link = `${messageLink(channel, message?.ts ?? ts ?? threadTs)}?thread_ts=${threadTs}&cid=${channel}`;
  await queue(
    desk,
    tx,
    tellWish(desk, { key: `untaken:${inboxId}`, userId: said.user, ticketId: null, text: 'slack:hint.untaken', params: { link } }),
  );
}
