import { emit, emitIn } from './events.ts';
import { newTs } from './ids.ts';
import { renderMessage, threadOf } from './render.ts';
import type { Channel, JsonObject, Message } from './state.ts';
import { type World, findMessage, messagesOf, repliesOf } from './world.ts';

export type Draft = Omit<Message, 'type' | 'ts'>;

/** Puts a message into a channel and tells everybody who hears of it. */
export function addMessage(world: World, channel: Channel, draft: Draft): Message {
  const message: Message = { type: 'message', ts: newTs(world.state, world.clock.now()), team: world.state.team.id, ...draft };
  messagesOf(world, channel.id).push(message);
  const parent = message.thread_ts ? findMessage(world, channel.id, message.thread_ts) : undefined;
  if (parent) parent.thread_ts = parent.ts;
  if (message.user) channel.lastRead[message.user] = message.ts;
  world.bus.changed('message', { channel: channel.id, ts: message.ts });
  emitIn(world, channel, { ...messageEvent(world, channel, message), event_ts: message.ts });
  mention(world, channel, message);
  share(world, channel, message);
  return message;
}

/** Changes a message in place. Nobody is told when nothing changed. */
export function changeMessage(
  world: World,
  channel: Channel,
  change: { message: Message; to: Partial<Message>; without?: (keyof Message)[] },
): void {
  const { message, to, without = [] } = change;
  const previous = renderMessage(world, message);
  const previousThread = threadOf(world, channel, message);
  const wasMentioned = mentionsBot(world, message);
  Object.assign(message, to);
  for (const key of without) delete message[key];
  const ts = newTs(world.state, world.clock.now());
  world.bus.changed('message_changed', { channel: channel.id, ts: message.ts });
  emitIn(world, channel, {
    type: 'message',
    subtype: 'message_changed',
    message: {
      ...renderMessage(world, message),
      ...threadOf(world, channel, message),
      source_team: message.team ?? null,
      user_team: message.team ?? null,
    },
    previous_message: { ...previous, ...previousThread },
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channel.kind,
  });
  if (!wasMentioned) mention(world, channel, message);
}

/** A parent with replies stays as a tombstone. */
export function removeMessage(world: World, channel: Channel, message: Message): void {
  if (message.thread_ts === message.ts && repliesOf(world, channel.id, message.ts).length > 0) {
    const without = (Object.keys(message) as (keyof Message)[]).filter((key) => !['type', 'ts', 'thread_ts'].includes(key));
    const to = { subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT' };
    changeMessage(world, channel, { message, to, without: without.filter((key) => !(key in to)) });
    return;
  }
  const previous = { ...renderMessage(world, message) };
  const messages = messagesOf(world, channel.id);
  messages.splice(messages.indexOf(message), 1);
  world.bus.changed('message_deleted', { channel: channel.id, ts: message.ts });
  const ts = newTs(world.state, world.clock.now());
  emitIn(world, channel, {
    type: 'message',
    subtype: 'message_deleted',
    previous_message: previous,
    channel: channel.id,
    hidden: true,
    deleted_ts: message.ts,
    ts,
    event_ts: ts,
    channel_type: channel.kind,
  });
}

function messageEvent(world: World, channel: Channel, message: Message): JsonObject {
  const root = message.subtype === 'thread_broadcast' && message.thread_ts ? findMessage(world, channel.id, message.thread_ts) : undefined;
  return {
    ...renderMessage(world, message),
    ...(root ? { root: { ...renderMessage(world, root), ...threadOf(world, channel, root) } } : {}),
    channel: channel.id,
    channel_type: channel.kind,
  };
}

function mention(world: World, channel: Channel, message: Message): void {
  const isPlain = message.subtype === undefined || ['file_share', 'thread_broadcast', 'bot_message'].includes(message.subtype);
  if (!isPlain || channel.kind === 'im' || !mentionsBot(world, message)) return;
  const { subtype: _subtype, ...rendered } = renderMessage(world, message);
  emitIn(world, channel, { ...rendered, type: 'app_mention', channel: channel.id, event_ts: message.ts });
}

function mentionsBot(world: World, message: Message): boolean {
  return message.text.includes(`<@${world.state.app.botUserId}>`);
}

const LINK = /<(https?:\/\/[^|>]+)(?:\|[^>]*)?>/g;

/** Links are heard everywhere the app is installed, but never its own. */
function share(world: World, channel: Channel, message: Message): void {
  const domains = world.manifest.unfurlDomains;
  if (domains.length === 0 || message.bot_id === world.state.app.botId) return;
  const links = [...message.text.matchAll(LINK)]
    .map((link) => ({ url: link[1] ?? '', domain: new URL(link[1] ?? '').hostname }))
    .filter(({ domain }) => domains.some((known) => domain === known || domain.endsWith(`.${known}`)));
  if (links.length === 0) return;
  const event: JsonObject = {
    type: 'link_shared',
    channel: channel.id,
    is_bot_user_member: channel.members.includes(world.state.app.botUserId),
    user: message.user ?? '',
    message_ts: message.ts,
    unfurl_id: `${channel.id}-${message.ts}`,
    source: 'conversations_history',
    links,
  };
  emit(world, message.thread_ts ? { ...event, thread_ts: message.thread_ts } : event, channel);
}
