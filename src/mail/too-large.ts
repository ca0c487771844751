import type { Writer } from '#db/database.ts';
import { translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { mustFind, groupById } from '#tickets/find.ts';
import { mailboxById, mailboxIdIn } from '#tickets/mailboxes.ts';
import { note } from '#tickets/note.ts';
import { plainDocument } from '#text/document.ts';
import type { Arrival } from './arrival.ts';

const MEGABYTE = 1024 * 1024;

/** The team hears that what they see is not all, and where the rest lies. Nothing, where it is all. */
export async function noteTooLarge(
  desk: Desk,
  tx: Writer,
  { ticketId, mail }: { ticketId: number; mail: Pick<Arrival['mail'], 'mailbox' | 'wholeSizeBytes'> },
): Promise<void> {
  if (mail.wholeSizeBytes === null) return;
  const mailbox = await mailboxById(tx, mailboxIdIn(mail.mailbox) ?? 0);
  const { language } = await groupById(tx, (await mustFind(tx, ticketId)).groupId);
  const text = translator(language ?? desk.settings.language)('mailboxes:too_large', {
    size: Math.ceil(mail.wholeSizeBytes / MEGABYTE),
    mailbox: mailbox?.name ?? mail.mailbox,
    folder: mailbox?.folder ?? 'INBOX',
  });
  await note(desk, { ticketId, authorId: null, body: plainDocument(text), reasons: [{ key: 'mail.too_large' }] });
}
