import type { Desk } from '#tickets/desk.ts';
import { recordSideMessage, withdrawSideMessage } from '#tickets/side.ts';
import { messageKey, type SlackMessage } from './replies/message.ts';
import { mentionNames } from './replies/mention-names.ts';
import { documentFromMessage } from './rich-text.ts';
import type { Slack } from './slack.ts';
import type { Thread } from './threads.ts';
import { personOfUser } from './users.ts';

/** What colleagues write in a side conversation is kept on the ticket, and goes nowhere else. */
export async function takeSideMessage(desk: Desk, slack: Slack, thread: Thread, message: SlackMessage): Promise<void> {
  if (thread.sideId === null) return;
  const found = message.user ? await personOfUser(desk, slack, message.user) : null;
  const document = documentFromMessage({ blocks: message.blocks, text: message.text }, await mentionNames(desk, slack, message));
  await recordSideMessage(desk, {
    sideId: thread.sideId,
    authorId: found?.person.id ?? null,
    document,
    sourceKey: messageKey(slack, message.channel, message.ts),
    editedTs: message.edited?.ts ?? null,
  });
}

export function takeSideDeletion(desk: Desk, slack: Slack, channel: string, ts: string): Promise<void> {
  return withdrawSideMessage(desk, messageKey(slack, channel, ts));
}
