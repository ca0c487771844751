import { eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import type { Slack } from '../slack.ts';
import type { SlackFile } from './take-files.ts';

/** A message as Slack's events carry it. */
export interface SlackMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  user?: string;
  bot_id?: string;
  subtype?: string;
  text?: string;
  blocks?: unknown;
  files?: SlackFile[];
  edited?: { ts: string };
}

export type KnownMessage = Row<'threadMessages'>;

export const messageKey = (slack: Slack, channel: string, ts: string) => `slack:${slack.team.id}:${channel}:${ts}`;

export async function knownMessage(reader: Reader, key: string): Promise<KnownMessage | undefined> {
  const { threadMessages } = reader.tables;
  const [row] = await reader.select().from(threadMessages).where(eq(threadMessages.key, key)).limit(1);
  return row;
}

/** A hold begun by 📨 on a note: what keeps a message inside does not keep this one. */
export const isSentNote = (hold: Pick<Row<'holds'>, 'sourceKey'>): boolean => hold.sourceKey.startsWith('sent-note:');
