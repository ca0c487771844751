import { changeMailbox, type MailboxEdit, mustBeOurs } from './change-mailbox.ts';
import type { Desk } from './desk.ts';
import type { Mailbox } from './mailboxes.ts';

/** Off: it is not read, and its addresses send through the environment's server. */
export function switchMailbox(desk: Desk, edit: MailboxEdit): Promise<Mailbox> {
  return changeMailbox(desk, edit, (before) => {
    mustBeOurs(before);
    const isEnabled = !before.isEnabled;
    // What was wrong is found out anew once it is on.
    const troubles = isEnabled ? {} : { imapTrouble: null, smtpTrouble: null, smtpPausedAt: null };
    return { action: 'mailbox.switched', told: { isEnabled }, values: { isEnabled, ...troubles } };
  });
}
