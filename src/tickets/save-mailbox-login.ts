import type { NewRow } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import { hurry } from '#jobs/hurry.ts';
import { changeMailbox, type MailboxEdit, mustBeOurs } from './change-mailbox.ts';
import type { Desk } from './desk.ts';
import { anew, loginColumns, type MailboxLogin, toldOfLogin } from './mailbox-login.ts';
import type { Mailbox } from './mailboxes.ts';

/** Another login: what was paused for the old one goes on, and another mailbox is read from its beginning. */
export async function saveMailboxLogin(desk: Desk, edit: MailboxEdit & { login: MailboxLogin }): Promise<Mailbox> {
  const { login } = edit;
  const saved = await changeMailbox(desk, edit, (before) => {
    mustBeOurs(before);
    mustBeTypedAgain(before, login);
    return {
      action: 'mailbox.login_saved',
      told: toldOfLogin(login),
      values: { ...loginColumns(desk, before.id, login, before), name: login.name, smtpPausedAt: null, ...startsAnew(before, login) },
    };
  });
  await hurry(desk, 'deliver.mail');
  return saved;
}

/** A password that is kept goes only to the server it was typed for: whoever may edit a mailbox could else have it sent to their own. */
function mustBeTypedAgain(before: Mailbox, { imap, smtp, secret, smtpLogin }: MailboxLogin): void {
  const isImapElsewhere = imap !== null && imap.host !== before.imapHost;
  const isSmtpElsewhere = smtp !== null && smtp.host !== before.smtpHost;
  const sendsSecret = isImapElsewhere || (isSmtpElsewhere && smtpLogin === null);
  if (sendsSecret && secret === null && before.secret !== null) throw new Failure('mailbox.password_again');
  const sendsSmtpSecret = isSmtpElsewhere && smtpLogin !== null && smtpLogin.password === null;
  if (sendsSmtpSecret && before.smtpSecret !== null) throw new Failure('mailbox.smtp_password_again');
}

/** Mails are numbered by each mailbox for itself. What is no longer read or sent has no trouble. */
function startsAnew(before: Mailbox, { userName, imap, smtp }: MailboxLogin): Partial<NewRow<'mailboxes'>> {
  const isAnother = before.imapHost !== (imap?.host ?? null) || before.userName !== userName;
  return {
    ...(isAnother ? anew(before) : {}),
    ...(imap ? {} : { imapTrouble: null }),
    ...(smtp ? {} : { smtpTrouble: null }),
  };
}
