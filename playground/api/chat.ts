import type {
  ChatDeleteResponse,
  ChatGetPermalinkResponse,
  ChatPostEphemeralResponse,
  ChatPostMessageResponse,
  ChatUpdateResponse,
} from '@slack/web-api';
import { newTs } from '../ids.ts';
import { isGranted } from '../manifest.ts';
import { addMessage, changeMessage, removeMessage } from '../messages.ts';
import { refuse } from '../refusal.ts';
import { renderMessage } from '../render.ts';
import type { Channel, Message } from '../state.ts';
import { findMessage, hasBot, isMember } from '../world.ts';
import { type Call, type Method, type Result, flag, requiredText, text } from './call.ts';
import { addressedChannel, visibleChannel } from './channels.ts';
import { contentOf, disguiseOf, metadataOf } from './content.ts';
import { characters } from '../words.ts';

const MAX_UPDATE_TEXT = 4_000;
const SYSTEM_SUBTYPES = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive)$/;

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};

function postMessage(call: Call): Result<ChatPostMessageResponse> {
  const { world } = call;
  const channel = addressedChannel(call);
  if (channel.isArchived) refuse('is_archived');
  if (!hasBot(world, channel) && !isGranted(world.manifest, 'chat:write.public')) refuse('not_in_channel');
  if (channel.kind === 'im' && !world.manifest.isMessagesTabOn) refuse('messages_tab_disabled');
  const content = contentOf(call) ?? refuse('no_text');
  const metadata = metadataOf(call);
  const thread = threadOf(call, channel);
  const disguise = disguiseOf(call);
  const message = addMessage(world, channel, {
    ...content,
    ...(disguise.subtype ? {} : { user: world.state.app.botUserId }),
    bot_id: world.state.app.botId,
    app_id: world.state.app.id,
    ...disguise,
    ...thread,
    ...(metadata ? { metadata } : {}),
  });
  return { channel: channel.id, ts: message.ts, message: renderMessage(world, message) };
}

function threadOf(call: Call, channel: Channel): Partial<Message> {
  const threadTs = text(call, 'thread_ts');
  if (!threadTs) return {};
  const answered = findMessage(call.world, channel.id, threadTs) ?? refuse('thread_not_found');
  const parent =
    answered.thread_ts && answered.thread_ts !== answered.ts ? findMessage(call.world, channel.id, answered.thread_ts) : answered;
  if (!parent || (parent.subtype && SYSTEM_SUBTYPES.test(parent.subtype))) return refuse('cannot_reply_to_message');
  if (parent !== answered) call.world.recorder.problem('reply_to_reply', `${channel.id} ${threadTs}`);
  return {
    thread_ts: parent.ts,
    ...(parent.user ? { parent_user_id: parent.user } : {}),
    ...(flag(call, 'reply_broadcast') ? { subtype: 'thread_broadcast' } : {}),
  };
}

function update(call: Call): Result<ChatUpdateResponse> {
  const { world } = call;
  const channel = visibleChannel(call);
  const message = findMessage(world, channel.id, requiredText(call, 'ts')) ?? refuse('message_not_found');
  if (message.bot_id !== world.state.app.botId || message.subtype === 'tombstone') refuse('cant_update_message');
  if (channel.isArchived) refuse('is_inactive');
  const given = text(call, 'text');
  if (given !== undefined && characters(given).length > MAX_UPDATE_TEXT) refuse('msg_too_long');
  const isEmptied = call.arguments['blocks'] === '[]' || (Array.isArray(call.arguments['blocks']) && call.arguments['blocks'].length === 0);
  const content = contentOf(call);
  const metadata = metadataOf(call);
  if (!content && metadata === undefined && !(isEmptied && message.text !== '')) refuse('no_text');
  const isTextOnly = given !== undefined && call.arguments['blocks'] === undefined;
  changeMessage(world, channel, {
    message,
    to: {
      ...content,
      ...(given === undefined && content ? { text: message.text } : {}),
      ...(metadata ? { metadata } : {}),
      ...(isTextOnly ? { edited: { user: world.state.app.botUserId, ts: newTs(world.state, world.clock.now()) } } : {}),
    },
    without: [...(metadata === null ? (['metadata'] as const) : []), ...(isEmptied && !content ? (['blocks'] as const) : [])],
  });
  return {
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: renderMessage(world, message),
  };
}

function remove(call: Call): Result<ChatDeleteResponse> {
  const { world } = call;
  const channel = visibleChannel(call);
  const message = findMessage(world, channel.id, requiredText(call, 'ts')) ?? refuse('message_not_found');
  if (message.subtype === 'tombstone') refuse('message_not_found');
  if (message.bot_id !== world.state.app.botId) refuse('cant_delete_message');
  removeMessage(world, channel, message);
  return { channel: channel.id, ts: message.ts };
}

function postEphemeral(call: Call): Result<ChatPostEphemeralResponse> {
  const { world } = call;
  const channel = visibleChannel(call);
  const user = requiredText(call, 'user');
  if (channel.isArchived) refuse('is_archived');
  if (!hasBot(world, channel)) refuse('not_in_channel');
  if (!isMember(channel, user)) refuse('user_not_in_channel');
  const content = contentOf(call) ?? refuse('no_text');
  const ts = newTs(world.state, world.clock.now());
  world.state.ephemerals.push({
    user,
    channel: channel.id,
    ts,
    text: content.text,
    blocks: content.blocks ?? [],
    threadTs: text(call, 'thread_ts') ?? null,
  });
  world.bus.changed('ephemeral', { user, channel: channel.id, ts });
  return { message_ts: ts };
}

function getPermalink(call: Call): Result<ChatGetPermalinkResponse> {
  const { world } = call;
  const channel = visibleChannel(call);
  const message = findMessage(world, channel.id, requiredText(call, 'message_ts')) ?? refuse('message_not_found');
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  const query = isReply ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : '';
  return { channel: channel.id, permalink: `${world.url}/archives/${channel.id}/p${message.ts.replace('.', '')}${query}` };
}
