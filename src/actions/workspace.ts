import type { EventDoor } from '#slack/doors.ts';
import { hurry } from '#jobs/hurry.ts';
import { keepUser } from '#slack/users.ts';
import { defaultGroup, groupsOfChannel } from '#tickets/find.ts';
import { tellChannelLost } from '#slack/tell.ts';

/** People change their names, languages and time zones; our copy follows. */
export const userChanged: EventDoor = async (desk, slack, payload) => {
  const { user } = payload as { user: Parameters<typeof keepUser>[2] };
  await keepUser(desk, slack, user);
};

/** A triage channel can't be written to any more: admins hear it at once; cards go to the fallback when they can't be posted. */
function channelLost(code: string): EventDoor {
  return async (desk, slack, payload) => {
    const { channel } = payload as { channel: string };
    const { slackChannel } = await defaultGroup(desk.db);
    const fallback = slackChannel === channel ? null : slackChannel;
    for (const group of await groupsOfChannel(desk.db, channel))
      await tellChannelLost(desk, slack, { channel, group: group.name, code, fallback });
  };
}

export const channelArchived = channelLost('is_archived');
export const channelLeft = channelLost('not_in_channel');

/** Invited to a channel a group names: what waited for it goes on. */
export const joinedChannel: EventDoor = async (desk, slack, payload) => {
  const { user, channel } = payload as { user: string; channel: string };
  if (user !== slack.bot.userId) return;
  await hurry(desk, 'slack.open');
  desk.log.info({ channel }, 'Joined a channel.');
};

/** Our token was revoked, or the app taken away from the workspace. Slack is asked whether it really is so. */
export const accessLost: EventDoor = async (_desk, slack) => void (await slack.access.suspect());
