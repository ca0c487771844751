import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '#db/schema.ts';
import { rawOf } from '#mail/store.ts';
import type { Desk } from '#tickets/desk.ts';
import { OUR_ADDRESS } from './mailrun-letters.ts';
import { cardsOf } from './mailrun-people.ts';
import type { World } from './mailrun-world.ts';

/** One mail as it lies in a mailbox. */
export interface Lying {
  mailbox: string;
  messageId: string;
  /** Under which the mail server took it: two with one are one mail it delivered twice. */
  queueId: string;
  path: string;
}

export type Kept = Pick<Row<'mails'>, 'id' | 'outcome' | 'reasons' | 'ticketId' | 'commentId'> & {
  letter: number;
  queueId: string;
};

/** Everything there is at the end, of both sides. */
export interface Books {
  mails: Kept[];
  deliveries: Row<'deliveries'>[];
  recipients: Row<'deliveryRecipients'>[];
  comments: Row<'comments'>[];
  tickets: Pick<Row<'tickets'>, 'id'>[];
  /** Tickets whose requester gets no confirmation, by the ticket's own history. */
  unconfirmed: Set<number>;
  /** By comment. */
  sha256s: Map<number, Set<string>>;
  stopped: Row<'jobs'>[];
  /** Of each ticket, how many cards. */
  cards: Map<number, number>;
  ours: Lying[];
  customers: Lying[];
}

export async function readBooks(world: World): Promise<Books> {
  const { db } = world;
  const { tables } = db;
  const lying = await mailboxesOf(world);
  const events = await db.select().from(tables.events);
  return {
    mails: await keptMails(world),
    deliveries: await db.select().from(tables.deliveries),
    recipients: await db.select().from(tables.deliveryRecipients),
    comments: await db.select().from(tables.comments),
    tickets: await db.select({ id: tables.tickets.id }).from(tables.tickets),
    unconfirmed: new Set(events.flatMap((event) => (isUnconfirmed(event) ? (event.ticketId ?? []) : []))),
    sha256s: await filesByComment(world),
    stopped: (await db.select().from(tables.jobs)).filter((job) => job.stoppedAt !== null),
    cards: countedCards(world),
    ours: lying.filter(({ mailbox }) => mailbox === OUR_ADDRESS),
    customers: lying.filter(({ mailbox }) => mailbox !== OUR_ADDRESS),
  };
}

function isUnconfirmed({ type, data }: Row<'events'>): boolean {
  return type === 'notice.withheld' || (type === 'ticket.opened' && data['isAnswerable'] === false);
}

function countedCards(world: World): Map<number, number> {
  const counted = new Map<number, number>();
  for (const [ticketId] of cardsOf(world)) counted.set(ticketId, (counted.get(ticketId) ?? 0) + 1);
  return counted;
}

async function keptMails({ db, files }: World): Promise<Kept[]> {
  const rows = await db.select().from(db.tables.mails);
  const kept: Kept[] = [];
  for (const row of rows) {
    const head = headOf(Buffer.from(await rawOf({ files } as unknown as Desk, row)));
    const { id, outcome, reasons, ticketId, commentId } = row;
    kept.push({
      id,
      outcome,
      reasons,
      ticketId,
      commentId,
      letter: Number(/^X-Letter: (\d+)/m.exec(head)?.[1] ?? -1),
      queueId: queueIdIn(head),
    });
  }
  return kept;
}

async function filesByComment({ db }: World): Promise<Map<number, Set<string>>> {
  const { commentFiles, files } = db.tables;
  const sha256s = new Map((await db.select({ id: files.id, sha256: files.sha256 }).from(files)).map((file) => [file.id, file.sha256]));
  const byComment = new Map<number, Set<string>>();
  for (const { commentId, fileId } of await db.select().from(commentFiles)) {
    const some = byComment.get(commentId) ?? new Set();
    byComment.set(commentId, some.add(sha256s.get(fileId) ?? ''));
  }
  return byComment;
}

/** From the disk of the mail server, folder by folder, so that nothing hides. */
async function mailboxesOf({ dovecot }: World): Promise<Lying[]> {
  const root = join(dovecot.folder, 'mail');
  const lying: Lying[] = [];
  for (const mailbox of await readdir(root)) {
    for (const folder of ['new', 'cur', 'tmp']) {
      for (const name of await readdir(join(root, mailbox, folder)).catch(() => [])) {
        const path = join(root, mailbox, folder, name);
        const head = headOf(await readFile(path));
        lying.push({ mailbox, path, messageId: /^Message-ID:\s*(<[^>]+>)/im.exec(head)?.[1] ?? '', queueId: queueIdIn(head) });
      }
    }
  }
  return lying;
}

function headOf(bytes: Buffer): string {
  const end = bytes.indexOf('\r\n\r\n');
  const otherEnd = bytes.indexOf('\n\n');
  const ends = [end, otherEnd].filter((at) => at !== -1);
  return bytes.toString('latin1', 0, ends.length > 0 ? Math.min(...ends) : bytes.length);
}

function queueIdIn(head: string): string {
  return /\(Postfix\) with E?SMTP id (\w+)/.exec(head)?.[1] ?? '';
}
