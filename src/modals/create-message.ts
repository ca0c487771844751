import { Failure } from '#failure.ts';
import type { Caller } from '#slack/doors.ts';
import { isSlackError } from '#slack/lanes.ts';
import { mentionNames } from '#slack/replies/mention-names.ts';
import type { SlackMessage } from '#slack/replies/message.ts';
import { type SlackFile, takeFiles } from '#slack/replies/take-files.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import type { Document } from '#text/document.ts';
import type { FileRef } from '#tickets/comment.ts';
import type { MessageSource } from './create-source.ts';

/** The whole message a ticket is made of: a modal's field holds only its beginning, and none of its files. */
export interface WholeMessage {
  document: Document;
  files: FileRef[];
  missingFiles: number;
}

const MAX_FILES = 20;

/** Null where we can't read: people use the shortcut in channels we are not in. */
export async function readMessage({ desk, slack }: Caller, source: MessageSource): Promise<WholeMessage | null> {
  const message = await messageAt({ desk, slack }, source);
  if (!message) return null;
  const document = documentFromMessage({ blocks: message.blocks, text: message.text }, await mentionNames(desk, slack, message));
  const files: FileRef[] = [];
  const all = message.files ?? [];
  for (const file of all.slice(0, MAX_FILES)) {
    const fileId = await takeOne({ desk, slack }, file);
    if (fileId !== null) files.push({ fileId, isInline: false, contentId: null });
  }
  return { document, files, missingFiles: all.length - files.length };
}

async function messageAt({ desk, slack }: Pick<Caller, 'desk' | 'slack'>, { channel, ts, threadTs }: MessageSource) {
  try {
    const { messages } = await slack.lanes.call<{ messages?: SlackMessage[] }>('answer', 'conversations.replies', {
      channel,
      ts: threadTs ?? ts,
      oldest: ts,
      latest: ts,
      inclusive: true,
      limit: 10,
    });
    return messages?.find((one) => one.ts === ts) ?? null;
  } catch (error) {
    if (!isSlackError(error)) throw error;
    desk.log.info({ code: error.code, channel }, 'The message of a new ticket could not be read again.');
    return null;
  }
}

/** A file that can't be had is told; the ticket is made without it. */
async function takeOne({ desk, slack }: Pick<Caller, 'desk' | 'slack'>, file: SlackFile): Promise<number | null> {
  try {
    const [fileId] = await takeFiles(desk, slack, [file]);
    return fileId ?? null;
  } catch (error) {
    if (error instanceof Failure) desk.log.info({ key: error.key, file: file.id }, 'A file of a new ticket could not be had.');
    else desk.log.warn({ error, file: file.id }, 'A file of a new ticket could not be fetched.');
    return null;
  }
}
