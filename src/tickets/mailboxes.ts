import { asc, eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';

export type Mailbox = Row<'mailboxes'>;

export const MAX_MAILBOXES = 200;

export function allMailboxes(reader: Reader): Promise<Mailbox[]> {
  const { mailboxes } = reader.tables;
  return reader.select().from(mailboxes).orderBy(asc(mailboxes.id)).limit(MAX_MAILBOXES);
}

export async function mailboxById(reader: Reader, id: number): Promise<Mailbox | undefined> {
  const { mailboxes } = reader.tables;
  const [mailbox] = await reader.select().from(mailboxes).where(eq(mailboxes.id, id)).limit(1);
  return mailbox;
}

/** One that neither reads nor sends was removed: its row is there for the mails that came by it. */
export function isGone({ isFromEnvironment, imapHost, smtpHost }: Mailbox): boolean {
  return !isFromEnvironment && imapHost === null && smtpHost === null;
}

/** The columns whose words are sealed, and what each is sealed for. */
export function sealedFor(column: 'secret' | 'smtpSecret' | 'dkimKey', mailboxId: number): string {
  return `mailboxes.${column}:${mailboxId}`;
}

/** Under this name its mails stand in the table of mails. */
export function nameInMails(mailboxId: number): string {
  return `imap:${mailboxId}`;
}

/** The other way; null for what came by SMTP, LMTP or a pipe. */
export function mailboxIdIn(name: string): number | null {
  const [, id] = /^imap:(\d+)$/.exec(name) ?? [];
  return id === undefined ? null : Number(id);
}
