import type { ImapFlow } from 'imapflow';
import { HOUR, MINUTE } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Wish } from '#jobs/queue.ts';
import { deliveryById } from '#tickets/deliveries.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Addressing } from '#tickets/frozen.ts';
import { type Mailbox, mailboxById } from '#tickets/mailboxes.ts';
import { connectImap } from './imap.ts';
import { imapLogin } from './login.ts';

const DEFAULT_FOLDER = 'Sent';

/** Whether this very mail lies among those sent: then the provider took it. False where nobody can look. */
export async function isInSentFolder(desk: Desk, mailbox: Mailbox, messageId: string): Promise<boolean> {
  if (!mailbox.imapHost) return false;
  try {
    return await inSentFolder(desk, mailbox, (client) => has(client, messageId));
  } catch (error) {
    desk.log.warn({ error, mailbox: mailbox.id }, 'Nobody could look whether a mail is among those sent.');
    return false;
  }
}

export function sentCopyWish(desk: Desk, deliveryId: number, mailboxId: number): Wish {
  return { kind: 'mail.sent-copy', lane: `mail.sent-copy:${mailboxId}`, payload: { deliveryId, mailboxId }, runAt: desk.clock.now() };
}

/** What the server took is laid into the folder of sent mail, once; a provider that does so by itself has it there already. */
export const sentCopyJob: JobKind<Desk> = {
  kind: 'mail.sent-copy',
  concurrency: 2,
  leaseSeconds: 120,
  retries: [MINUTE, 10 * MINUTE, HOUR],
  isPatient: true,
  prepare: async (desk, job) => {
    const mailbox = await mailboxById(desk.db, Number(job.payload['mailboxId']));
    const delivery = await deliveryById(desk.db, Number(job.payload['deliveryId']));
    // Erased meanwhile, or no longer wanted.
    if (!mailbox?.imapHost || !mailbox.keepsSentCopies || !delivery?.bytes) return;
    const { bytes } = delivery;
    const { messageId } = delivery.addressing as unknown as Addressing;
    await inSentFolder(desk, mailbox, async (client, folder) => {
      if (!(await has(client, messageId))) await client.append(folder, Buffer.from(bytes), ['\\Seen']);
    });
  },
};

async function inSentFolder<T>(desk: Desk, mailbox: Mailbox, work: (client: ImapFlow, folder: string) => Promise<T>): Promise<T> {
  const client = await connectImap(mailbox, await imapLogin(desk, mailbox));
  try {
    const folder = mailbox.sentFolder ?? (await sentFolderOf(client));
    await client.mailboxOpen(folder);
    return await work(client, folder);
  } finally {
    client.close();
  }
}

/** Its name is the provider's and the user's language's; its use is not (RFC 6154). */
async function sentFolderOf(client: ImapFlow): Promise<string> {
  const folders = await client.list();
  const found = folders.find((folder) => folder.specialUse === '\\Sent');
  if (found) return found.path;
  return (await client.mailboxCreate(DEFAULT_FOLDER)).path;
}

async function has(client: ImapFlow, messageId: string): Promise<boolean> {
  const found = await client.search({ header: { 'Message-ID': messageId } }, { uid: true });
  return (found || []).length > 0;
}
