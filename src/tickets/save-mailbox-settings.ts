import type { Afterwards } from '#db/words.ts';
import type { NewRow } from '#db/schema.ts';
import { changeMailbox, type MailboxEdit } from './change-mailbox.ts';
import type { Desk } from './desk.ts';
import { anew } from './mailbox-login.ts';
import { type Mailbox, sealedFor } from './mailboxes.ts';

export interface MailboxSettings {
  folder: string;
  afterwards: Afterwards;
  afterwardsFolder: string | null;
  importDays: number;
  trustedAuthservIds: string[];
  areInternalSendersAuthenticated: boolean;
  keepsSentCopies: boolean;
  sentFolder: string | null;
  smtpPerMinute: number | null;
  /** A null key: as it was. */
  dkim: { domain: string; selector: string; key: string | null } | null;
}

/** What is done with a mailbox's mail. Of the environment's, what the environment itself names stays. */
export function saveMailboxSettings(desk: Desk, edit: MailboxEdit & { settings: MailboxSettings }): Promise<Mailbox> {
  const { dkim, importDays, folder, trustedAuthservIds, ...plain } = edit.settings;
  return changeMailbox(desk, edit, (before) => {
    const places = before.isFromEnvironment ? {} : { trustedAuthservIds, ...placeOf(before, folder) };
    const values: Partial<NewRow<'mailboxes'>> = {
      ...plain,
      // What was not imported at the first connection never is.
      ...(before.lastUid === null ? { importDays } : {}),
      ...places,
      ...dkimOf(desk, before, dkim),
    };
    const signing = dkim && { domain: dkim.domain, selector: dkim.selector, isKeyGiven: dkim.key !== null };
    return { action: 'mailbox.settings_saved', told: { ...edit.settings, dkim: signing }, values };
  });
}

/** Mails are numbered by each folder for itself. Of another folder nothing older is imported. */
function placeOf(before: Mailbox, folder: string): Partial<NewRow<'mailboxes'>> {
  return folder === before.folder ? {} : { folder, ...anew(before) };
}

function dkimOf(desk: Desk, before: Mailbox, dkim: MailboxSettings['dkim']): Partial<NewRow<'mailboxes'>> {
  if (!dkim) return { dkimDomain: null, dkimSelector: null, dkimKey: null };
  const dkimKey = dkim.key === null ? before.dkimKey : desk.seal.close(sealedFor('dkimKey', before.id), dkim.key);
  return { dkimDomain: dkim.domain, dkimSelector: dkim.selector, dkimKey };
}
