import { Failure } from '#failure.ts';
import { changeMailbox, type MailboxEdit } from './change-mailbox.ts';
import type { Desk } from './desk.ts';
import type { Mailbox } from './mailboxes.ts';

/** What this server writes of a mail's origin is believed from now on. The environment names its own. */
export function trustMailServer(desk: Desk, edit: MailboxEdit & { server: string }): Promise<Mailbox> {
  return changeMailbox(desk, edit, ({ isFromEnvironment, trustedAuthservIds: before }) => {
    if (isFromEnvironment) throw new Failure('mailbox.of_environment');
    const trustedAuthservIds = [...new Set([...before, edit.server.toLowerCase()])];
    return { action: 'mailbox.server_trusted', told: { server: edit.server }, values: { trustedAuthservIds } };
  });
}
