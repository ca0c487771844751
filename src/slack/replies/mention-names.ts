import type { Desk } from '#tickets/desk.ts';
import type { MentionNames } from '../inlines.ts';
import { isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { slackUser } from '../users.ts';
import type { SlackMessage } from './message.ts';

const MAX_MENTIONS = 20;

/** What the people mentioned in a message are called. Whoever Slack doesn't know stays an id. */
export async function mentionNames(desk: Desk, slack: Slack, message: Pick<SlackMessage, 'text' | 'blocks'>): Promise<MentionNames> {
  const words = `${message.text ?? ''} ${JSON.stringify(message.blocks ?? null)}`;
  const ids = [
    ...new Set([...words.matchAll(/<@([UW][A-Z0-9]+)|"user_id":"([UW][A-Z0-9]+)"/g)].map((match) => match[1] ?? match[2] ?? '')),
  ].filter(Boolean);
  const names = new Map<string, string>();
  for (const id of ids.slice(0, MAX_MENTIONS)) {
    try {
      names.set(id, (await slackUser(desk, slack, id)).name);
    } catch (error) {
      if (!isSlackError(error)) throw error;
    }
  }
  return { user: (id) => names.get(id), group: () => undefined, channel: () => undefined };
}
