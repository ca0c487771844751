import { newId } from '../ids.ts';
import { refuse } from '../refusal.ts';
import type { Channel } from '../state.ts';
import { type World, hasBot, nowSeconds } from '../world.ts';
import { type Call, requiredText } from './call.ts';

const READ_SCOPES: Record<string, string> = { channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' };

/** The conversation the app names by id and is able to see. */
export function visibleChannel(call: Call, name = 'channel'): Channel {
  const channel = call.world.state.channels[requiredText(call, name)];
  if (!channel || (channel.kind !== 'channel' && !hasBot(call.world, channel))) return refuse('channel_not_found');
  return channel;
}

/** Where the app wants to post: a conversation, a channel's name, or a person, whose direct messages are opened. */
export function addressedChannel(call: Call): Channel {
  const { world } = call;
  const address = requiredText(call, 'channel');
  const addressee = world.state.people[address];
  if (addressee) return addressee.isDeleted ? refuse('channel_not_found') : directChannel(world, addressee.id);
  const wanted = address.replace(/^#/, '');
  const named = Object.values(world.state.channels).find((channel) => channel.name !== '' && channel.name === wanted);
  const channel = world.state.channels[address] ?? named;
  if (!channel || (channel.kind !== 'channel' && !hasBot(world, channel))) return refuse('channel_not_found');
  return channel;
}

export function directChannel(world: World, userId: string): Channel {
  const members = [world.state.app.botUserId, userId];
  const existing = Object.values(world.state.channels).find(
    ({ kind, members: found }) => kind === 'im' && members.every((id) => found.includes(id)),
  );
  return existing ?? newChannel(world, { kind: 'im', members, creator: userId });
}

export function newChannel(world: World, about: { kind: Channel['kind']; members: string[]; creator: string; name?: string }): Channel {
  const prefix = { im: 'D', mpim: 'G', group: 'C', channel: 'C' }[about.kind];
  const channel: Channel = {
    id: newId(world.state, prefix),
    name: about.name ?? '',
    kind: about.kind,
    members: [...about.members],
    creator: about.creator,
    created: nowSeconds(world),
    isGeneral: false,
    isArchived: false,
    topic: '',
    purpose: '',
    previousNames: [],
    lastRead: {},
  };
  world.state.channels[channel.id] = channel;
  world.bus.changed('channel', { channel: channel.id });
  return channel;
}

export function readScope(channel: Channel): string {
  return `${READ_SCOPES[channel.kind]}:read`;
}

export function historyScope(channel: Channel): string {
  return `${READ_SCOPES[channel.kind]}:history`;
}
