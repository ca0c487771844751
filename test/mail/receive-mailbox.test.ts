import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '#clock.ts';
import { documentText } from '#text/document.ts';
import { commentsOf } from '#tickets/find.ts';
import { type Subject, describeDatabases } from '../support/databases.ts';
import { agent, type TestDesk, testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms(['mx.pohjola.test']);

async function addMailbox(desk: TestDesk, values: Record<string, unknown> = {}): Promise<string> {
  const { mailboxes } = desk.db.tables;
  const now = desk.clock.now();
  const row = {
    name: 'support@pohjola.test',
    imapHost: 'imap.pohjola.test',
    trustedAuthservIds: [],
    createdAt: now,
    updatedAt: now,
    ...values,
  };
  const [made] = await desk.db.transaction('test', (tx) => tx.insert(mailboxes).values(row).returning());
  return `imap:${made?.id}`;
}

const notices = async (desk: TestDesk) => (await desk.db.select().from(desk.db.tables.notices)).map((notice) => notice.template);
const FROM_ANNA = {
  from: 'Anna Aalto <anna@pohjola.test>',
  subject: 'Fwd: Printer',
  body: 'See below.\n\n---------- Forwarded message ---------\nFrom: Liisa Virtanen <liisa@asiakas.test>\nDate: Mon, 23 Nov 2026 at 12:00\nSubject: Printer\nTo: Anna <anna@pohjola.test>\n\nThe printer is on fire.',
};

describeDatabases('a mail from a mailbox', (subject: Subject) => {
  test('that is older than the connection gets no confirmation, and the ticket says why', async () => {
    const desk = await testDesk(subject.db);
    const mailroom = await openMailroom(desk);
    const ticket = await mailroom.ticketOf({ arrived: { isImported: true } });
    expect(await notices(desk)).toEqual([]);
    expect(ticket.isAnswerable).toBe(true);
    const events = await desk.db.select().from(desk.db.tables.events).where(eq(desk.db.tables.events.ticketId, ticket.id));
    expect(events[0]?.data).toMatchObject({ isAnswerable: false, why: [{ key: 'opened.imported' }] });
    await mailroom.ticketOf({ subject: 'Screen' });
    expect(await notices(desk)).toEqual(['confirmation']);
  });

  test('that is too large leaves a note for the team that says where it lies, and none of that reaches the customer', async () => {
    const desk = await testDesk(subject.db);
    const mailroom = await openMailroom(desk);
    const mailbox = await addMailbox(desk);
    const ticket = await mailroom.ticketOf({ body: '', arrived: { mailbox, wholeSizeBytes: 48 * 1024 * 1024 } });
    const comments = await commentsOf(desk.db, ticket.id, 10);
    expect(comments.map((comment) => comment.visibility)).toEqual(['public', 'internal']);
    expect(documentText(comments[1]?.document ?? { blocks: [] })).toBe(
      'This mail of 48 MB is too large to be taken whole: only its header is here. The mail itself lies in the mailbox support@pohjola.test, in the folder “INBOX”.',
    );
    expect(await notices(desk)).toEqual(['confirmation']);
  });

  test('believes the verdicts of its own server only', async () => {
    const desk = await testDesk(subject.db);
    await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const mailroom = await openMailroom(desk);
    const mailbox = await addMailbox(desk, { trustedAuthservIds: ['mx.google.com'] });
    const judged = (server: string) => ({
      ...FROM_ANNA,
      headers: [`Authentication-Results: ${server}; dmarc=pass header.from=pohjola.test`],
      arrived: { mailbox },
    });
    const believed = await mailroom.ticketOf(judged('mx.google.com'));
    const other = await mailroom.ticketOf(judged('mx.pohjola.test'));
    const names = await requesters(desk);
    expect(names.get(believed.id)).toBe('Liisa Virtanen');
    expect(names.get(other.id)).toBe('Anna Aalto');
  });

  test('whose server authenticates internal senders lets an agent’s forward change the requester, but not against a failed verdict', async () => {
    const desk = await testDesk(subject.db);
    await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const mailroom = await openMailroom(desk);
    const mailbox = await addMailbox(desk, { areInternalSendersAuthenticated: true, trustedAuthservIds: ['mx.pohjola.test'] });
    const plain = await mailroom.ticketOf({ ...FROM_ANNA, arrived: { mailbox } });
    const failed = await mailroom.ticketOf({
      ...FROM_ANNA,
      headers: ['Authentication-Results: mx.pohjola.test; dmarc=fail header.from=pohjola.test'],
      arrived: { mailbox },
    });
    const elsewhere = await mailroom.ticketOf(FROM_ANNA);
    const names = await requesters(desk);
    expect(names.get(plain.id)).toBe('Liisa Virtanen');
    expect(names.get(failed.id)).toBe('Anna Aalto');
    expect(names.get(elsewhere.id)).toBe('Anna Aalto');
  });

  test('is counted by when its server took it: a backlog is no flood', async () => {
    const desk = await testDesk(subject.db);
    const mailroom = await openMailroom(desk);
    const mailbox = await addMailbox(desk);
    const start = later(desk.clock.now(), -DAY);
    const backlog = Array.from({ length: 25 }, (_one, index) => ({
      subject: `Order ${index} of many`,
      body: `Please send ${index * 7} boxes to dock ${index}.`,
      arrived: { mailbox, arrivedAt: later(start, index * 30 * MINUTE) },
    }));
    const rows = await mailroom.take(...backlog);
    expect(rows.filter((row) => row.state === 'quarantined')).toEqual([]);
  });
});

async function requesters(desk: TestDesk): Promise<Map<number, string>> {
  const { tickets, people } = desk.db.tables;
  const rows = await desk.db
    .select({ id: tickets.id, name: people.name })
    .from(tickets)
    .innerJoin(people, eq(people.id, tickets.requesterId));
  return new Map(rows.map((row) => [row.id, row.name]));
}
