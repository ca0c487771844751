import { eq } from 'drizzle-orm';
import { change, type Desk } from '#tickets/desk.ts';
import { defaultGroup } from '#tickets/find.ts';
import { adminCount, firstAdmins } from '#tickets/roles.ts';
import { isSlackError } from './lanes.ts';
import { tellMissingScopes } from './missing-scopes.ts';
import { escape } from './mrkdwn.ts';
import type { Slack } from './slack.ts';
import { tellAdmins } from './tell.ts';
import { tellRestored } from './tell-restored.ts';
import { ensureMember, keepUser, slackUser } from './users.ts';

const PAGE = 200;
/** Owners are looked for among so many people. A larger workspace names its admins in TIKETTI_ADMINS. */
const MAX_PEOPLE_PAGES = 5;
/** The largest page Slack gives of channels. */
const CHANNEL_PAGE = 999;
const MAX_CHANNEL_PAGES = 20;

interface Channel {
  id: string;
  name: string;
  is_member?: boolean;
}

/** Finds the triage channel and the first admins. What can't be had is said where an operator reads it, and tried again at the next start. */
export async function setUpSlack(
  desk: Desk,
  slack: Slack,
  options: { triageChannel: string; admins: string[] | undefined; scopes: string[] | null },
): Promise<void> {
  await setUpAdmins(desk, slack, options.admins);
  await tellMissingScopes(desk, slack, options.scopes);
  await setUpChannel(desk, slack, options.triageChannel);
  await tellRestored(desk, slack);
}

async function setUpAdmins(desk: Desk, slack: Slack, configured: string[] | undefined): Promise<void> {
  if ((await adminCount(desk.db)) > 0) return;
  const ids = configured ?? (await owners(desk, slack));
  const people: number[] = [];
  for (const id of ids) {
    const person = await memberNamed(desk, slack, id);
    if (person !== null) people.push(person);
  }
  const made = await change(desk, 'first admins', (tx, desk) => firstAdmins(desk, tx, people));
  if (!made) desk.log.warn({}, 'Nobody is admin yet: set TIKETTI_ADMINS to a Slack user id. Mail is stored and confirmed meanwhile.');
}

/** One wrong id must not keep the others out, nor the channel from being found. */
async function memberNamed(desk: Desk, slack: Slack, id: string): Promise<number | null> {
  try {
    return (await ensureMember(desk, await slackUser(desk, slack, id))).id;
  } catch (error) {
    if (!isSlackError(error, 'user_not_found', 'user_not_visible')) throw error;
    desk.log.error({ id, code: error.code }, 'TIKETTI_ADMINS names nobody of this workspace. It takes Slack user ids such as U012AB3CD.');
    return null;
  }
}

async function owners(desk: Desk, slack: Slack): Promise<string[]> {
  type User = Parameters<typeof keepUser>[2];
  const found: string[] = [];
  let cursor = '';
  for (let page = 0; page < MAX_PEOPLE_PAGES; page += 1) {
    const answer = await slack.lanes.call<{ members: User[]; response_metadata?: { next_cursor?: string } }>('conversation', 'users.list', {
      limit: PAGE,
      ...(cursor ? { cursor } : {}),
    });
    for (const user of answer.members) if ((user.is_owner || user.is_primary_owner) && !user.deleted && !user.is_bot) found.push(user.id);
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (!cursor) break;
  }
  return found;
}

async function setUpChannel(desk: Desk, slack: Slack, wanted: string): Promise<void> {
  const group = await defaultGroup(desk.db);
  if (group.slackChannel) return;
  const channel = /^[CG][A-Z0-9]{6,}$/.test(wanted)
    ? { id: wanted, name: wanted, is_member: true }
    : await namedChannel(desk, slack, wanted.replace(/^#/, ''));
  if (!channel) return;
  await change(desk, 'triage channel', async (tx, desk) => {
    await tx.update(tx.tables.groups).set({ slackChannel: channel.id }).where(eq(tx.tables.groups.id, group.id));
    tx.afterCommit(() => desk.wake());
  });
  if (!channel.is_member)
    await tellAdmins(desk, slack, `invite:${channel.id}`, 'slack:hint.invite', { channel: `<#${channel.id}>`, bot: 'Tiketti' });
}

/** Where we are is asked first: it is a short list. All channels are looked through only when the name is taken. */
async function namedChannel(desk: Desk, slack: Slack, name: string): Promise<Channel | null> {
  const ours = await findChannel(slack, 'users.conversations', name);
  if (ours) return { ...ours, is_member: true };
  const made = await makeChannel(slack, name);
  if (typeof made === 'object') return made;
  const found = await findChannel(slack, 'conversations.list', name);
  if (found) return found;
  desk.log.error({ code: made, channel: name }, 'There is no triage channel. Make it in Slack, invite Tiketti there, and start again.');
  if (made === 'name_taken')
    await tellAdmins(desk, slack, `invite:${name}`, 'slack:hint.invite', { channel: escape(`#${name}`), bot: 'Tiketti' });
  return null;
}

async function findChannel(slack: Slack, method: 'users.conversations' | 'conversations.list', name: string): Promise<Channel | null> {
  const asked = { types: 'public_channel,private_channel', exclude_archived: true, limit: CHANNEL_PAGE };
  let cursor = '';
  for (let page = 0; page < MAX_CHANNEL_PAGES; page += 1) {
    const answer = await slack.lanes.call<{ channels: Channel[]; response_metadata?: { next_cursor?: string } }>('conversation', method, {
      ...asked,
      ...(cursor ? { cursor } : {}),
    });
    const found = answer.channels.find((channel) => channel.name === name);
    if (found) return found;
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (!cursor) return null;
  }
  return null;
}

/** Slack's word for why not, when it does not. */
async function makeChannel(slack: Slack, name: string): Promise<Channel | string> {
  try {
    const { channel } = await slack.lanes.call<{ channel: Channel }>('conversation', 'conversations.create', { name });
    return { ...channel, is_member: true };
  } catch (error) {
    if (!isSlackError(error)) throw error;
    return error.code;
  }
}
