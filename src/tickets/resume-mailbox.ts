import { eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { hurry } from '#jobs/hurry.ts';
import { change, type Desk } from './desk.ts';
import { isGone, mailboxById } from './mailboxes.ts';
import { audit, mustBeAdmin } from './roles.ts';

/** What waits for a paused account is tried now. If it is refused again, it pauses again. */
export async function resumeMailbox(desk: Desk, mailboxId: number, byId: number): Promise<void> {
  await change(desk, 'resume mailbox', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    const { mailboxes } = tx.tables;
    const before = await mailboxById(tx, mailboxId);
    if (!before || isGone(before)) throw new Failure('mailbox.gone');
    if (!before.smtpPausedAt) return;
    await tx.update(mailboxes).set({ smtpPausedAt: null, smtpTrouble: null }).where(eq(mailboxes.id, mailboxId));
    await audit(desk, tx, byId, 'mailbox.resumed', `mailbox:${mailboxId}`, {});
  });
  await hurry(desk, 'deliver.mail');
}
