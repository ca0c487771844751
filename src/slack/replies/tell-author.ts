import { translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { isSlackError } from '../lanes.ts';
import { escape } from '../mrkdwn.ts';
import type { Slack } from '../slack.ts';
import { slackUser } from '../users.ts';
import type { SlackMessage } from './message.ts';

export type AuthorHint = 'edited_stopped' | 'edited_note';

/** What an author would else believe: that the words they just changed go to the customer. */
export async function tellAuthor(desk: Desk, slack: Slack, message: SlackMessage, hint: AuthorHint): Promise<void> {
  if (!message.user) return;
  const t = translator((await slackUser(desk, slack, message.user)).locale);
  try {
    await slack.lanes.call('answer', 'chat.postEphemeral', {
      channel: message.channel,
      user: message.user,
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      text: escape(t(`slack:hint.${hint}`)),
    });
  } catch (error) {
    // An ephemeral is a courtesy; the control line and the note say the same.
    if (!isSlackError(error)) throw error;
  }
}
