import { randomUUID } from 'node:crypto';
import { directChannel } from '../api/channels.ts';
import { compose } from '../composer.ts';
import { newFile, noteShared } from '../files.ts';
import { newTs } from '../ids.ts';
import { type Draft, addMessage, changeMessage, removeMessage } from '../messages.ts';
import { addReaction, removeReaction } from '../reactions.ts';
import { renderHistory } from '../render.ts';
import type { ShownMessage } from '../shown.ts';
import type { Channel, Ephemeral, FileRecord, JsonObject, Message } from '../state.ts';
import { type World, channel as channelBy, findMessage, isMember, messagesOf, person } from '../world.ts';

export interface NewPost {
  as: string;
  /** A channel, or "bot" for the direct messages with the app. */
  channel: string;
  text?: string;
  blocks?: JsonObject[];
  threadTs?: string;
  broadcast?: boolean;
  files?: NewFile[];
  /** As with /me. */
  me?: boolean;
}

export interface NewFile {
  name: string;
  /** Bytes, or base64, or plain text. */
  bytes?: Uint8Array;
  base64?: string;
  text?: string;
  title?: string;
  /** Kept by another service; Slack only points there. */
  externalUrl?: string;
}

export function post(world: World, about: NewPost): Message {
  const author = person(world, about.as);
  const channel = room(world, about.channel, author.id);
  if (!isMember(channel, author.id)) throw new Error(`${author.name} is not in ${channel.name || channel.id} and cannot post there.`);
  if (channel.isArchived) throw new Error(`${channel.name} is archived; nobody can post there.`);
  const composed = compose(world, about.text ?? '');
  const files = (about.files ?? []).map((file) => upload(world, file, author.id));
  const blocks = about.blocks ?? (composed.text === '' ? [] : composed.blocks);
  const message = addMessage(world, channel, {
    text: composed.text,
    user: author.id,
    client_msg_id: randomUUID(),
    ...(blocks.length > 0 ? { blocks } : {}),
    ...subtype(about, files),
    ...thread(world, channel, about.threadTs),
    ...(files.length > 0 ? { fileIds: files.map((file) => file.id) } : {}),
  });
  for (const file of files) noteShared(world, channel, { file, ts: message.ts });
  return message;
}

function subtype(about: NewPost, files: FileRecord[]): Partial<Draft> {
  if (about.me) return { subtype: 'me_message' };
  if (files.length > 0) return { subtype: 'file_share' };
  return about.broadcast ? { subtype: 'thread_broadcast' } : {};
}

function thread(world: World, channel: Channel, threadTs: string | undefined): Partial<Draft> {
  if (threadTs === undefined) return {};
  const parent = findMessage(world, channel.id, threadTs);
  if (!parent) throw new Error(`There is no message ${threadTs} in ${channel.name || channel.id} to reply to.`);
  return { thread_ts: parent.thread_ts ?? parent.ts, ...(parent.user ? { parent_user_id: parent.user } : {}) };
}

function upload(world: World, file: NewFile, user: string): FileRecord {
  const bytes = file.bytes ?? (file.base64 === undefined ? new TextEncoder().encode(file.text ?? '') : Buffer.from(file.base64, 'base64'));
  const record = newFile(world, { name: file.name, user, size: bytes.byteLength, ...(file.title ? { title: file.title } : {}) });
  if (file.externalUrl) record.externalUrl = file.externalUrl;
  world.bytes.set(record.id, bytes);
  return record;
}

interface Target {
  as: string;
  channel: string;
  ts: string;
}

export function edit(world: World, about: Target & { text: string }): Message {
  const { author, channel, message } = target(world, about);
  if (message.user !== author.id) throw new Error(`${author.name} did not write ${about.ts} and cannot edit it.`);
  const { text, blocks } = compose(world, about.text);
  const edited = { user: author.id, ts: newTs(world.state, world.clock.now()) };
  changeMessage(world, channel, { message, to: { text, blocks, edited } });
  return message;
}

export function deleteMessage(world: World, about: Target): void {
  const { author, channel, message } = target(world, about);
  if (message.user !== author.id && !author.isAdmin && !author.isOwner) throw new Error(`${author.name} may not delete ${about.ts}.`);
  removeMessage(world, channel, message);
}

/** Deletes a file where it hangs on a message: the message changes, and nobody edited it. */
export function removeFile(world: World, about: Target & { name: string }): void {
  const { channel, message } = target(world, about);
  const file = Object.values(world.state.files).find((one) => one.name === about.name && message.fileIds?.includes(one.id));
  if (!file) throw new Error(`There is no file ${about.name} on ${about.ts}.`);
  file.isDeleted = true;
  world.bytes.delete(file.id);
  changeMessage(world, channel, { message, to: {} });
}

export function react(world: World, about: Target & { name: string }): void {
  const { author, channel, message } = target(world, about);
  addReaction(world, { channel, message, user: author.id, name: about.name });
}

export function unreact(world: World, about: Target & { name: string }): void {
  const { author, channel, message } = target(world, about);
  removeReaction(world, { channel, message, user: author.id, name: about.name });
}

/** A channel's messages, or a thread with its parent first, oldest first, as history would show them. */
export function readMessages(world: World, where: string, threadTs?: string): ShownMessage[] {
  const channel = channelBy(world, where);
  const wanted = messagesOf(world, channel.id).filter((message) =>
    threadTs === undefined
      ? !message.thread_ts || message.thread_ts === message.ts || message.subtype === 'thread_broadcast'
      : message.ts === threadTs || message.thread_ts === threadTs,
  );
  return wanted.map((message) => renderHistory(world, channel, message) as unknown as ShownMessage);
}

/** What only this person was shown. */
export function ephemerals(world: World, who: string): Ephemeral[] {
  const { id } = person(world, who);
  return world.state.ephemerals.filter((shown) => shown.user === id);
}

export function markRead(world: World, about: { as: string; channel: string }): void {
  const { id } = person(world, about.as);
  const channel = room(world, about.channel, id);
  const last = messagesOf(world, channel.id).at(-1);
  if (last) channel.lastRead[id] = last.ts;
  world.bus.changed('read', { channel: channel.id, user: id });
}

/** How many messages a person has not seen, by channel. */
export function unread(world: World, who: string): Record<string, number> {
  const { id } = person(world, who);
  const theirs = Object.values(world.state.channels).filter((channel) => isMember(channel, id));
  return Object.fromEntries(
    theirs.map((channel) => [
      channel.id,
      messagesOf(world, channel.id).filter(({ ts, user }) => user !== id && Number(ts) > Number(channel.lastRead[id] ?? 0)).length,
    ]),
  );
}

/** A channel by reference; "bot" means the direct messages between the person and the app. */
export function room(world: World, reference: string, userId: string): Channel {
  return reference === 'bot' ? directChannel(world, userId) : channelBy(world, reference);
}

function target(
  world: World,
  { as, channel: where, ts }: Target,
): { author: ReturnType<typeof person>; channel: Channel; message: Message } {
  const author = person(world, as);
  const channel = room(world, where, author.id);
  const message = findMessage(world, channel.id, ts);
  if (!message) throw new Error(`There is no message ${ts} in ${channel.name || channel.id}.`);
  return { author, channel, message };
}
