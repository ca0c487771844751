import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '#clock.ts';
import type { NewRow } from '#db/schema.ts';
import { groupCommits } from '#jobs/commits.ts';
import { createWorker } from '#jobs/worker.ts';
import { storeMail } from '#mail/store.ts';
import { plainDocument } from '#text/document.ts';
import { removeBytesJob } from '#tickets/erase-files.ts';
import { purgeExpired } from '#tickets/purge.ts';
import { writeComment } from '#tickets/comment.ts';
import { describeDatabases } from '../support/databases.ts';
import { mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';
import { plantFile } from './erase.plant.ts';

const LARGE_BYTES = 300 * 1024;

describeDatabases('what is kept long enough', (subject) => {
  const mailsOf = (desk: TestDesk) => desk.db.select().from(desk.db.tables.mails).orderBy(desk.db.tables.mails.id);

  async function ticketWithMail(desk: TestDesk, words = 'Hello') {
    const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'));
    const mailId = await mail(desk, words, { state: 'processed', ticketId: ticket.id });
    return { ticket, mailId };
  }

  async function mail(desk: TestDesk, words: string, fate: Partial<NewRow<'mails'>>) {
    const stored = await storeMail(desk, groupCommits(desk.db), {
      mailbox: 'smtp',
      raw: Buffer.from(`Subject: x\r\n\r\n${words}`),
      envelopeFrom: null,
      envelopeTo: [],
    });
    await desk.db.transaction('fate', (tx) => tx.update(tx.tables.mails).set(fate).where(eq(tx.tables.mails.id, stored.id)));
    return stored.id;
  }

  const close = (desk: TestDesk, ticketId: number) =>
    desk.db.transaction('close', (tx) =>
      tx.update(tx.tables.tickets).set({ status: 'closed', closedAt: desk.clock.now() }).where(eq(tx.tables.tickets.id, ticketId)),
    );

  /** What the worker does a minute later. */
  async function removeDueBytes(desk: TestDesk) {
    desk.clock.advance(MINUTE);
    const worker = createWorker(desk, [removeBytesJob], 'test', (desk, db) => ({ ...desk, db }));
    await worker.start();
    await worker.settled();
    await worker.stop();
  }

  test('raw mail leaves 90 days after its ticket closed, not while it is open', async () => {
    const desk = await testDesk(subject.db);
    const { ticket } = await ticketWithMail(desk, 'x'.repeat(LARGE_BYTES));
    const [before] = await mailsOf(desk);
    desk.clock.advance(400 * DAY);
    await purgeExpired(desk);
    expect((await mailsOf(desk))[0]).toMatchObject({ purgedAt: null, rawFile: before?.rawFile });

    await close(desk, ticket.id);
    desk.clock.advance(89 * DAY);
    await purgeExpired(desk);
    expect((await mailsOf(desk))[0]?.purgedAt).toBeNull();
    desk.clock.advance(2 * DAY);
    expect(await purgeExpired(desk)).toMatchObject({ rows: { mails: 1 }, isComplete: true });
    await removeDueBytes(desk);
    expect((await mailsOf(desk))[0]).toMatchObject({ raw: null, rawFile: null, rawDigest: before?.rawDigest });
    expect(await desk.files.has(before?.rawFile ?? '')).toBe(false);
  });

  test('raw mail without a ticket leaves 90 days after it came, but never before it was looked at', async () => {
    const desk = await testDesk(subject.db);
    await mail(desk, 'quarantined', { state: 'quarantined' });
    await mail(desk, 'waiting', { state: 'stored' });
    desk.clock.advance(91 * DAY);
    await purgeExpired(desk);
    expect((await mailsOf(desk)).map((one) => one.raw === null)).toEqual([true, false]);
  });

  test('the bytes of a delivery leave 30 days after it was settled, not while it may still be sent', async () => {
    const desk = await testDesk(subject.db);
    await ticketWithMail(desk);
    const { deliveries } = desk.db.tables;
    const bytes = Buffer.from('what left');
    await desk.db.transaction('bytes', (tx) => tx.update(tx.tables.deliveries).set({ bytes }));
    desk.clock.advance(31 * DAY);
    await purgeExpired(desk);
    expect((await desk.db.select().from(deliveries))[0]?.bytes).not.toBeNull();
    await desk.db.transaction('accept', (tx) => tx.update(tx.tables.deliveries).set({ state: 'accepted' }));
    expect(await purgeExpired(desk)).toMatchObject({ rows: { deliveries: 1 } });
    const [delivery] = await desk.db.select().from(deliveries);
    expect(delivery?.bytes).toBeNull();
    expect(delivery?.content).not.toBeNull();
  });

  test('inbox rows leave 7 days after they were done, stopped jobs after 30, the mail budget after 2', async () => {
    const desk = await testDesk(subject.db);
    const now = desk.clock.now();
    const daysAgo = (days: number) => later(now, -days * DAY);
    await desk.db.transaction('old rows', async (tx) => {
      const event = (key: string, received: number, done: number | null) => ({
        key,
        kind: 'message',
        payload: {},
        receivedAt: daysAgo(received),
        doneAt: done === null ? null : daysAgo(done),
      });
      await tx
        .insert(tx.tables.inbox)
        .values([event('old', 8, 8), event('late', 20, 6), event('stuck', 31, null), event('waiting', 20, null), event('new', 1, 1)]);
      const job = (kind: string, stopped: number | null) => ({
        kind,
        payload: {},
        runAt: later(now, DAY),
        createdAt: daysAgo(40),
        stoppedAt: stopped === null ? null : daysAgo(stopped),
      });
      await tx.insert(tx.tables.jobs).values([job('stopped', 31), job('lately', 29), job('alive', null)]);
      await tx.delete(tx.tables.automaticMails);
      await tx
        .insert(tx.tables.automaticMails)
        .values([3, 1].map((days) => ({ address: `a${days}@asiakas.test`, domain: 'asiakas.test', at: daysAgo(days) })));
    });
    expect(await purgeExpired(desk)).toMatchObject({ rows: { inbox: 2, jobs: 1, automatic_mails: 1 }, isComplete: true });
    const { inbox, jobs, automaticMails } = desk.db.tables;
    expect((await desk.db.select().from(inbox).orderBy(inbox.id)).map((row) => row.key)).toEqual(['late', 'waiting', 'new']);
    expect((await desk.db.select().from(jobs).orderBy(jobs.id)).map((row) => row.kind)).toEqual(['lately', 'alive']);
    expect((await desk.db.select().from(automaticMails)).map((row) => row.address)).toEqual(['a1@asiakas.test']);
    expect((await purgeExpired(desk)).rows).toEqual({});
  });

  test('a deleted ticket is emptied after 30 days; until then it can come back', async () => {
    const desk = await testDesk(subject.db);
    const { ticket } = await ticketWithMail(desk);
    const deletedAt = desk.clock.now();
    await desk.db.transaction('delete', (tx) => tx.update(tx.tables.tickets).set({ deletedAt }));
    desk.clock.advance(29 * DAY);
    await purgeExpired(desk);
    const { tickets, comments } = desk.db.tables;
    expect((await desk.db.select().from(tickets))[0]?.subject).toBe('Printer');
    desk.clock.advance(2 * DAY);
    expect(await purgeExpired(desk)).toMatchObject({ rows: { tickets: 1, comments: 1, mails: 1 } });
    expect((await desk.db.select().from(tickets))[0]).toMatchObject({ id: ticket.id, subject: '[erased]', status: 'new' });
    expect((await desk.db.select().from(comments))[0]).toMatchObject({ fullText: null });
    expect((await purgeExpired(desk)).rows).toEqual({});
  });

  test('files nothing shows leave after an hour, those of a comment or a waiting reply stay', async () => {
    const desk = await testDesk(subject.db);
    const { ticket } = await ticketWithMail(desk);
    const [shown, held, unused] = [
      await plantFile(desk, 'shown', 'a'),
      await plantFile(desk, 'held', 'b'),
      await plantFile(desk, 'unused', 'c'),
    ];
    const author = await person(desk, 'anna@pohjola.test');
    await desk.db.transaction('show', async (tx, carried) => {
      await writeComment({ ...desk, db: carried }, tx, ticket.id, {
        authorId: author.id,
        direction: 'in',
        visibility: 'public',
        via: 'email',
        body: plainDocument('see'),
        files: [{ fileId: shown, isInline: false, contentId: null }],
      });
      const now = desk.clock.now();
      const words = { state: 'waiting' as const, reasons: [], document: plainDocument('see'), fileIds: [held], sourceKey: 'view:1' };
      await tx.insert(tx.tables.holds).values({
        ...words,
        ticketId: ticket.id,
        authorId: author.id,
        channel: 'C',
        threadTs: '1',
        holdSeconds: 15,
        createdAt: now,
        updatedAt: now,
      });
    });
    desk.clock.advance(50 * 60_000);
    expect((await purgeExpired(desk)).rows).toEqual({});
    desk.clock.advance(20 * 60_000);
    expect(await purgeExpired(desk)).toMatchObject({ rows: { files: 1 } });
    const { files } = desk.db.tables;
    expect((await desk.db.select({ id: files.id }).from(files)).map((file) => file.id)).toEqual([shown, held]);
    expect(unused).toBeGreaterThan(0);
  });

  test('bytes leave a minute after they lost their last name, unless they got a new one meanwhile', async () => {
    const desk = await testDesk(subject.db);
    await plantFile(desk, 'unused', 'a');
    await plantFile(desk, 'a logo', 'b');
    const [unused, logo] = (await desk.db.select().from(desk.db.tables.files).orderBy(desk.db.tables.files.id)).map((file) => file.sha256);
    desk.clock.advance(2 * DAY);
    await purgeExpired(desk);
    const { ticket } = await ticketWithMail(desk);
    const fileId = await plantFile(desk, 'a logo', 'c');
    await desk.db.transaction('show', (tx) => tx.insert(tx.tables.commentFiles).values({ commentId: ticket.id, fileId, position: 0 }));
    await removeDueBytes(desk);
    expect([await desk.files.has(unused ?? ''), await desk.files.has(logo ?? '')]).toEqual([false, true]);
  });

  test("an admin's own days count; a setting that can't be read is passed over aloud", async () => {
    const desk = await testDesk(subject.db);
    await mail(desk, 'quarantined', { state: 'quarantined' });
    const set = (value: unknown) =>
      desk.db.transaction('setting', async (tx) => {
        await tx.delete(tx.tables.settings).where(eq(tx.tables.settings.key, 'retention'));
        await tx.insert(tx.tables.settings).values({ key: 'retention', value, updatedAt: desk.clock.now() });
      });
    desk.clock.advance(11 * DAY);
    await set({ rawMailDays: 'many' });
    expect((await purgeExpired(desk)).rows).toEqual({});
    expect(desk.log.lines.some((line) => line.message.includes('retention'))).toBe(true);
    await set({ rawMailDays: 10 });
    expect((await purgeExpired(desk)).rows).toEqual({ mails: 1 });
  });
});
