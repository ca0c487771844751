import { eq } from 'drizzle-orm';
import type { Desk } from '#tickets/desk.ts';
import type { Slack } from '../slack.ts';

export interface SlackFile {
  id: string;
  name?: string;
  title?: string;
  mimetype?: string;
  size?: number;
  /** `tombstone` once it was taken off the message, `external` when Slack only knows where it lies. */
  mode?: string;
  is_external?: boolean;
  url_private_download?: string;
  url_private?: string;
}

const MAX_FILES = 20;

/** Files of a message whose bytes Slack itself keeps. */
export function ownFiles(slack: Slack, files: SlackFile[] = []): SlackFile[] {
  return files.filter((file) => file.mode !== 'tombstone' && !isElsewhere(slack, file));
}

/** Files that lie on somebody else's server: they are never fetched, and our token is never shown there. */
export function filesElsewhere(slack: Slack, files: SlackFile[] = []): SlackFile[] {
  return files.filter((file) => file.mode !== 'tombstone' && isElsewhere(slack, file));
}

function isElsewhere(slack: Slack, file: SlackFile): boolean {
  const url = urlOf(file);
  return file.is_external === true || file.mode === 'external' || (url !== '' && !slack.isOwnUrl(url));
}

function urlOf(file: SlackFile): string {
  return file.url_private_download ?? file.url_private ?? '';
}

/** Fetches what was attached to a message, so that it can leave with it. The same Slack file is fetched once. */
export async function takeFiles(desk: Desk, slack: Slack, files: SlackFile[]): Promise<number[]> {
  const ids: number[] = [];
  for (const file of ownFiles(slack, files).slice(0, MAX_FILES)) ids.push(await takeFile(desk, slack, file));
  return ids;
}

async function takeFile(desk: Desk, slack: Slack, file: SlackFile): Promise<number> {
  const { files } = desk.db.tables;
  const [known] = await desk.db.select({ id: files.id }).from(files).where(eq(files.slackFileId, file.id)).limit(1);
  if (known) return known.id;
  const bytes = await slack.download(urlOf(file));
  const sha256 = await desk.files.put(bytes);
  return slack.commits.run('slack file', async (tx) => {
    const [row] = await tx
      .insert(tx.tables.files)
      .values({
        sha256,
        filename: file.name ?? file.title ?? file.id,
        contentType: file.mimetype ?? 'application/octet-stream',
        sizeBytes: bytes.length,
        slackFileId: file.id,
        createdAt: desk.clock.now(),
      })
      .returning({ id: tx.tables.files.id });
    if (!row) throw new Error('A file was not written.');
    return row.id;
  });
}
