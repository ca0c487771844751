import { eq } from 'drizzle-orm';
import { afterEach, expect, test, vi } from 'vitest';
import { HOUR, MINUTE } from '#clock.ts';
import { groupCommits } from '#jobs/commits.ts';
import { holdAlone } from '#jobs/lease-alone.ts';
import { createWorker } from '#jobs/worker.ts';
import { deliverMailJob } from '#mail/deliver.ts';
import { startReaders } from '#mail/read.ts';
import { createSenders } from '#mail/senders.ts';
import { sentCopyJob, sentCopyWish } from '#mail/sent-folder.ts';
import { plainDocument } from '#text/document.ts';
import { queue } from '#tickets/desk.ts';
import { mailboxById } from '#tickets/mailboxes.ts';
import { reply } from '#tickets/reply.ts';
import { setUpMailbox } from '#tickets/set-up-mailbox.ts';
import { type Receiver, startReceiver } from '../crash/receiver.ts';
import { type Subject, describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';
import { type Dovecot, MAILBOX_PASSWORD, startDovecot, type Wishes } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { addMailbox, letter, mailProgram } from './mail-server.ts';

const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

async function dovecot(wishes?: Wishes): Promise<Dovecot> {
  const server = await startDovecot(wishes);
  ending.push(() => server.stop());
  return server;
}

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  ending.push(() => started.stop());
  return started;
}

async function program(server: Dovecot, folder: string) {
  const client = await mailProgram(server);
  ending.push(() => client.close());
  await client.mailboxOpen(folder);
  return client;
}

/** A desk that reads and sends through one account; Anna answers Liisa, and `settle` does what is due. */
async function account(subject: Subject, server: Dovecot, smtp: Receiver) {
  const desk = await testDesk(subject.db);
  const place = { host: '127.0.0.1', security: 'none' as const, userName: '', password: '', folder: null };
  await setUpMailbox(desk, {
    name: 'environment',
    imap: { ...place, port: server.port, userName: 'support', password: MAILBOX_PASSWORD },
    smtp: { ...place, port: smtp.port },
    trustedAuthservIds: [],
  });
  const senders = createSenders(desk);
  ending.push(() => senders.close());
  const kinds = [deliverMailJob({ senders, commits: groupCommits(desk.db) }), sentCopyJob];
  const worker = createWorker(desk, kinds, 'test', (held, db) => ({ ...held, db }));
  desk.wake = (names) => worker.wake(names);
  await worker.start();
  ending.push(() => worker.stop());
  const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
  const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'), 'Printer', false);
  const { deliveries } = desk.db.tables;
  return {
    desk,
    answer: () => reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' }),
    settle: () => worker.settled(),
    delivery: async () => (await desk.db.select().from(deliveries))[0],
  };
}

async function keepCopies(desk: TestDesk): Promise<void> {
  await desk.db.transaction('test', (tx) => tx.update(tx.tables.mailboxes).set({ keepsSentCopies: true }));
}

describeDatabases('the folder of sent mail', (subject) => {
  test.each(['Sent', 'Lähetetyt', 'Отправленные'])(
    'called %s gets one copy of what was sent, however often that is tried',
    async (folder) => {
      const [server, smtp] = [await dovecot({ sentFolder: folder }), await receiver()];
      const { desk, answer, settle, delivery } = await account(subject, server, smtp);
      await keepCopies(desk);
      await answer();
      await settle();
      const id = (await delivery())?.id ?? 0;
      // As after a crash between laying it there and saying so.
      await desk.db.transaction('test', (tx) => queue(desk, tx, sentCopyWish(desk, id, 1)));
      await settle();
      const client = await program(server, folder);
      const copies = await client.fetchAll('1:*', { source: true, flags: true });
      expect(copies.map((copy) => copy.source?.toString('utf8'))).toEqual([smtp.mails[0]?.raw]);
      expect(copies[0]?.flags?.has('\\Seen')).toBe(true);
      expect((await client.list()).filter((one) => one.specialUse === '\\Sent')).toHaveLength(1);
    },
  );

  test('gets nothing where the provider lays it there, or nobody asked for it', async () => {
    const [server, smtp] = [await dovecot(), await receiver()];
    const { answer, settle } = await account(subject, server, smtp);
    await answer();
    await settle();
    const client = await program(server, 'Sent');
    expect(client.mailbox && client.mailbox.exists).toBe(0);
  });

  test('settles an answer that was lost: what lies there has left, and is not sent again', async () => {
    const [server, smtp] = [await dovecot(), await receiver()];
    const { desk, answer, settle, delivery } = await account(subject, server, smtp);
    const client = await program(server, 'Sent');
    smtp.next({
      isTaken: true,
      isAnswered: false,
      before: async () => void (await client.append('Sent', Buffer.from(smtp.mails[0]?.raw ?? ''), ['\\Seen'])),
    });
    await answer();
    await settle();
    expect((await delivery())?.state).toBe('unknown');
    desk.clock.advance(10 * MINUTE);
    await settle();
    expect(await delivery()).toMatchObject({ state: 'accepted', mayHaveArrivedTwice: false });
    expect(smtp.mails).toHaveLength(1);
  });

  test('without it an answer that was lost is given once more, and said to be perhaps a second one', async () => {
    const [server, smtp] = [await dovecot(), await receiver()];
    const { desk, answer, settle, delivery } = await account(subject, server, smtp);
    smtp.next({ isTaken: true, isAnswered: false });
    await answer();
    await settle();
    desk.clock.advance(10 * MINUTE);
    await settle();
    expect(await delivery()).toMatchObject({ state: 'accepted', mayHaveArrivedTwice: true });
    expect(smtp.mails.map((mail) => mail.raw)).toEqual([smtp.mails[0]?.raw, smtp.mails[0]?.raw]);
  });
});

