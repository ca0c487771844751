import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Reader } from '#db/database.ts';
import { Failure } from '#failure.ts';
import type { Caller } from '#slack/doors.ts';
import { cardThread, messageLink } from '#slack/threads.ts';
import { ticketFromSource, ticketName } from '#tickets/find.ts';
import { personBy } from '#tickets/people.ts';

/** The Slack message a ticket is made of, and what of it the form began with. */
export const messageSource = z.object({
  channel: z.string(),
  ts: z.string(),
  threadTs: z.string().nullable(),
  /** Who wrote it. */
  userId: z.string().nullable(),
  /** What the form does not show of it. */
  isCut: z.boolean(),
  fileCount: z.number(),
  prefilled: z.object({ subject: z.string(), description: z.string() }),
});
export type MessageSource = z.infer<typeof messageSource>;

/** Says whether a field still holds what it began with, in the little room a modal has for such things. */
export function fingerprint(text: string | undefined): string {
  const plain = (text ?? '').replaceAll('\r\n', '\n').trim();
  return createHash('sha256').update(plain).digest('base64url').slice(0, 16);
}

/** A colleague's words about a customer are the team's; only their author's own ticket may repeat them. */
export async function isAuthor(reader: Reader, source: MessageSource, personId: number | null): Promise<boolean> {
  if (source.userId === null || personId === null) return false;
  return (await personBy(reader, 'slack', source.userId))?.id === personId;
}

/** One message makes one ticket. The team is shown the way to it. */
export async function refuseIfMade({ desk, person }: Caller, source: Pick<MessageSource, 'channel' | 'ts'>): Promise<void> {
  const made = await ticketFromSource(desk.db, source);
  if (!made) return;
  const card = person.role === 'none' ? undefined : await cardThread(desk.db, made.id);
  const { channel, ts } = card ?? source;
  throw new Failure('ticket.already_made', { number: ticketName(desk.settings, made), link: messageLink(channel, ts) });
}
