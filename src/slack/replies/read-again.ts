import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Desk } from '#tickets/desk.ts';
import { laneOf, type SlackEvent } from '../inbox.ts';
import { Failure } from '#failure.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { takeDeletion, takeEdit } from './change-message.ts';
import { type Hold, holdById } from './hold.ts';
import { knownMessage, messageKey, type SlackMessage } from './message.ts';

const MAX_WAITING = 200;

/** Could the message have been edited or deleted without our knowing? Then nobody may believe what was read before. */
export async function mayHaveChanged(desk: Desk, slack: Slack, hold: Hold): Promise<boolean> {
  if (hold.sourceTs === null) return false;
  return !slack.wasHealthySince(hold.createdAt) || (await hasEventsWaiting(desk, slack, hold));
}

/** Reads a held message again and takes what it says now like the edit or deletion that was missed. False when it is as it was; a Failure when it is out of reach. */
export async function readAgain(desk: Desk, slack: Slack, hold: Hold): Promise<boolean> {
  const known = await knownMessage(desk.db, messageKey(slack, hold.channel, hold.sourceTs ?? ''));
  if (!known) return false;
  const message = await messageNow(slack, hold);
  if (!message || message.subtype === 'tombstone') await takeDeletion(desk, known);
  else await takeEdit(desk, slack, known, message);
  const after = await holdById(desk.db, hold.id);
  return JSON.stringify([after?.state, after?.editedTs, after?.fileIds]) !== JSON.stringify([hold.state, hold.editedTs, hold.fileIds]);
}

/** An edit or a deletion of this very message is stored and not worked through yet. */
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
  return events.some(({ payload }) => changes(payload as unknown as SlackEvent, hold.sourceTs));
}

function changes(event: SlackEvent, ts: string | null): boolean {
  return (
    (event.subtype === 'message_deleted' && event.deleted_ts === ts) || (event.subtype === 'message_changed' && event.message?.ts === ts)
  );
}

async function messageNow(slack: Slack, hold: Hold): Promise<SlackMessage | null> {
  try {
    const { messages } = await slack.lanes.call<{ messages?: SlackMessage[] }>('answer', 'conversations.replies', {
      channel: hold.channel,
      ts: hold.threadTs,
      oldest: hold.sourceTs,
      latest: hold.sourceTs,
      inclusive: true,
      limit: 10,
    });
    const found = messages?.find((one) => one.ts === hold.sourceTs);
    return found ? { ...found, channel: hold.channel } : null;
  } catch (error) {
    // Not deleted, only out of reach: whether the words still stand is a person's to say.
    if (isChannelLost(error) || isSlackError(error, 'thread_not_found')) throw new Failure('hold.unreadable');
    if (isSlackError(error, 'message_not_found')) return null;
    throw error;
  }
}