describeDatabases('a mailbox that fills up', (subject) => {
  const read = (desk: TestDesk) => {
    const readers = startReaders(desk, holdAlone, { commits: groupCommits(desk.db), lookEveryMs: 30, firstPauseMs: 20 });
    ending.push(() => readers.stop());
  };
  const large = (number: number, kilobytes: number) => letter(number, { body: `${'x'.repeat(72)}\r\n`.repeat((kilobytes * 1_000) / 74) });
  const mailsOf = (desk: TestDesk) => desk.db.select().from(desk.db.tables.mails);
  const heard = async (desk: TestDesk) =>
    (await desk.db.select().from(desk.db.tables.events)).filter(({ type }) => type.startsWith('mailbox.'));
  const isRead = (desk: TestDesk, id: number) => eventually(async () => (await mailboxById(desk.db, id))?.readAt);

  test('and has no room for moving what was read goes on being read; a warning says so, and nothing is lost', async () => {
    const server = await dovecot({ quota: '100K', hasMove: false });
    const desk = await testDesk(subject.db);
    const client = await program(server, 'INBOX');
    const id = await addMailbox(desk, server.port, { afterwards: 'move', afterwardsFolder: 'Luetut' });
    read(desk);
    await isRead(desk, id);
    await client.append('INBOX', large(1, 80));
    await eventually(async () => (await mailsOf(desk)).length === 1);
    await eventually(async () => desk.log.lines.find((line) => line.message.includes('could not be put away')));
    await client.append('INBOX', letter(2));
    await eventually(async () => (await mailsOf(desk)).length === 2);
    await client.noop();
    const there = await client.search({ subject: 'Printer 1' });
    expect(there).toHaveLength(1);
    expect((await mailboxById(desk.db, id))?.imapTrouble).toBeNull();
  });

  test('is told of once, and again only after there was room', async () => {
    const server = await dovecot({ quota: '1M' });
    const desk = await testDesk(subject.db);
    const client = await program(server, 'INBOX');
    const id = await addMailbox(desk, server.port);
    read(desk);
    await isRead(desk, id);
    const nextHour = async () => {
      desk.clock.advance(HOUR);
      const now = desk.clock.now().getTime();
      const { settings } = desk.db.tables;
      const askedAt = async () => {
        const [kept] = await desk.db
          .select()
          .from(settings)
          .where(eq(settings.key, `mailbox.room:${id}`));
        return (kept?.value as { askedAt: number } | undefined)?.askedAt === now;
      };
      await eventually(askedAt);
    };
    await client.append('INBOX', large(1, 960));
    await nextHour();
    const [told] = await vi.waitFor(async () => {
      const all = await heard(desk);
      expect(all).toHaveLength(1);
      return all;
    });
    expect(told).toMatchObject({ type: 'mailbox.filling', data: { mailboxId: id } });
    expect(Number(told?.data['usedPercent'])).toBeGreaterThanOrEqual(90);
    await nextHour();
    expect(await heard(desk)).toHaveLength(1);
    await client.messageDelete('1:*');
    await nextHour();
    await client.append('INBOX', large(2, 960));
    await nextHour();
    expect(await heard(desk)).toHaveLength(2);
    await eventually(async () => (await mailsOf(desk)).length === 2);
  });

  test('of a server that says nothing of its room nobody is told', async () => {
    const server = await dovecot();
    const desk = await testDesk(subject.db);
    const id = await addMailbox(desk, server.port);
    read(desk);
    await isRead(desk, id);
    const client = await program(server, 'INBOX');
    await client.append('INBOX', large(1, 960));
    desk.clock.advance(HOUR);
    const now = desk.clock.now();
    // Looked at twice since then: what was asked in between is answered.
    for (let look = 0; look < 2; look += 1) {
      desk.clock.advance(1);
      const at = desk.clock.now();
      await eventually(async () => ((await mailboxById(desk.db, id))?.readAt ?? now) >= at);
    }
    await eventually(async () => (await mailsOf(desk)).length === 1);
    expect(await heard(desk)).toEqual([]);
  });
});
