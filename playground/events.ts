import { newId, newTs } from './ids.ts';
import { isGranted } from './manifest.ts';
import type { Channel, JsonObject } from './state.ts';
import { deliverEvent } from './deliver.ts';
import { type World, hasBot, isExternal, nowSeconds } from './world.ts';
import { word } from './words.ts';

const MESSAGE_SUBSCRIPTIONS: Record<string, string> = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
};
const HISTORY_SCOPES: Record<string, string> = {
  channel: 'channels:history',
  group: 'groups:history',
  im: 'im:history',
  mpim: 'mpim:history',
};
const SCOPES: Record<string, string> = {
  app_mention: 'app_mentions:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  link_shared: 'links:read',
  user_change: 'users:read',
  team_join: 'users:read',
  channel_created: 'channels:read',
  channel_archive: 'channels:read',
  channel_unarchive: 'channels:read',
  channel_rename: 'channels:read',
  channel_left: 'channels:read',
  channel_deleted: 'channels:read',
  group_archive: 'groups:read',
  group_unarchive: 'groups:read',
  group_rename: 'groups:read',
  group_left: 'groups:read',
  group_deleted: 'groups:read',
  file_shared: 'files:read',
  file_deleted: 'files:read',
  subteam_members_changed: 'usergroups:read',
};

/** Sends an event the app hears because its bot is in the channel. */
export function emitIn(world: World, channel: Channel, event: JsonObject): void {
  if (hasBot(world, channel)) emit(world, event, channel);
}

/** Sends an event to the app, if it subscribed to it and may hear it. */
export function emit(world: World, event: JsonObject, channel: Channel | null = null): void {
  const type = word(event['type']);
  const eventTs = event['event_ts'] ?? newTs(world.state, world.clock.now());
  const complete = { ...event, event_ts: eventTs };
  world.bus.changed('event', { event: complete });
  if (!world.state.app.isInstalled && type !== 'app_uninstalled' && type !== 'tokens_revoked') return;
  if (!isSubscribed(world, type, channel) || !isHeard(world, type, channel)) return;
  const name = typeof event['subtype'] === 'string' ? `${type}.${event['subtype']}` : type;
  deliverEvent(world, name, envelopePayload(world, complete, channel));
}

function isSubscribed(world: World, type: string, channel: Channel | null): boolean {
  const wanted = world.manifest.botEvents;
  if (wanted === null) return true;
  return wanted.includes(type === 'message' && channel ? (MESSAGE_SUBSCRIPTIONS[channel.kind] ?? type) : type);
}

function isHeard(world: World, type: string, channel: Channel | null): boolean {
  const scope = scopeOf(type, channel);
  return scope === undefined || isGranted(world.manifest, scope);
}

function scopeOf(type: string, channel: Channel | null): string | undefined {
  if (type === 'message' && channel) return HISTORY_SCOPES[channel.kind];
  if (type === 'member_joined_channel' || type === 'member_left_channel')
    return channel?.kind === 'channel' ? 'channels:read' : 'groups:read';
  return SCOPES[type];
}

function envelopePayload(world: World, event: JsonObject, channel: Channel | null): JsonObject {
  const { team, app } = world.state;
  return {
    token: 'verification-token',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: newId(world.state, 'Ev'),
    event_time: nowSeconds(world),
    authorizations: [{ enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: channel !== null && isExternal(world, channel),
    event_context: `4-${word(event['type'])}-${team.id}-${channel?.id ?? app.id}`,
  };
}
