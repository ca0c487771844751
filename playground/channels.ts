import { emit, emitIn } from './events.ts';
import { addMessage } from './messages.ts';
import type { Channel, JsonObject } from './state.ts';
import { type World, hasBot, isMember, nowSeconds } from './world.ts';

const TYPE_LETTERS: Record<string, string> = { channel: 'C', group: 'G' };

export function join(world: World, channel: Channel, user: string): void {
  if (isMember(channel, user)) return;
  enter(world, channel, { user });
}

export function invite(world: World, channel: Channel, about: { user: string; inviter: string }): void {
  if (isMember(channel, about.user)) return;
  enter(world, channel, about);
}

function enter(world: World, channel: Channel, { user, inviter }: { user: string; inviter?: string }): void {
  channel.members.push(user);
  world.bus.changed('member_joined', { channel: channel.id, user });
  const invited: JsonObject = inviter ? { inviter } : {};
  emitIn(world, channel, {
    type: 'member_joined_channel',
    user,
    channel: channel.id,
    channel_type: TYPE_LETTERS[channel.kind] ?? 'C',
    team: world.state.team.id,
    ...invited,
  });
  addMessage(world, channel, { subtype: 'channel_join', user, text: `<@${user}> has joined the channel`, ...(inviter ? { inviter } : {}) });
}

/** Somebody leaves, or is removed by `by`. */
export function leave(world: World, channel: Channel, about: { user: string; by?: string }): void {
  if (!isMember(channel, about.user)) return;
  const wasBotIn = hasBot(world, channel);
  channel.members = channel.members.filter((id) => id !== about.user);
  world.bus.changed('member_left', { channel: channel.id, user: about.user });
  if (about.user === world.state.app.botUserId) {
    const type = channel.kind === 'channel' ? 'channel_left' : 'group_left';
    emit(world, { type, channel: channel.id, actor_id: about.by ?? about.user }, channel);
  }
  if (wasBotIn) {
    emit(
      world,
      {
        type: 'member_left_channel',
        user: about.user,
        channel: channel.id,
        channel_type: TYPE_LETTERS[channel.kind] ?? 'C',
        team: world.state.team.id,
      },
      channel,
    );
  }
  addMessage(world, channel, { subtype: 'channel_leave', user: about.user, text: `<@${about.user}> has left the channel` });
}

export function archive(world: World, channel: Channel, user: string): void {
  if (channel.isArchived) return;
  addMessage(world, channel, { subtype: 'channel_archive', user, text: `<@${user}> archived the channel` });
  channel.isArchived = true;
  world.bus.changed('channel', { channel: channel.id });
  emitIn(world, channel, { type: named(channel, 'archive'), channel: channel.id, user, is_moved: 0 });
}

export function unarchive(world: World, channel: Channel, user: string): void {
  if (!channel.isArchived) return;
  channel.isArchived = false;
  world.bus.changed('channel', { channel: channel.id });
  emitIn(world, channel, { type: named(channel, 'unarchive'), channel: channel.id, user });
  addMessage(world, channel, { subtype: 'channel_unarchive', user, text: `<@${user}> un-archived the channel` });
}

export function rename(world: World, channel: Channel, about: { name: string; user: string }): void {
  const old = channel.name;
  channel.previousNames = [old, ...channel.previousNames];
  channel.name = about.name;
  world.bus.changed('channel', { channel: channel.id });
  addMessage(world, channel, {
    subtype: 'channel_name',
    user: about.user,
    text: `<@${about.user}> has renamed the channel from "${old}" to "${about.name}"`,
    name: about.name,
    old_name: old,
  });
  emitIn(world, channel, {
    type: named(channel, 'rename'),
    channel: {
      id: channel.id,
      is_channel: channel.kind === 'channel',
      name: channel.name,
      name_normalized: channel.name,
      created: channel.created,
      is_mpim: false,
    },
  });
}

export function setTopic(world: World, channel: Channel, about: { what: 'topic' | 'purpose'; value: string; user: string }): void {
  channel[about.what] = about.value;
  const verb = about.what === 'topic' ? 'set the channel topic' : 'set the channel description';
  addMessage(world, channel, {
    subtype: `channel_${about.what}`,
    user: about.user,
    text: `<@${about.user}> ${verb}: ${about.value}`,
    [about.what]: about.value,
  });
}

export function removeChannel(world: World, channel: Channel, actor: string): void {
  emitIn(world, channel, { type: named(channel, 'deleted'), channel: channel.id, actor_id: actor, date_deleted: nowSeconds(world) });
  delete world.state.channels[channel.id];
  delete world.state.messages[channel.id];
  world.bus.changed('channel', { channel: channel.id });
}

function named(channel: Channel, what: string): string {
  return `${channel.kind === 'group' ? 'group' : 'channel'}_${what}`;
}
