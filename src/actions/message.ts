import { later, SECOND } from '#clock.ts';
import { Later } from '#jobs/job-kind.ts';
import { takeDirectMessage } from '#slack/direct-message.ts';
import type { EventDoor } from '#slack/doors.ts';
import { repost } from '#slack/jobs/card-place.ts';
import { isBeingPosted, postByKey } from '#slack/posts.ts';
import { keepDeletion, takeDeletion, takeEdit } from '#slack/replies/change-message.ts';
import { takeMessage } from '#slack/replies/intake.ts';
import { knownMessage, messageKey, type SlackMessage } from '#slack/replies/message.ts';
import { takeRequesterDeletion, takeRequesterMessage } from '#slack/requester-thread.ts';
import { takeSideDeletion, takeSideMessage } from '#slack/side-thread.ts';
import type { Slack } from '#slack/slack.ts';
import { threadAt } from '#slack/threads.ts';
import type { Desk } from '#tickets/desk.ts';
import { mustFind } from '#tickets/find.ts';

interface MessageEvent extends SlackMessage {
  message?: SlackMessage;
  previous_message?: SlackMessage & { thread_ts?: string };
  deleted_ts?: string;
  channel_type?: string;
}

/** What people write, as against what Slack says of itself. */
const WRITTEN = new Set([undefined, 'file_share', 'me_message']);

/** Everything people write where we are: only threads of ours matter, and our own words never do. */
export const messageDoor: EventDoor = async (desk, slack, payload) => {
  const event = payload as unknown as MessageEvent;
  if (event.subtype === 'message_changed' && event.message)
    return edited(desk, slack, { ...event.message, channel: event.channel }, isDirect(event));
  if (event.subtype === 'message_deleted') return deleted(desk, slack, event);
  if (isOurs(slack, event)) return;
  const thread = event.thread_ts ? await threadAt(desk.db, event.channel, event.thread_ts) : undefined;
  if (!thread) {
    if (event.thread_ts && (await isBeingPosted(desk, event.channel, event.thread_ts)))
      throw new Later(later(desk.clock.now(), SECOND), 'its thread is being posted');
    return isDirect(event) && WRITTEN.has(event.subtype) ? takeDirectMessage(desk, slack, event) : undefined;
  }
  if (thread.kind === 'side') return takeSideMessage(desk, slack, thread, event);
  if (thread.kind === 'requester') return takeRequesterMessage(desk, slack, thread, event);
  return takeMessage(desk, slack, thread, event);
};

function isDirect(event: MessageEvent): boolean {
  return event.channel_type === 'im';
}

function isOurs(slack: Slack, message: SlackMessage): boolean {
  return message.user === slack.bot.userId || message.bot_id !== undefined;
}

async function edited(desk: Desk, slack: Slack, message: SlackMessage, isDirect: boolean): Promise<void> {
  if (message.subtype === 'tombstone') return deleted(desk, slack, { ...message, deleted_ts: message.ts });
  if (isOurs(slack, message) || !(message.thread_ts || isDirect)) return;
  const known = await knownMessage(desk.db, messageKey(slack, message.channel, message.ts));
  // Also without `edited`: a file that was taken off changes a message just so.
  if (known) return takeEdit(desk, slack, known, message);
  // Slack sends a change for every unfurl too; only a person's edit carries `edited`.
  if (!message.edited) return;
  const thread = message.thread_ts ? await threadAt(desk.db, message.channel, message.thread_ts) : undefined;
  if (thread?.kind === 'side') return takeSideMessage(desk, slack, thread, message);
  // The edit overtook its message, or the message was lost: what it says now is what counts.
  if (thread && (thread.kind === 'card' || thread.kind === 'alias')) await takeMessage(desk, slack, thread, message);
}

async function deleted(desk: Desk, slack: Slack, event: MessageEvent): Promise<void> {
  const ts = event.deleted_ts ?? '';
  const known = await knownMessage(desk.db, messageKey(slack, event.channel, ts));
  if (known) return known.kind === 'requester' ? takeRequesterDeletion(desk, known) : takeDeletion(desk, known);
  const thread = await threadAt(desk.db, event.channel, ts);
  if (thread?.kind === 'card') {
    const card = await postByKey(desk.db, `card:${thread.ticketId}:${thread.channel}`);
    if (card) await repost(desk, slack, await mustFind(desk.db, thread.ticketId), card);
    return;
  }
  const threadTs = event.previous_message?.thread_ts;
  const home = threadTs ? await threadAt(desk.db, event.channel, threadTs) : undefined;
  if (home && home.kind !== 'side') return keepDeletion(desk, home, { key: messageKey(slack, event.channel, ts), ts });
  await takeSideDeletion(desk, slack, event.channel, ts);
}
