import type { ConversationsInfoResponse } from '@slack/web-api';
import type { Channel, JsonObject } from './state.ts';
import { type World, hasBot, isExternal, messagesOf } from './world.ts';

/** A conversation as the app sees it. */
export function renderChannel(world: World, channel: Channel): JsonObject {
  if (channel.kind === 'im') return renderDirect(world, channel);
  const { team, app } = world.state;
  const shown = {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'group',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'channel',
    created: channel.created,
    is_archived: channel.isArchived,
    is_general: channel.isGeneral,
    unlinked: 0,
    name_normalized: channel.name,
    is_shared: isExternal(world, channel),
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: team.id,
    updated: channel.created * 1_000,
    creator: channel.creator,
    is_ext_shared: isExternal(world, channel),
    shared_team_ids: [team.id],
    pending_connected_team_ids: [],
    is_member: hasBot(world, channel),
    ...(hasBot(world, channel) ? { last_read: channel.lastRead[app.botUserId] ?? '0000000000.000000' } : {}),
    topic: { value: channel.topic, creator: channel.topic ? channel.creator : '', last_set: channel.topic ? channel.created : 0 },
    purpose: { value: channel.purpose, creator: channel.purpose ? channel.creator : '', last_set: channel.purpose ? channel.created : 0 },
    previous_names: [...channel.previousNames],
  } satisfies ConversationsInfoResponse['channel'];
  return shown;
}

function renderDirect(world: World, channel: Channel): JsonObject {
  return {
    id: channel.id,
    created: channel.created,
    is_archived: false,
    is_im: true,
    is_org_shared: false,
    context_team_id: world.state.team.id,
    updated: channel.created * 1_000,
    user: otherMember(world, channel),
    is_user_deleted: world.state.people[otherMember(world, channel)]?.isDeleted ?? false,
    is_open: true,
    latest: messagesOf(world, channel.id).at(-1)?.ts ?? null,
    priority: 0,
  };
}

export function otherMember(world: World, channel: Channel): string {
  return channel.members.find((id) => id !== world.state.app.botUserId) ?? world.state.app.botUserId;
}

export function channelType(channel: Channel): string {
  return channel.kind;
}

/** The name interaction payloads carry. */
export function nameInPayload(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'group' ? 'privategroup' : channel.name;
}
