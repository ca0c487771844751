import { eq } from 'drizzle-orm';
import { MINUTE } from '#clock.ts';
import type { MailboxTrouble, Reason } from '#db/schema.ts';
import { change, type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { mailboxById } from './mailboxes.ts';

/** Reading and sending break and come right apart. */
export type Side = 'imap' | 'smtp';

/** What only a person can mend is told at once; the rest may pass by itself. */
export interface Trouble extends Reason {
  isLasting: boolean;
}

const TELL_AFTER = 5 * MINUTE;

/** Remembers what is wrong with a mailbox, since when, and lets admins hear of it once. */
export async function noteTrouble(desk: Desk, mailboxId: number, side: Side, trouble: Trouble): Promise<void> {
  const before = (await mailboxById(desk.db, mailboxId))?.[columnOf(side)];
  const now = desk.clock.now().getTime();
  const since = before?.since ?? now;
  const isTold = before?.isTold === true && before.key === trouble.key;
  const isDue = trouble.isLasting || now - since >= TELL_AFTER;
  if (before?.key === trouble.key && (isTold || !isDue)) return;
  const { key, params = {} } = trouble;
  await change(desk, 'mailbox trouble', async (tx, desk) => {
    await write(tx, mailboxId, side, { key, params, since, isTold: isTold || isDue });
    if (!isTold && isDue)
      await record(desk, tx, null, SYSTEM, { type: 'mailbox.trouble', data: { mailboxId, side, since, why: { key, params } } });
  });
}

/** It works again. Who heard of the trouble hears of that too. */
export async function endTrouble(desk: Desk, mailboxId: number, side: Side): Promise<void> {
  const before = (await mailboxById(desk.db, mailboxId))?.[columnOf(side)];
  if (!before) return;
  await change(desk, 'mailbox mended', async (tx, desk) => {
    await write(tx, mailboxId, side, null);
    if (before.isTold) await record(desk, tx, null, SYSTEM, { type: 'mailbox.mended', data: { mailboxId, side, since: before.since } });
  });
}

function columnOf(side: Side): 'imapTrouble' | 'smtpTrouble' {
  return side === 'imap' ? 'imapTrouble' : 'smtpTrouble';
}

async function write(
  tx: Parameters<Parameters<typeof change>[2]>[0],
  id: number,
  side: Side,
  trouble: MailboxTrouble | null,
): Promise<void> {
  const { mailboxes } = tx.tables;
  await tx
    .update(mailboxes)
    .set(side === 'imap' ? { imapTrouble: trouble } : { smtpTrouble: trouble })
    .where(eq(mailboxes.id, id));
}
