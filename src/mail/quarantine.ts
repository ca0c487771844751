import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { Failure } from '#failure.ts';
import { change, type Desk, queue } from '#tickets/desk.ts';
import { audit, mustBeAdmin } from '#tickets/roles.ts';
import type { Mail } from './store.ts';

/** A person has judged: the mail is read anew, and becomes a ticket or a comment whatever speaks against it. */
export function releaseMail(desk: Desk, mailId: number, byId: number): Promise<void> {
  return change(desk, 'release mail', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    await settleHeld(tx, mailId, { state: 'stored', outcome: null, attempts: 0, releasedById: byId, processedAt: null });
    await audit(desk, tx, byId, 'mail.released', `mail:${mailId}`, {});
    await queue(desk, tx, { kind: 'mail.process', payload: { mailId }, runAt: desk.clock.now() });
  });
}

/** A person has judged: nothing comes of it. The mail itself is purged with the others that made no ticket. */
export function discardMail(desk: Desk, mailId: number, byId: number): Promise<void> {
  return change(desk, 'discard mail', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    await settleHeld(tx, mailId, { state: 'processed', outcome: 'ignored' });
    await audit(desk, tx, byId, 'mail.discarded', `mail:${mailId}`, {});
  });
}

/** Two admins may judge at once: the first decides. */
async function settleHeld(tx: Writer, mailId: number, values: Partial<Mail>): Promise<void> {
  const { mails } = tx.tables;
  const settled = await tx
    .update(mails)
    .set(values)
    .where(and(eq(mails.id, mailId), eq(mails.state, 'quarantined')))
    .returning({ id: mails.id });
  if (settled.length === 0) throw new Failure('mail.judged');
}
