import type { FilesCompleteUploadExternalResponse, FilesGetUploadURLExternalResponse, FilesInfoResponse } from '@slack/web-api';
import { composeAppText } from '../composer.ts';
import { emit } from '../events.ts';
import { newFile, noteShared } from '../files.ts';
import { addMessage } from '../messages.ts';
import { invalidArguments, refuse } from '../refusal.ts';
import { renderFile, renderFileInfo } from '../render-file.ts';
import type { Channel, FileRecord } from '../state.ts';
import { findMessage, hasBot } from '../world.ts';
import { type Call, type Method, type Result, integer, requiredText, structured, text } from './call.ts';
import { characters } from '../words.ts';

const MAX_ALT_TEXT = 1_000;

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': info,
  'files.delete': remove,
};

function getUploadUrl(call: Call): Result<FilesGetUploadURLExternalResponse> {
  const { world } = call;
  const name = text(call, 'filename');
  const length = integer(call, 'length');
  if (!name || !length) return refuse('missing_argument');
  const altText = text(call, 'alt_txt') ?? text(call, 'alt_text') ?? null;
  if (altText !== null && characters(altText).length > MAX_ALT_TEXT) refuse('alt_txt_too_large');
  const file = newFile(world, { name, user: world.state.app.botUserId, size: length, altText });
  return { upload_url: `${world.url}/upload/v1/${file.id}`, file_id: file.id };
}

function completeUpload(call: Call): Result<FilesCompleteUploadExternalResponse> {
  const { world } = call;
  const asked = structured(call, 'files') as { id: string; title?: string }[] | undefined;
  if (!Array.isArray(asked) || asked.length === 0) return invalidArguments(['missing required field: files']);
  const files = asked.map(({ id, title }) => {
    const file = world.state.files[id];
    if (!file || !world.bytes.has(id) || file.isShared) return refuse('file_not_found');
    if (title) file.title = title;
    return file;
  });
  const rendered = files.map((file) => renderFile(world, file));
  const ids = [text(call, 'channel_id'), ...(text(call, 'channels') ?? '').split(',')].filter((id): id is string => Boolean(id));
  for (const channel of ids.map((id) => postable(call, id))) shareFiles(call, channel, files);
  return { files: rendered };
}

function postable(call: Call, id: string): Channel {
  const channel = call.world.state.channels[id];
  if (!channel || (channel.kind !== 'channel' && !hasBot(call.world, channel))) return refuse('channel_not_found');
  if (!hasBot(call.world, channel)) refuse('not_in_channel');
  return channel;
}

function shareFiles(call: Call, channel: Channel, files: FileRecord[]): void {
  const { world } = call;
  const threadTs = text(call, 'thread_ts');
  const parent = threadTs ? findMessage(world, channel.id, threadTs) : undefined;
  const composed = composeAppText(world.state, text(call, 'initial_comment') ?? '');
  const { app } = world.state;
  const message = addMessage(world, channel, {
    subtype: 'file_share',
    text: composed.text,
    ...(composed.blocks.length > 0 ? { blocks: composed.blocks } : {}),
    user: app.botUserId,
    bot_id: app.botId,
    app_id: app.id,
    fileIds: files.map((file) => file.id),
    ...(threadTs ? { thread_ts: parent?.ts ?? threadTs } : {}),
    ...(parent?.user ? { parent_user_id: parent.user } : {}),
  });
  for (const file of files) noteShared(world, channel, { file, ts: message.ts });
}

function info(call: Call): Result<FilesInfoResponse> {
  const file = call.world.state.files[requiredText(call, 'file')] ?? refuse('file_not_found');
  if (file.isDeleted) refuse('file_deleted');
  return {
    file: renderFileInfo(call.world, file),
    comments: [],
    response_metadata: { next_cursor: '' },
  };
}

function remove(call: Call): object {
  const { world } = call;
  const file = world.state.files[requiredText(call, 'file')] ?? refuse('file_not_found');
  if (file.isDeleted) refuse('file_deleted');
  if (file.user !== world.state.app.botUserId) refuse('cant_delete_file');
  file.isDeleted = true;
  world.bytes.delete(file.id);
  world.bus.changed('file', { file: file.id });
  emit(world, { type: 'file_deleted', file_id: file.id });
  return {};
}
