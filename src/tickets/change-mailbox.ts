import { eq } from 'drizzle-orm';
import { isUniqueViolation, type Writer } from '#db/database.ts';
import type { NewRow, Row } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import { change, type Desk } from './desk.ts';
import { isGone, type Mailbox, mailboxById } from './mailboxes.ts';
import { audit, mustBeAdmin } from './roles.ts';

export interface MailboxEdit {
  mailboxId: number;
  /** The version the admin saw: an edit over somebody else's is refused. */
  version: number;
  byId: number;
}

/** What an edit makes of a mailbox, and what the audit log says of it: never a password or a key. */
export interface MailboxChange {
  action: string;
  values: Partial<NewRow<'mailboxes'>>;
  told: Row<'audit'>['data'];
}

/** One edit by an admin of the mailbox they saw. Its readers start anew, for they go by the version. */
export async function changeMailbox(
  desk: Desk,
  { mailboxId, version, byId }: MailboxEdit,
  decide: (before: Mailbox, tx: Writer) => MailboxChange | Promise<MailboxChange>,
): Promise<Mailbox> {
  return namedOnce(() =>
    change(desk, 'change mailbox', async (tx, desk) => {
      await mustBeAdmin(tx, byId);
      const before = await mailboxById(tx, mailboxId);
      if (!before || isGone(before)) throw new Failure('mailbox.gone');
      if (before.version !== version) throw new Failure('mailbox.changed_meanwhile');
      const { action, values, told } = await decide(before, tx);
      const { mailboxes } = tx.tables;
      const [saved] = await tx
        .update(mailboxes)
        .set({ ...values, version: version + 1, updatedAt: desk.clock.now() })
        .where(eq(mailboxes.id, mailboxId))
        .returning();
      if (!saved) throw new Failure('mailbox.gone');
      await audit(desk, tx, byId, action, `mailbox:${mailboxId}`, told);
      return saved;
    }),
  );
}

/** Two mailboxes of one name could not be told apart. */
export async function namedOnce<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) throw new Failure('mailbox.name_taken');
    throw error;
  }
}

/** The environment keeps its login: what is changed here would be undone at the next start. */
export function mustBeOurs({ isFromEnvironment }: Mailbox): void {
  if (isFromEnvironment) throw new Failure('mailbox.of_environment');
}
