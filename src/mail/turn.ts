import { and, eq, gt, inArray, lt, ne } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Mail } from './store.ts';
import { idsOf, isSignedReply } from './thread.ts';
import type { Letter } from './understand/letter.ts';

/** Mails are read side by side, and a short reply is read sooner than the long mail it answers. */
const WAIT = SECOND;
const MAX_WAITS = 60;
const SENDER_WINDOW = 10 * MINUTE;

export type Waiting = Pick<Mail, 'id' | 'fromAddress' | 'attempts' | 'receivedAt' | 'envelopeTo'>;

/** When to look again, because a mail that must come first isn't done yet; null when it is this one's turn. */
export async function turnOf(desk: Desk, tx: Writer, mail: Waiting, letter: Letter): Promise<Date | null> {
  // What never gets done, a mail that can't be read or two that name each other, holds up nobody for longer than a minute.
  if (mail.attempts >= MAX_WAITS) return null;
  const mustWait = (await hasEarlier(tx, mail)) || (await hasUndoneParent(desk, tx, mail, letter));
  if (!mustWait) return null;
  const { mails } = tx.tables;
  await tx
    .update(mails)
    .set({ attempts: mail.attempts + 1 })
    .where(eq(mails.id, mail.id));
  return later(desk.clock.now(), WAIT);
}

/** One that waits itself is passed by: it may be waiting for this one. */
const EARLIER_OF_SENDER = keep<{ from: string; since: Date; mailId: number }, { id: number }[]>((reader, { from, since, mailId }) => {
  const { id, fromAddress, receivedAt, state, attempts } = reader.tables.mails;
  return reader
    .select({ id })
    .from(reader.tables.mails)
    .where(and(eq(fromAddress, from), gt(receivedAt, since), lt(id, mailId), eq(state, 'stored'), eq(attempts, 0)))
    .limit(1);
});

async function hasEarlier(tx: Reader, { id, fromAddress, receivedAt }: Waiting): Promise<boolean> {
  if (fromAddress === null) return false;
  const rows = await tx.ask(EARLIER_OF_SENDER, { from: fromAddress, since: later(receivedAt, -SENDER_WINDOW), mailId: id });
  return rows.length > 0;
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
