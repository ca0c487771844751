import type { Desk } from '#tickets/desk.ts';
import type { MentionNames } from '../inlines.ts';
import { isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { slackUser } from '../users.ts';
import type { SlackMessage } from './message.ts';

const MAX_MENTIONS = 20;
const USER = /<@([UW][A-Z0-9]+)|"user_id":"([UW][A-Z0-9]+)"/g;
const CHANNEL = /<#([CGD][A-Z0-9]+)|"channel_id":"([CGD][A-Z0-9]+)"/g;
const GROUP = /<!subteam\^(S[A-Z0-9]+)|"usergroup_id":"(S[A-Z0-9]+)"/g;

/** What people, channels and groups mentioned in a message are called. Whatever Slack doesn't know stays an id. */
export async function mentionNames(desk: Desk, slack: Slack, message: Pick<SlackMessage, 'text' | 'blocks'>): Promise<MentionNames> {
  const words = `${message.text ?? ''} ${JSON.stringify(message.blocks ?? null)}`;
  const users = await named(idsIn(words, USER), async (id) => (await slackUser(desk, slack, id)).name);
  const channels = await named(idsIn(words, CHANNEL), (id) => channelName(slack, id));
  const groupIds = idsIn(words, GROUP);
  const known = groupIds.length > 0 ? await groupNames(slack) : new Map<string, string>();
  return { user: (id) => users.get(id), group: (id) => known.get(id), channel: (id) => channels.get(id) };
}

function idsIn(words: string, pattern: RegExp): string[] {
  const ids = [...words.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(ids)].filter(Boolean).slice(0, MAX_MENTIONS);
}

async function named(ids: string[], nameOf: (id: string) => Promise<string | null>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const id of ids) {
    const name = await orUnknown(nameOf(id), null);
    if (name) names.set(id, name);
  }
  return names;
}

async function channelName(slack: Slack, id: string): Promise<string | null> {
  const { channel } = await slack.lanes.call<{ channel?: { name?: string } }>('answer', 'conversations.info', { channel: id });
  return channel?.name ? `#${channel.name}` : null;
}

async function groupNames(slack: Slack): Promise<Map<string, string>> {
  const asked = slack.lanes.call<{ usergroups?: { id: string; name?: string; handle?: string }[] }>('answer', 'usergroups.list', {});
  const { usergroups = [] } = await orUnknown(asked, {});
  return new Map(usergroups.map((group) => [group.id, group.name || group.handle || group.id]));
}

/** Gone, private or not allowed: then nobody here knows the name. */
async function orUnknown<T>(asked: Promise<T>, unknown: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!isSlackError(error)) throw error;
    return unknown;
  }
}
