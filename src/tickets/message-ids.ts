import { desc, eq } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Desk } from './desk.ts';
import { followedBy } from './links.ts';

/** Message-IDs are kept and compared without their angle brackets. */
export function bareId(messageId: string): string {
  return messageId.trim().replace(/^<(.*)>$/, '$1');
}

/** Theirs, before anything answers it: what is frozen now already points at it. */
export async function rememberTheirId(desk: Desk, tx: Writer, ticketId: number, messageId: string): Promise<void> {
  await tx.addOnce('messageIds', { messageId: bareId(messageId), ticketId, isOwn: false, at: desk.clock.now() });
}

export async function rememberOwnId(desk: Desk, tx: Writer, ticketId: number, messageId: string): Promise<void> {
  await tx.add('messageIds', { messageId: bareId(messageId), ticketId, isOwn: true, at: desk.clock.now() });
}

const NEWEST_IDS = keep<{ ticketId: number }, { id: string; isOwn: boolean }[]>((reader, { ticketId }) => {
  const { messageIds } = reader.tables;
  return reader
    .select({ id: messageIds.messageId, isOwn: messageIds.isOwn })
    .from(messageIds)
    .where(eq(messageIds.ticketId, ticketId))
    .orderBy(desc(messageIds.id))
    .limit(500);
});

const MAX_REFERENCES = 20;

export interface MailThread {
  references: string[];
  /** The newest of theirs; null when they have not written. */
  answered: string | null;
}

/** A follow-up that begins with an answer of ours goes on in the conversation of the closed ticket. */
export async function threadOf(reader: Reader, ticketId: number): Promise<MailThread> {
  const own = await conversationOf(reader, ticketId);
  const closed = own.references.length > 0 ? undefined : await followedBy(reader, ticketId);
  return closed ? conversationOf(reader, closed.id) : own;
}

/**
 * The conversation up to the mail that is answered, oldest first; all of it when none is. Of a long one the first and the
 * last ids, as clients do.
 */
async function conversationOf(reader: Reader, ticketId: number): Promise<MailThread> {
  const newest = await reader.ask(NEWEST_IDS, { ticketId });
  const at = newest.findIndex((row) => !row.isOwn);
  const ids = newest
    .slice(Math.max(0, at))
    .map((row) => row.id)
    .toReversed();
  return {
    references: ids.length <= MAX_REFERENCES ? ids : [...ids.slice(0, 1), ...ids.slice(1 - MAX_REFERENCES)],
    answered: newest[at]?.id ?? null,
  };
}
