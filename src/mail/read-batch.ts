import type { ImapFlow } from 'imapflow';
import type { Commits } from '#jobs/commits.ts';
import type { Desk } from '#tickets/desk.ts';
import { nameInMails } from '#tickets/mailboxes.ts';
import { MAX_MAIL_BYTES } from './listen.ts';
import { type ArrivedMail, storeMails } from './store.ts';

/** So many are listed at once, and so many bytes fetched: what is held in memory stays small however long the backlog. */
export const MAX_LISTED = 500;
const MAX_FETCHED = 100;
const MAX_FETCHED_BYTES = 4 * 1024 * 1024;

export interface Folder {
  mailboxId: number;
  uidValidity: number;
  /** Older than this moment: taken over without a confirmation. */
  importedBefore: Date | null;
}

interface Listed {
  uid: number;
  size: number;
  internalDate: Date | null;
}

/**
 * Makes the mails with these uids ours, at most `MAX_LISTED` of them. Resolves when every one is durable, with those it found:
 * what somebody moved or deleted meanwhile is not there any more. Reads nothing of what it fetches.
 */
export async function readBatch(desk: Desk, { client, commits, folder }: Reading, uids: number[]): Promise<number[]> {
  const listed = await list(client, uids);
  for (const some of bites(listed)) {
    const wanted = some.map((mail) => mail.uid);
    const isTooLarge = some.some((mail) => mail.size > MAX_MAIL_BYTES);
    const fetched = isTooLarge
      ? await client.fetchAll(wanted, { uid: true, headers: true }, { uid: true })
      : await client.fetchAll(wanted, { uid: true, source: true }, { uid: true });
    const arrived = fetched.flatMap((message): Fetched[] => {
      const raw = isTooLarge ? message.headers : message.source;
      const about = some.find((mail) => mail.uid === message.uid);
      return raw && about ? [{ ...about, raw, isTooLarge }] : [];
    });
    const inOrder = arrived.toSorted((a, b) => a.uid - b.uid);
    await storeMails(
      desk,
      commits,
      inOrder.map((mail) => arrivedMail(folder, mail)),
    );
  }
  return listed.map((mail) => mail.uid);
}

export interface Reading {
  client: ImapFlow;
  commits: Commits;
  folder: Folder;
}

async function list(client: ImapFlow, uids: number[]): Promise<Listed[]> {
  const found = await client.fetchAll(uids, { uid: true, size: true, internalDate: true }, { uid: true });
  return found
    .map(({ uid, size, internalDate }) => ({ uid, size: size ?? 0, internalDate: internalDate ? new Date(internalDate) : null }))
    .toSorted((a, b) => a.uid - b.uid);
}

/** In the order of their uids; one too large to be taken whole goes alone. */
function bites(listed: Listed[]): Listed[][] {
  const all: Listed[][] = [];
  let some: Listed[] = [];
  let bytes = 0;
  const end = () => {
    if (some.length > 0) all.push(some);
    some = [];
    bytes = 0;
  };
  for (const mail of listed) {
    if (some.length >= MAX_FETCHED || bytes + mail.size > MAX_FETCHED_BYTES) end();
    some.push(mail);
    bytes += mail.size;
    if (mail.size > MAX_MAIL_BYTES) end();
  }
  end();
  return all;
}

type Fetched = Listed & { raw: Uint8Array; isTooLarge: boolean };

function arrivedMail({ mailboxId, uidValidity, importedBefore }: Folder, mail: Fetched): ArrivedMail {
  return {
    mailbox: nameInMails(mailboxId),
    raw: mail.raw,
    envelopeFrom: null,
    envelopeTo: [],
    uidValidity,
    uid: mail.uid,
    arrivedAt: mail.internalDate,
    ...(mail.isTooLarge ? { wholeSizeBytes: mail.size } : {}),
    isImported: importedBefore !== null && mail.internalDate !== null && mail.internalDate < importedBefore,
  };
}
