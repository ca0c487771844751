import { and, eq, inArray, ne } from 'drizzle-orm';
import { later, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { type Job, leaveLane } from '#jobs/queue.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Mail } from './store.ts';
import { idsOf, isSignedReply } from './thread.ts';
import type { Letter } from './understand/letter.ts';

const WAIT = SECOND;
const MAX_WAITS = 60;

export type Waiting = Pick<Mail, 'id' | 'attempts' | 'envelopeTo'>;

/**
 * When to look again, because the mail it answers isn't done yet, though both are here; null when it is this one's turn.
 * Meanwhile it stands beside its sender's lane, for what it waits for may come after it there.
 */
export async function turnOf(desk: Desk, tx: Writer, job: Job, { mail, letter }: { mail: Waiting; letter: Letter }): Promise<Date | null> {
  // What never gets done, a mail that can't be read or two that name each other, holds up nobody for longer than a minute.
  if (mail.attempts >= MAX_WAITS || !(await hasUndoneParent(desk, tx, mail, letter))) return null;
  await leaveLane(tx, job);
  const { mails } = tx.tables;
  await tx
    .update(mails)
    .set({ attempts: mail.attempts + 1 })
    .where(eq(mails.id, mail.id));
  return later(desk.clock.now(), WAIT);
}

/** A reply to a mail that is stored but no ticket yet would become a second ticket. */
async function hasUndoneParent(desk: Desk, tx: Reader, { id, envelopeTo }: Waiting, letter: Letter): Promise<boolean> {
  const ids = idsOf(letter);
  if (ids.length === 0 || isSignedReply(desk, letter, envelopeTo)) return false;
  const { messageIds, mails } = tx.tables;
  const [known] = await tx.select({ id: messageIds.id }).from(messageIds).where(inArray(messageIds.messageId, ids)).limit(1);
  if (known) return false;
  const isUndone = and(ne(mails.state, 'processed'), eq(mails.state, 'stored'));
  const [parent] = await tx
    .select({ id: mails.id })
    .from(mails)
    .where(and(isUndone, inArray(mails.messageId, ids), ne(mails.id, id)))
    .limit(1);
  return parent !== undefined;
}
