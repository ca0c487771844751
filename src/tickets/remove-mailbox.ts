import { asc, eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { changeMailbox, type MailboxEdit, mustBeOurs } from './change-mailbox.ts';
import type { Desk } from './desk.ts';
import type { Mailbox } from './mailboxes.ts';

const NAMED = 3;

/**
 * Its row stays, for the mails that came by it name it; its login is forgotten, and nothing is read or sent through it again.
 * Refused while addresses send through it: their mail would leave by another server without anybody having said so.
 */
export function removeMailbox(desk: Desk, edit: MailboxEdit): Promise<Mailbox> {
  return changeMailbox(desk, edit, async (before, tx) => {
    mustBeOurs(before);
    const { addresses } = tx.tables;
    const using = await tx
      .select({ address: addresses.address })
      .from(addresses)
      .where(eq(addresses.mailboxId, before.id))
      .orderBy(asc(addresses.address))
      .limit(NAMED);
    if (using.length > 0) throw new Failure('mailbox.in_use', { addresses: using.map(({ address }) => address).join(', ') });
    const gone = { imapHost: null, smtpHost: null, secret: null, smtpSecret: null, dkimKey: null, isEnabled: false };
    const settled = { imapTrouble: null, smtpTrouble: null, smtpPausedAt: null };
    // The name may be given again.
    return {
      action: 'mailbox.removed',
      told: { name: before.name },
      values: { ...gone, ...settled, name: `${before.name} #${before.id}` },
    };
  });
}
