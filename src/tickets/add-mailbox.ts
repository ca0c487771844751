import { count, eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { namedOnce } from './change-mailbox.ts';
import { change, type Desk } from './desk.ts';
import { loginColumns, type MailboxLogin, toldOfLogin } from './mailbox-login.ts';
import { type Mailbox, MAX_MAILBOXES } from './mailboxes.ts';
import { audit, mustBeAdmin } from './roles.ts';

export interface NewMailbox {
  login: MailboxLogin;
  /** What is known of its provider. */
  trustedAuthservIds: string[];
  smtpPerMinute: number | null;
  /** The first connection comes a few seconds after this: what is read, and how many days back, has to be said before it. */
  folder?: string;
  importDays?: number;
}

/** An admin adds a mailbox; it is read from the next look of the readers on. */
export function addMailbox(desk: Desk, { login, ...known }: NewMailbox, byId: number): Promise<Mailbox> {
  return namedOnce(() =>
    change(desk, 'add mailbox', async (tx, desk) => {
      await mustBeAdmin(tx, byId);
      const { mailboxes } = tx.tables;
      const [there] = await tx.select({ mailboxes: count() }).from(mailboxes);
      if ((there?.mailboxes ?? 0) >= MAX_MAILBOXES) throw new Failure('mailbox.limit', { limit: MAX_MAILBOXES });
      const now = desk.clock.now();
      const [made] = await tx
        .insert(mailboxes)
        .values({ ...known, name: login.name, createdAt: now, updatedAt: now })
        .returning({ id: mailboxes.id });
      if (!made) throw new Error('The mailbox was not written.');
      const [saved] = await tx
        .update(mailboxes)
        .set(loginColumns(desk, made.id, login))
        .where(eq(mailboxes.id, made.id))
        .returning();
      if (!saved) throw new Error('The login of the mailbox was not written.');
      await audit(desk, tx, byId, 'mailbox.added', `mailbox:${made.id}`, toldOfLogin(login));
      return saved;
    }),
  );
}
