import { eq } from 'drizzle-orm';
import { DAY, later } from '#clock.ts';
import type { ImapFlow, MailboxObject } from 'imapflow';
import type { Commits } from '#jobs/commits.ts';
import type { Desk } from '#tickets/desk.ts';
import { type Mailbox, mailboxById } from '#tickets/mailboxes.ts';
import { restoredAt } from '#tickets/restored.ts';
import { settleRead } from './read-after.ts';
import { type Folder, MAX_LISTED, readBatch } from './read-batch.ts';

export interface ReadNew {
  client: ImapFlow;
  commits: Commits;
  mailboxId: number;
  /** Aborted when somebody else may be reading: nothing more is taken. */
  signal: AbortSignal;
}

/** When a server has counted its mails anew, so far before the last look mails are compared with those we have. */
const OVERLAP = 2 * DAY;

/** Everything in the open folder that isn't ours yet is, when this resolves. Returns how many mails it looked at. */
export async function readNew(desk: Desk, reading: ReadNew): Promise<number> {
  const { client, mailboxId, signal } = reading;
  const mailbox = await mailboxById(desk.db, mailboxId);
  const open = client.mailbox;
  if (!mailbox || !open) return 0;
  const from = await whereToBegin(desk, client, mailbox, open);
  const folder: Folder = {
    mailboxId,
    uidValidity: Number(open.uidValidity),
    importedBefore: from.importedBefore ?? (await restoredAt(desk.db)),
  };
  let read = 0;
  for (let start = 0; start < from.uids.length && !signal.aborted; start += MAX_LISTED) {
    const some = from.uids.slice(start, start + MAX_LISTED);
    const found = await readBatch(desk, { client, commits: reading.commits, folder }, some);
    read += found.length;
    const isLast = start + MAX_LISTED >= from.uids.length;
    // A rescan that breaks off begins again: what is ours already is known by its bytes.
    if (from.isPlain || isLast) await remember(desk, folder, isLast ? Math.max(from.end, some.at(-1) ?? 0) : (some.at(-1) ?? 0));
    await settleRead(desk, client, { mailbox, uids: found });
  }
  if (from.uids.length === 0) await remember(desk, folder, from.end);
  return read;
}

interface Beginning {
  /** Ascending. */
  uids: number[];
  /** The last uid that is accounted for when all of these are read. */
  end: number;
  /** Reading goes on where it stopped, so each batch may be remembered. */
  isPlain: boolean;
  importedBefore: Date | null;
}

async function whereToBegin(desk: Desk, client: ImapFlow, mailbox: Mailbox, open: MailboxObject): Promise<Beginning> {
  const { uidValidity, lastUid } = mailbox;
  const isKnown = uidValidity === Number(open.uidValidity) && lastUid !== null;
  if (isKnown) {
    const uids = await uidsIn(client, { uid: `${lastUid + 1}:*` });
    // `n:*` names the last mail even when it lies below n (RFC 9051 §9, seq-range).
    return { uids: uids.filter((uid) => uid > lastUid), end: lastUid, isPlain: true, importedBefore: null };
  }
  const end = Math.max(0, open.uidNext - 1);
  if (lastUid === null) return { ...(await firstOnes(desk, client, mailbox)), end, isPlain: false };
  // The server counts anew (RFC 9051 §2.3.1.1): its old numbers mean nothing.
  desk.log.warn({ mailbox: mailbox.id }, 'A mailbox was numbered anew by its server; its newest mails are compared with those stored.');
  const since = later(mailbox.readAt ?? desk.clock.now(), -OVERLAP);
  return { uids: await uidsIn(client, { since }), end, isPlain: false, importedBefore: null };
}

/** Nothing older than the first connection is taken unless somebody asked for it. */
async function firstOnes(desk: Desk, client: ImapFlow, { importDays }: Mailbox): Promise<Pick<Beginning, 'uids' | 'importedBefore'>> {
  const now = desk.clock.now();
  if (importDays === 0) return { uids: [], importedBefore: null };
  return { uids: await uidsIn(client, { since: later(now, -importDays * DAY) }), importedBefore: now };
}

async function uidsIn(client: ImapFlow, query: { uid: string } | { since: Date }): Promise<number[]> {
  const found = await client.search(query, { uid: true });
  return (found || []).toSorted((a, b) => a - b);
}

/** Only now: everything up to here is durable, and is never asked for again. */
async function remember(desk: Desk, { mailboxId, uidValidity }: Folder, lastUid: number): Promise<void> {
  const { mailboxes } = desk.db.tables;
  const readAt = desk.clock.now();
  await desk.db.transaction('mailbox read', (tx) =>
    tx.update(mailboxes).set({ uidValidity, lastUid, readAt }).where(eq(mailboxes.id, mailboxId)),
  );
}
