import type { Reader } from '#db/database.ts';
import { allMailboxes, mailboxIdIn } from '#tickets/mailboxes.ts';

/** What may be believed of a mail, by the way it came. */
export interface Trust {
  /** Whose Authentication-Results are believed; see `readAuthentication`. */
  authservIds: string[];
  /** Its server lets nobody but us write under our addresses and our agents'. */
  areInternalSendersAuthenticated: boolean;
}

const NONE: Trust = { authservIds: [], areInternalSendersAuthenticated: false };

/** By the name a mail's row has for its mailbox. What came by SMTP, LMTP or a pipe is trusted as the environment says. */
export async function trustByMailbox(reader: Reader): Promise<(mailbox: string) => Trust> {
  const all = await allMailboxes(reader);
  const environment = all.find((mailbox) => mailbox.isFromEnvironment);
  return (name) => {
    const id = mailboxIdIn(name);
    const mailbox = id === null ? environment : all.find((one) => one.id === id);
    if (!mailbox) return NONE;
    return { authservIds: mailbox.trustedAuthservIds, areInternalSendersAuthenticated: mailbox.areInternalSendersAuthenticated };
  };
}
