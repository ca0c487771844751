import type { EventDoor } from '#slack/doors.ts';
import { enqueue } from '#jobs/queue.ts';
import { channelWish } from '#slack/jobs/channel.ts';
import type { Slack } from '#slack/slack.ts';
import type { Desk } from '#tickets/desk.ts';
import { keepUser } from '#slack/users.ts';
import { defaultGroup, groupsOfChannel } from '#tickets/find.ts';
import { tellChannelLost } from '#slack/tell.ts';

/** People change their names, languages and time zones; our copy follows. */
export const userChanged: EventDoor = async (desk, slack, payload) => {
  const { user } = payload as { user: Parameters<typeof keepUser>[2] };
  await keepUser(desk, slack, user);
};

/** A triage channel can't be written to any more: admins hear it at once, and its cards follow when it stays so. */
function channelLost(code: string): EventDoor {
  return async (desk, slack, payload) => {
    const { channel } = payload as { channel: string };
    const groups = await groupsOfChannel(desk.db, channel);
    if (groups.length === 0) return;
    const { slackChannel } = await defaultGroup(desk.db);
    const fallback = slackChannel === channel ? null : slackChannel;
    for (const group of groups) await tellChannelLost(desk, slack, { channel, group: group.name, code, fallback });
    await lookAt(desk, slack, channel, 'lost');
  };
}

export const channelArchived = channelLost('is_archived');
export const channelDeleted = channelLost('channel_not_found');
export const channelLeft = channelLost('not_in_channel');

export const memberLeft: EventDoor = async (desk, slack, payload, receivedAt) => {
  if (payload['user'] === slack.bot.userId) await channelLeft(desk, slack, payload, receivedAt);
};

/** A channel a group names can be written to again: what waited for it goes on, and its tickets come back. */
export const channelBack: EventDoor = async (desk, slack, payload) => {
  const { channel } = payload as { channel: string };
  if ((await groupsOfChannel(desk.db, channel)).length > 0) await lookAt(desk, slack, channel, 'back');
};

export const joinedChannel: EventDoor = async (desk, slack, payload, receivedAt) => {
  if (payload['user'] === slack.bot.userId) await channelBack(desk, slack, payload, receivedAt);
};

async function lookAt(desk: Desk, slack: Slack, channel: string, became: 'lost' | 'back'): Promise<void> {
  await slack.commits.run('channel', (tx) => enqueue(tx, desk.clock.now(), channelWish(desk, channel, became)));
  desk.wake(['slack.channel']);
}

/** Our token was revoked, or the app taken away from the workspace. Slack is asked whether it really is so. */
export const accessLost: EventDoor = async (_desk, slack) => void (await slack.access.suspect());
