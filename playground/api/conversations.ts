import type {
  ConversationsHistoryResponse,
  ConversationsInfoResponse,
  ConversationsListResponse,
  ConversationsMembersResponse,
  ConversationsRepliesResponse,
} from '@slack/web-api';
import { refuse } from '../refusal.ts';
import { renderHistory, withoutMetadata } from '../render.ts';
import { renderChannel } from '../render-channel.ts';
import type { Channel, ChannelKind, JsonObject, Message } from '../state.ts';
import { findMessage, hasBot, messagesOf, repliesOf } from '../world.ts';
import { type Call, type Method, type Result, flag, needScope, page, requiredText, text } from './call.ts';
import { historyScope, readScope, visibleChannel } from './channels.ts';

const KINDS: Record<string, ChannelKind> = { public_channel: 'channel', private_channel: 'group', im: 'im', mpim: 'mpim' };
const MAX_HISTORY = 999;
const MAX_REPLIES = 1_000;
const TS = /^\d+(\.\d+)?$/;

export const conversationMethods: Record<string, Method> = {
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
};

function history(call: Call): Result<ConversationsHistoryResponse> {
  const { world } = call;
  const channel = readable(call);
  const top = messagesOf(world, channel.id).filter(isTopLevel).filter(between(call)).toReversed();
  const { items, next } = page(call, top, { max: MAX_HISTORY });
  return {
    messages: items.map((message) => rendered(call, channel, message)),
    has_more: next !== '',
    pin_count: 0,
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

function replies(call: Call): Result<ConversationsRepliesResponse> {
  const { world } = call;
  const channel = readable(call);
  const asked = findMessage(world, channel.id, requiredText(call, 'ts')) ?? refuse('thread_not_found');
  const parent = asked.thread_ts && asked.thread_ts !== asked.ts ? findMessage(world, channel.id, asked.thread_ts) : asked;
  const thread = [...(parent ? [parent] : []), ...repliesOf(world, channel.id, parent?.ts ?? asked.ts).filter(between(call))];
  const { items, next } = page(call, thread, { byDefault: MAX_REPLIES, max: MAX_REPLIES });
  return {
    messages: items.map((message) => rendered(call, channel, message)),
    has_more: next !== '',
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

function rendered(call: Call, channel: Channel, message: Message): JsonObject {
  const complete = renderHistory(call.world, channel, message);
  return flag(call, 'include_all_metadata') ? complete : withoutMetadata(complete);
}

/** Visible is not enough to read: the bot must be in it, and the scope must fit its kind. */
function readable(call: Call): Channel {
  const channel = visibleChannel(call);
  needScope(call.world, historyScope(channel));
  if (!hasBot(call.world, channel)) refuse('not_in_channel');
  return channel;
}

function isTopLevel(message: Message): boolean {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === 'thread_broadcast';
}

function between(call: Call): (message: Message) => boolean {
  const oldest = text(call, 'oldest') ?? '0';
  const latest = text(call, 'latest') ?? '9999999999';
  if (!TS.test(oldest)) refuse('invalid_ts_oldest');
  if (!TS.test(latest)) refuse('invalid_ts_latest');
  const inclusive = flag(call, 'inclusive');
  return ({ ts }) =>
    inclusive ? Number(ts) >= Number(oldest) && Number(ts) <= Number(latest) : Number(ts) > Number(oldest) && Number(ts) < Number(latest);
}

function info(call: Call): Result<ConversationsInfoResponse> {
  const channel = visibleChannel(call);
  needScope(call.world, readScope(channel));
  const shown = renderChannel(call.world, channel);
  return {
    channel: {
      ...shown,
      ...(flag(call, 'include_num_members') ? { num_members: channel.members.length } : {}),
      ...(flag(call, 'include_locale') ? { locale: 'en-US' } : {}),
    },
  };
}

function list(call: Call): Result<ConversationsListResponse> {
  const { world } = call;
  const visible = ofTypes(call).filter((channel) => channel.kind === 'channel' || hasBot(world, channel));
  const { items, next } = page(call, visible);
  const shown = items.map((channel) => ({
    ...renderChannel(world, channel),
    ...(channel.kind === 'im' ? {} : { num_members: channel.members.length }),
  }));
  return { channels: shown, response_metadata: { next_cursor: next } };
}

/** The conversations of the kinds asked for; each kind needs its scope. */
export function ofTypes(call: Call): Channel[] {
  const types = (text(call, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds = types.map((type) => KINDS[type] ?? refuse('invalid_types'));
  for (const kind of kinds) needScope(call.world, `${{ channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' }[kind]}:read`);
  const withoutArchived = flag(call, 'exclude_archived');
  return Object.values(call.world.state.channels).filter(
    (channel) => kinds.includes(channel.kind) && !(withoutArchived && channel.isArchived),
  );
}

function members(call: Call): Result<ConversationsMembersResponse> {
  const channel = visibleChannel(call);
  needScope(call.world, readScope(channel));
  const { items, next } = page(call, channel.members);
  return { members: items, response_metadata: { next_cursor: next } };
}
