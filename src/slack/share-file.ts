import { eq } from 'drizzle-orm';
import type { Row } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import { postByKey } from './posts.ts';
import type { Slack } from './slack.ts';

export interface FileShare {
  file: Row<'files'>;
  ticketId: number;
  commentId: number;
  thread: { channel: string; ts: string };
}

/** Puts a file of a comment into its thread, once. The file id is kept before the share, so a crash between is seen. */
export async function shareFile(desk: Desk, slack: Slack, share: FileShare): Promise<void> {
  const key = `file:${share.commentId}:${share.file.id}`;
  const known = await postByKey(desk.db, key);
  if (known?.state === 'posted') return;
  if (known?.fileId && (await isShared(slack, known.fileId)))
    return keep(desk, slack, share, { key, fileId: known.fileId, state: 'posted' });
  if (share.file.sizeBytes === 0) return;
  const bytes = await desk.files.get(share.file.sha256);
  const slot = await slack.lanes.call<{ upload_url: string; file_id: string }>('conversation', 'files.getUploadURLExternal', {
    filename: share.file.filename,
    length: bytes.length,
  });
  await slack.upload(slot.upload_url, bytes, share.file.filename);
  await keep(desk, slack, share, { key, fileId: slot.file_id, state: 'posting' });
  await slack.lanes.call('conversation', 'files.completeUploadExternal', {
    files: [{ id: slot.file_id, title: share.file.filename }],
    channel_id: share.thread.channel,
    thread_ts: share.thread.ts,
  });
  await keep(desk, slack, share, { key, fileId: slot.file_id, state: 'posted' });
}

async function isShared(slack: Slack, fileId: string): Promise<boolean> {
  const { file } = await slack.lanes.call<{ file: { shares?: Record<string, unknown>; channels?: string[]; groups?: string[] } }>(
    'conversation',
    'files.info',
    { file: fileId },
  );
  return Object.keys(file.shares ?? {}).length > 0 || (file.channels ?? []).length > 0 || (file.groups ?? []).length > 0;
}

async function keep(
  desk: Desk,
  slack: Slack,
  share: FileShare,
  now: { key: string; fileId: string; state: 'posting' | 'posted' },
): Promise<void> {
  const at = desk.clock.now();
  await slack.commits.run('file shared', async (tx) => {
    const { slackPosts, files } = tx.tables;
    const values = {
      ticketId: share.ticketId,
      channel: share.thread.channel,
      threadTs: share.thread.ts,
      fileId: now.fileId,
      state: now.state,
      updatedAt: at,
    };
    await tx
      .insert(slackPosts)
      .values({ key: now.key, ...values })
      .onConflictDoUpdate({ target: slackPosts.key, set: values });
    await tx.update(files).set({ slackFileId: now.fileId }).where(eq(files.id, share.file.id));
  });
}
