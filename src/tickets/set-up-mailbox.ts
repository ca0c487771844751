import { eq } from 'drizzle-orm';
import type { MailServer } from '#config/formats.ts';
import type { Writer } from '#db/database.ts';
import type { NewRow } from '#db/schema.ts';
import { hurry } from '#jobs/hurry.ts';
import type { Desk } from './desk.ts';
import { type Mailbox, sealedFor } from './mailboxes.ts';

export interface EnvironmentMailbox {
  name: string;
  imap: MailServer | undefined;
  smtp: MailServer | undefined;
  trustedAuthservIds: string[];
}

/**
 * The mail account the environment names is a mailbox like any other: what was read of it, and what is wrong with it, stands in
 * its row. Every start writes it anew; how far it was read stays, unless it is another mailbox now.
 */
export async function setUpMailbox(desk: Desk, environment: EnvironmentMailbox): Promise<void> {
  const { mailboxes } = desk.db.tables;
  const [before] = await desk.db.select().from(mailboxes).where(eq(mailboxes.isFromEnvironment, true)).limit(1);
  if (before && isAsBefore(desk, before, environment)) return;
  await desk.db.transaction('environment mailbox', async (tx) => {
    const id = before?.id ?? (await make(desk, tx, environment));
    await write(desk, tx, { id, before, environment });
  });
  // Answers that waited for the old login need not wait any longer.
  if (before?.smtpPausedAt) await hurry(desk, 'deliver.mail');
}

async function make(desk: Desk, tx: Writer, { name }: EnvironmentMailbox): Promise<number> {
  const now = desk.clock.now();
  const { mailboxes } = tx.tables;
  const taken = await tx.select({ id: mailboxes.id }).from(mailboxes).where(eq(mailboxes.name, name)).limit(1);
  const [made] = await tx
    .insert(mailboxes)
    .values({
      name: taken.length > 0 ? `${name} (environment)` : name,
      isFromEnvironment: true,
      trustedAuthservIds: [],
      createdAt: now,
      updatedAt: now,
    })
    .returning({ id: mailboxes.id });
  if (!made) throw new Error("The environment's mailbox was not written.");
  return made.id;
}

interface Writing {
  id: number;
  before: Mailbox | undefined;
  environment: EnvironmentMailbox;
}

async function write(desk: Desk, tx: Writer, { id, before, environment }: Writing): Promise<void> {
  const { mailboxes } = tx.tables;
  const { imap, smtp } = environment;
  const values: Partial<NewRow<'mailboxes'>> = {
    ...placesOf(environment),
    secret: imap ? desk.seal.close(sealedFor('secret', id), imap.password) : null,
    smtpSecret: smtp ? desk.seal.close(sealedFor('smtpSecret', id), smtp.password) : null,
    // What was refused may be right now.
    smtpPausedAt: null,
    version: (before?.version ?? 0) + 1,
    updatedAt: desk.clock.now(),
    ...(before && !isSameFolder(before, environment) ? { uidValidity: null, lastUid: null, readAt: null } : {}),
  };
  await tx.update(mailboxes).set(values).where(eq(mailboxes.id, id));
}

function placesOf({ imap, smtp, trustedAuthservIds }: EnvironmentMailbox) {
  return {
    userName: imap?.userName ?? '',
    imapHost: imap?.host ?? null,
    imapPort: imap?.port ?? 993,
    imapSecurity: imap?.security ?? 'tls',
    folder: imap?.folder ?? 'INBOX',
    smtpHost: smtp?.host ?? null,
    smtpPort: smtp?.port ?? 587,
    smtpSecurity: smtp?.security ?? 'starttls',
    smtpUserName: smtp ? smtp.userName : null,
    trustedAuthservIds,
  };
}

/** Nodes that start together find what the first of them wrote, and readers that are reading go on. */
function isAsBefore(desk: Desk, before: Mailbox, environment: EnvironmentMailbox): boolean {
  const isPlaced = Object.entries(placesOf(environment)).every(
    ([name, value]) => JSON.stringify(before[name as keyof Mailbox]) === JSON.stringify(value),
  );
  const { imap, smtp } = environment;
  return isPlaced && opens(desk, before, 'secret', imap?.password) && opens(desk, before, 'smtpSecret', smtp?.password);
}

function opens(desk: Desk, before: Mailbox, column: 'secret' | 'smtpSecret', password: string | undefined): boolean {
  const sealed = before[column];
  if (sealed === null || password === undefined) return sealed === null && password === undefined;
  try {
    return desk.seal.open(sealedFor(column, before.id), sealed) === password && !desk.seal.isOld(sealed);
  } catch {
    return false;
  }
}

function isSameFolder(before: Mailbox, { imap }: EnvironmentMailbox): boolean {
  return before.imapHost === imap?.host && before.userName === imap?.userName && before.folder === (imap?.folder ?? 'INBOX');
}
