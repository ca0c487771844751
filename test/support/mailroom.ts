import { eq } from 'drizzle-orm';
import { groupCommits } from '#jobs/commits.ts';
import { createWorker } from '#jobs/worker.ts';
import { processMailJob } from '#mail/process.ts';
import { type ArrivedMail, type Mail, storeMail, storeMails } from '#mail/store.ts';
import { type MailWorkers, startMailWorkers } from '#mail/worker.ts';
import { setUpMailbox } from '#tickets/set-up-mailbox.ts';
import { mustFind, type Ticket } from '#tickets/find.ts';
import { afterAll, beforeAll } from 'vitest';
import type { TestDesk } from './desk.ts';

export interface Mailroom {
  /** Stores these mails as they arrive together, and does everything that is due. */
  take(...mails: RawMail[]): Promise<Mail[]>;
  takeOne(mail: RawMail): Promise<Mail>;
  /** Stores them as they lie in a mailbox, and does everything that is due. */
  takeBatch(...mails: RawMail[]): Promise<void>;
  /** One mail, and the ticket it ended at. */
  ticketOf(mail: RawMail): Promise<Ticket>;
  /** What is due by now is done. */
  settle(): Promise<void>;
}

export interface RawMail {
  /** Lines of the header beyond From, To, Subject, Date and Message-ID, which stand there unless they are named here. */
  headers?: string[];
  body?: string;
  from?: string;
  subject?: string;
  envelopeTo?: string[];
  /** What a mailbox's reader would say of it. */
  arrived?: Partial<ArrivedMail>;
}

/** The mail door with its real worker thread, one for all tests of a file. */
export function mailrooms(trustedAuthservIds: string[] = []): (desk: TestDesk) => Promise<Mailroom> {
  let workers: MailWorkers;
  beforeAll(() => {
    workers = startMailWorkers({ timeoutMs: 20_000 });
  });
  afterAll(() => workers.close());
  return async (desk) => {
    await setUpMailbox(desk, { name: 'environment', imap: undefined, smtp: undefined, trustedAuthservIds });
    const worker = createWorker(desk, [processMailJob(workers)], 'test', (held, db) => ({ ...held, db }));
    await worker.start();
    const settle = () => worker.settled();
    const take = async (...mails: RawMail[]) => {
      const commits = groupCommits(desk.db);
      const stored: number[] = [];
      for (const mail of mails) {
        const { id } = await storeMail(desk, commits, arrivedMail(desk, mail));
        stored.push(id);
      }
      await settle();
      const rows: Mail[] = [];
      for (const id of stored) rows.push(...(await desk.db.select().from(desk.db.tables.mails).where(eq(desk.db.tables.mails.id, id))));
      return rows;
    };
    const takeOne = async (mail: RawMail) => {
      const [row] = await take(mail);
      if (!row) throw new Error('The mail was not stored.');
      return row;
    };
    return {
      take,
      takeOne,
      async takeBatch(...mails) {
        await storeMails(
          desk,
          groupCommits(desk.db),
          mails.map((mail) => arrivedMail(desk, mail)),
        );
        await settle();
      },
      settle,
      async ticketOf(mail) {
        const { ticketId, outcome, reasons } = await takeOne(mail);
        if (ticketId === null) throw new Error(`The mail has no ticket: ${outcome}, ${reasons.join('; ')}`);
        return mustFind(desk.db, ticketId);
      },
    };
  };
}

function arrivedMail(desk: TestDesk, mail: RawMail): ArrivedMail {
  return { mailbox: 'test', raw: rawMail(desk, mail), envelopeFrom: null, envelopeTo: mail.envelopeTo ?? [], ...mail.arrived };
}

let sent = 0;

function rawMail(desk: TestDesk, { headers = [], body = 'It is on fire', from, subject }: RawMail): Buffer {
  sent += 1;
  const usual = [
    `From: ${from ?? 'Liisa Virtanen <liisa@asiakas.test>'}`,
    'To: support@pohjola.test',
    `Subject: ${subject ?? 'Printer'}`,
    `Date: ${desk.clock.now().toUTCString()}`,
    `Message-ID: <test-${sent}@asiakas.test>`,
    'Content-Type: text/plain; charset=utf-8',
  ];
  const named = new Set(headers.map((header) => header.split(':')[0]?.toLowerCase()));
  const lines = [...usual.filter((line) => !named.has(line.split(':')[0]?.toLowerCase())), ...headers];
  // A header named without a value is left out.
  return Buffer.from([...lines.filter((line) => !/^[\w-]+:\s*$/.test(line)), '', body].join('\r\n'));
}
