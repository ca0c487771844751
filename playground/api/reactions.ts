import type { ReactionsAddResponse, ReactionsGetResponse, ReactionsRemoveResponse } from '@slack/web-api';
import { addReaction, removeReaction } from '../reactions.ts';
import { refuse } from '../refusal.ts';
import { renderHistory, withoutMetadata } from '../render.ts';
import type { Channel, Message } from '../state.ts';
import { findMessage, hasBot } from '../world.ts';
import { type Call, type Method, type Result, requiredText, text } from './call.ts';
import { visibleChannel } from './channels.ts';

const TS = /^\d+\.\d{6}$/;

export const reactionMethods: Record<string, Method> = { 'reactions.add': add, 'reactions.remove': remove, 'reactions.get': get };

function add(call: Call): Result<ReactionsAddResponse> {
  const { world } = call;
  const { channel, message } = target(call);
  if (channel.isArchived) refuse('is_archived');
  if (!hasBot(world, channel)) refuse('not_in_channel');
  addReaction(world, { channel, message, user: world.state.app.botUserId, name: requiredText(call, 'name') });
  return {};
}

function remove(call: Call): Result<ReactionsRemoveResponse> {
  const { world } = call;
  const { channel, message } = target(call);
  removeReaction(world, { channel, message, user: world.state.app.botUserId, name: requiredText(call, 'name') });
  return {};
}

function get(call: Call): Result<ReactionsGetResponse> {
  const { channel, message } = target(call);
  return {
    type: 'message',
    channel: channel.id,
    message: withoutMetadata(renderHistory(call.world, channel, message)),
  };
}

function target(call: Call): { channel: Channel; message: Message } {
  const ts = text(call, 'timestamp');
  if (!ts || !text(call, 'channel')) return refuse('no_item_specified');
  if (!TS.test(ts)) refuse('bad_timestamp');
  const channel = visibleChannel(call);
  const message = findMessage(call.world, channel.id, ts);
  if (!message || message.subtype === 'tombstone') return refuse('message_not_found');
  return { channel, message };
}
