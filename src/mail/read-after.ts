import { and, eq, inArray } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Desk } from '#tickets/desk.ts';
import { type Mailbox, nameInMails } from '#tickets/mailboxes.ts';

export interface Read {
  mailbox: Mailbox;
  /** Each of them is stored. */
  uids: number[];
}

const DEFAULT_FOLDER = 'Processed';
/** What an earlier look left lying is put away in bites. */
const MAX_LEFT = 1_000;

/**
 * What becomes of mails in their folder once they are ours: they are left, marked as seen, moved or deleted. Nothing depends
 * on it: what fails here is tried again at the next connection.
 */
export async function settleRead(desk: Desk, client: ImapFlow, { mailbox, uids }: Read): Promise<void> {
  if (mailbox.afterwards === 'leave' || uids.length === 0) return;
  try {
    await put(client, mailbox, uids);
  } catch (error) {
    if (!client.usable) throw error;
    desk.log.warn({ error, mailbox: mailbox.id, afterwards: mailbox.afterwards }, 'Mails that were read could not be put away.');
  }
}

/** Mails that are ours and still lie where they should not: the connection broke before they were put away. Others stay. */
export async function settleLeft(desk: Desk, client: ImapFlow, mailbox: Mailbox): Promise<void> {
  const isMoving = mailbox.afterwards === 'move' || mailbox.afterwards === 'delete';
  if (!isMoving || !client.mailbox || !mailbox.lastUid) return;
  const left = await client.search({ uid: `1:${mailbox.lastUid}` }, { uid: true });
  const uids = (left || []).slice(-MAX_LEFT);
  await settleRead(desk, client, { mailbox, uids: await storedOf(desk, mailbox, Number(client.mailbox.uidValidity), uids) });
}

async function put(client: ImapFlow, { afterwards, afterwardsFolder }: Mailbox, uids: number[]): Promise<void> {
  switch (afterwards) {
    case 'leave':
      return;
    case 'flag':
      return must(await client.messageFlagsAdd(uids, ['\\Seen'], { uid: true }));
    case 'delete':
      return must(await client.messageDelete(uids, { uid: true }));
    case 'move': {
      const folder = afterwardsFolder || DEFAULT_FOLDER;
      if (await client.messageMove(uids, folder, { uid: true }).catch(() => false)) return;
      await client.mailboxCreate(folder);
      return must(await client.messageMove(uids, folder, { uid: true }));
    }
    default:
      afterwards satisfies never;
  }
}

/** The client answers with false where the server says no, and what was put away stays to be put away. */
function must(answer: unknown): void {
  if (answer === false) throw new Error('The server refused.');
}

const MAX_ASKED = 500;

async function storedOf(desk: Desk, mailbox: Mailbox, uidValidity: number, uids: number[]): Promise<number[]> {
  const { mails } = desk.db.tables;
  const ours: number[] = [];
  for (let start = 0; start < uids.length; start += MAX_ASKED) {
    const some = uids.slice(start, start + MAX_ASKED);
    const isHere = and(eq(mails.mailbox, nameInMails(mailbox.id)), eq(mails.uidValidity, uidValidity), inArray(mails.uid, some));
    const rows = await desk.db.select({ uid: mails.uid }).from(mails).where(isHere);
    ours.push(...rows.flatMap((row) => row.uid ?? []));
  }
  return ours;
}
