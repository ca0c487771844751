import { eq, or } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { hurry } from '#jobs/hurry.ts';
import type { MailboxAuth } from '#db/words.ts';
import { change, type Desk } from './desk.ts';
import { type Mailbox, sealedFor } from './mailboxes.ts';
import { audit } from './roles.ts';

/** The mailbox an operator names: by its name, its user or its number. */
export async function mustFindMailbox(desk: Desk, wanted: string): Promise<Mailbox> {
  const { mailboxes } = desk.db.tables;
  const isIt = or(eq(mailboxes.name, wanted), eq(mailboxes.userName, wanted), eq(mailboxes.id, Number(wanted) || 0));
  const [mailbox] = await desk.db.select().from(mailboxes).where(isIt).limit(1);
  if (!mailbox) throw new Failure('mailbox.unknown', { name: wanted });
  return mailbox;
}

/** Somebody signed in for it: readers and senders take the new grant up, and what waited for it goes on. */
export async function keepGrant(
  desk: Desk,
  { id, version }: Mailbox,
  { auth, secret }: { auth: MailboxAuth; secret: string },
): Promise<void> {
  await change(desk, 'keep grant', async (tx, desk) => {
    const { mailboxes } = tx.tables;
    const values = { auth, secret: desk.seal.close(sealedFor('secret', id), secret), smtpPausedAt: null, version: version + 1 };
    await tx
      .update(mailboxes)
      .set({ ...values, updatedAt: desk.clock.now() })
      .where(eq(mailboxes.id, id));
    await audit(desk, tx, null, 'mailbox.signed_in', `mailbox:${id}`, { auth });
  });
  await hurry(desk, 'deliver.mail');
}
