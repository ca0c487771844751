import type {
  ConversationsCreateResponse,
  ConversationsInviteResponse,
  ConversationsJoinResponse,
  ConversationsOpenResponse,
} from '@slack/web-api';
import { invite as inviteTo, join as joinIn, leave as leaveFrom, setTopic as changeTopic, archive as archiveOf } from '../channels.ts';
import { emit } from '../events.ts';
import { refuse } from '../refusal.ts';
import { renderChannel } from '../render-channel.ts';
import type { Channel } from '../state.ts';
import { type World, findChannel, hasBot, isMember } from '../world.ts';
import { type Call, type Method, type Result, flag, needScope, requiredText, text } from './call.ts';
import { directChannel, newChannel, visibleChannel } from './channels.ts';

const MAX_NAME = 80;
const MAX_GROUP_PEOPLE = 8;

export const membershipMethods: Record<string, Method> = {
  'conversations.join': join,
  'conversations.open': open,
  'conversations.create': create,
  'conversations.invite': invite,
  'conversations.leave': leave,
  'conversations.archive': archive,
  'conversations.setTopic': (call) => setText(call, 'topic'),
  'conversations.setPurpose': (call) => setText(call, 'purpose'),
};

function join(call: Call): Result<ConversationsJoinResponse> {
  const { world } = call;
  const channel = visibleChannel(call);
  if (channel.kind !== 'channel') refuse('method_not_supported_for_channel_type');
  if (channel.isArchived) refuse('is_archived');
  const wasIn = hasBot(world, channel);
  if (!wasIn) joinIn(world, channel, world.state.app.botUserId);
  const warning = wasIn ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } } : {};
  return { channel: renderChannel(world, channel), ...warning };
}

function open(call: Call): Result<ConversationsOpenResponse> {
  const { world } = call;
  const users = (text(call, 'users') ?? '').split(',').filter((id) => id !== '');
  const known = text(call, 'channel');
  if (!known && users.length === 0) refuse('users_list_not_supplied');
  const { channel, isNew } = known ? { channel: visibleChannel(call), isNew: false } : conversationWith(call, users);
  const shown = flag(call, 'return_im') ? renderChannel(world, channel) : { id: channel.id };
  return { ...(isNew ? {} : { no_op: true, already_open: true }), channel: shown };
}

function conversationWith(call: Call, users: string[]): { channel: Channel; isNew: boolean } {
  const { world } = call;
  if (users.length > MAX_GROUP_PEOPLE) refuse('too_many_users');
  for (const id of users) {
    const found = world.state.people[id] ?? refuse('user_not_found');
    if (found.isDeleted) refuse('user_disabled');
  }
  needScope(world, users.length === 1 ? 'im:write' : 'mpim:write');
  const before = Object.keys(world.state.channels).length;
  const channel = users.length === 1 ? directChannel(world, users[0] ?? '') : groupChannel(world, users);
  return { channel, isNew: Object.keys(world.state.channels).length > before };
}

function groupChannel(world: World, users: string[]): Channel {
  const members = [world.state.app.botUserId, ...users];
  const existing = Object.values(world.state.channels).find(
    (channel) => channel.kind === 'mpim' && channel.members.length === members.length && members.every((id) => isMember(channel, id)),
  );
  const names = members.map((id) => world.state.people[id]?.name ?? id);
  return existing ?? newChannel(world, { kind: 'mpim', members, creator: world.state.app.botUserId, name: `mpdm-${names.join('--')}-1` });
}

function create(call: Call): Result<ConversationsCreateResponse> {
  const { world } = call;
  const name = text(call, 'name') ?? '';
  if (name === '') refuse('invalid_name_required');
  if (name.length > MAX_NAME) refuse('invalid_name_maxlength');
  if (!/[\p{L}\p{N}]/u.test(name)) refuse('invalid_name_punctuation');
  if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) refuse('invalid_name_specials');
  if (findChannel(world, name)) refuse('name_taken');
  const isPrivate = flag(call, 'is_private');
  needScope(world, isPrivate ? 'groups:write' : 'channels:manage');
  const { botUserId } = world.state.app;
  const channel = newChannel(world, { kind: isPrivate ? 'group' : 'channel', members: [botUserId], creator: botUserId, name });
  if (!isPrivate) emit(world, { type: 'channel_created', channel: { id: channel.id, name, created: channel.created, creator: botUserId } });
  return { channel: renderChannel(world, channel) };
}

function invite(call: Call): Result<ConversationsInviteResponse> {
  const { world } = call;
  const channel = visibleChannel(call);
  const users = requiredText(call, 'users').split(',');
  if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
  if (channel.isArchived) refuse('is_archived');
  if (!hasBot(world, channel)) refuse('not_in_channel');
  for (const id of users) {
    if (id === world.state.app.botUserId) refuse('cant_invite_self');
    if (!world.state.people[id]) refuse('user_not_found');
    if (isMember(channel, id)) refuse('already_in_channel');
  }
  for (const id of users) inviteTo(world, channel, { user: id, inviter: world.state.app.botUserId });
  return { channel: renderChannel(world, channel) };
}

function leave(call: Call): object {
  const { world } = call;
  const channel = visibleChannel(call);
  if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
  if (!hasBot(world, channel)) return { not_in_channel: true };
  leaveFrom(world, channel, { user: world.state.app.botUserId });
  return {};
}

function archive(call: Call): object {
  const channel = visibleChannel(call);
  if (channel.isArchived) refuse('already_archived');
  if (channel.isGeneral) refuse('cant_archive_general');
  archiveOf(call.world, channel, call.world.state.app.botUserId);
  return {};
}

function setText(call: Call, what: 'topic' | 'purpose'): object {
  const channel = visibleChannel(call);
  const value = requiredText(call, what);
  if (channel.isArchived) refuse('is_archived');
  if (!hasBot(call.world, channel)) refuse('not_in_channel');
  changeTopic(call.world, channel, { what, value, user: call.world.state.app.botUserId });
  return { channel: renderChannel(call.world, channel) };
}
