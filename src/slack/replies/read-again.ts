import { and, desc, eq, inArray, isNull, lt } from 'drizzle-orm';
import { hadCompany } from '#jobs/presence.ts';
import type { Desk } from '#tickets/desk.ts';
import { laneOf, type SlackEvent, storeEvent } from '../inbox.ts';
import { Failure } from '#failure.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { takeDeletion, takeEdit } from './change-message.ts';
import { type Hold, holdById } from './hold.ts';
import { knownMessage, messageKey, type SlackMessage } from './message.ts';

const MAX_WAITING = 200;
const PAGE = 200;

/**
 * Could the message have been edited or deleted without our knowing? Then nobody may believe what was read before. The word of
 * it may have gone to another node, and have died with it.
 */
export async function mayHaveChanged(desk: Desk, slack: Slack, hold: Hold): Promise<boolean> {
  if (hold.sourceTs === null) return false;
  if (!slack.wasHealthySince(hold.createdAt) || (await hasEventsWaiting(desk, slack, hold))) return true;
  return hadCompany(desk.db, { node: slack.node, since: hold.createdAt });
}

/** Reads a held message again and takes what it says now like the edit or deletion that was missed. False when it is as it was; a Failure when it is out of reach. */
export async function readAgain(desk: Desk, slack: Slack, hold: Hold): Promise<boolean> {
  const known = await knownMessage(desk.db, messageKey(slack, hold.channel, hold.sourceTs ?? ''));
  if (!known) return false;
  const message = await messageNow(desk, slack, hold);
  if (!message || message.subtype === 'tombstone') await takeDeletion(desk, known);
  else await takeEdit(desk, slack, known, message);
  const after = await holdById(desk.db, hold.id);
  return JSON.stringify([after?.state, after?.editedTs, after?.fileIds]) !== JSON.stringify([hold.state, hold.editedTs, hold.fileIds]);
}

/** An edit or a deletion of this very message, or one that was written before it, is stored and not worked through yet. */
export async function hasEventsWaiting(desk: Desk, slack: Slack, hold: Hold): Promise<boolean> {
  const { jobs, inbox } = desk.db.tables;
  const lanes = [hold.threadTs, hold.sourceTs ?? ''].map((ts) => laneOf(slack.team.id, { type: 'message', channel: hold.channel, ts }));
  const waiting = await desk.db
    .select({ payload: jobs.payload })
    .from(jobs)
    .where(and(inArray(jobs.lane, lanes), eq(jobs.kind, 'slack.event')))
    .limit(MAX_WAITING);
  if (waiting.length === 0) return false;
  const ids = waiting.map(({ payload }) => Number(payload['inboxId']));
  const events = await desk.db
    .select({ payload: inbox.payload })
    .from(inbox)
    .where(and(inArray(inbox.id, ids), isNull(inbox.doneAt)));
  return events.some(({ payload }) => concerns(payload as unknown as SlackEvent, hold.sourceTs ?? ''));
}

function concerns(event: SlackEvent, ts: string): boolean {
  if (event.type !== 'message') return false;
  if (event.subtype === 'message_deleted') return event.deleted_ts === ts;
  return event.subtype === 'message_changed' ? event.message?.ts === ts : (event.ts ?? ts) < ts;
}

/** The message as it stands now. What was written before it and never told is on its way in after this, and leaves before it. */
async function messageNow(desk: Desk, slack: Slack, hold: Hold): Promise<SlackMessage | null> {
  const { channel, threadTs, sourceTs } = hold;
  const known = (await lastKnownBefore(desk, hold)) ?? threadTs;
  const read = async (oldest: string) => {
    const where = { channel, ts: threadTs, oldest, latest: sourceTs, inclusive: true, limit: PAGE };
    const { messages } = await slack.lanes.call<{ messages?: SlackMessage[] }>('answer', 'conversations.replies', where);
    return messages ?? [];
  };
  try {
    const messages = await read(known);
    for (const { channel: _, ...message } of messages) {
      const isUnheard = message.ts > known && message.ts < (sourceTs ?? '') && !message.bot_id && message.user !== slack.bot.userId;
      if (isUnheard) await storeEvent(desk, slack, { event: { ...message, type: 'message', channel } });
    }
    const isIt = (one: SlackMessage) => one.ts === sourceTs;
    // Slack may give fewer than it was asked for: behind them it is not deleted, only further on.
    const found = messages.find(isIt) ?? (await read(sourceTs ?? '')).find(isIt);
    return found ? { ...found, channel } : null;
  } catch (error) {
    // Not deleted, only out of reach: whether the words still stand is a person's to say.
    if (isChannelLost(error) || isSlackError(error, 'thread_not_found')) throw new Failure('hold.unreadable');
    if (isSlackError(error, 'message_not_found')) return null;
    throw error;
  }
}

/** The newest message of this thread before it that we were told of. */
async function lastKnownBefore(desk: Desk, { channel, threadTs, sourceTs }: Hold): Promise<string | undefined> {
  const { threadMessages } = desk.db.tables;
  const [last] = await desk.db
    .select({ ts: threadMessages.ts })
    .from(threadMessages)
    .where(and(eq(threadMessages.channel, channel), eq(threadMessages.threadTs, threadTs), lt(threadMessages.ts, sourceTs ?? '')))
    .orderBy(desc(threadMessages.ts))
    .limit(1);
  return last?.ts;
}
