import { newId } from './ids.ts';
import type { Channel, FileRecord } from './state.ts';
import { emitIn } from './events.ts';
import { type World, nowSeconds } from './world.ts';

const MIME_TYPES: Record<string, string> = {
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  zip: 'application/zip',
  eml: 'message/rfc822',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export function newFile(
  world: World,
  about: { name: string; user: string; size: number; title?: string; altText?: string | null },
): FileRecord {
  const extension = /\.([^.]+)$/.exec(about.name)?.[1]?.toLowerCase() ?? '';
  const file: FileRecord = {
    id: newId(world.state, 'F'),
    name: about.name,
    title: about.title ?? about.name,
    mimetype: MIME_TYPES[extension] ?? 'application/octet-stream',
    filetype: extension in MIME_TYPES ? extension : 'binary',
    size: about.size,
    user: about.user,
    created: nowSeconds(world),
    altText: about.altText ?? null,
    isShared: false,
    isDeleted: false,
    shares: [],
  };
  world.state.files[file.id] = file;
  return file;
}

/** Notes where a file went, and tells the app. */
export function noteShared(world: World, channel: Channel, about: { file: FileRecord; ts: string }): void {
  const { file, ts } = about;
  file.isShared = true;
  file.shares.push({ channel: channel.id, ts });
  world.bus.changed('file', { file: file.id });
  emitIn(world, channel, { type: 'file_shared', channel_id: channel.id, file_id: file.id, user_id: file.user, file: { id: file.id } });
}
