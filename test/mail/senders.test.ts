import { eq } from 'drizzle-orm';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { later, MINUTE } from '#clock.ts';
import { groupCommits } from '#jobs/commits.ts';
import { createWorker } from '#jobs/worker.ts';
import { deliverMailJob } from '#mail/deliver.ts';
import { createSenders } from '#mail/senders.ts';
import { plainDocument } from '#text/document.ts';
import { sealedFor } from '#tickets/mailboxes.ts';
import { queue } from '#tickets/desk.ts';
import { reply } from '#tickets/reply.ts';
import { setUpMailbox } from '#tickets/set-up-mailbox.ts';
import { type Subject, describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';
import { environmentOf, type Sink, startSink } from '../support/sink.ts';

const TEST_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

async function sink(options?: Parameters<typeof startSink>[0]): Promise<Sink> {
  const started = await startSink(options);
  ending.push(() => started.stop());
  return started;
}

/** Anna has answered Liisa; `settle` sends what is due. */
async function answered(desk: TestDesk) {
  const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
  const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'), 'Printer', false);
  await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' });
  const senders = createSenders(desk);
  ending.push(() => senders.close());
  const worker = createWorker(desk, [deliverMailJob({ senders, commits: groupCommits(desk.db) })], 'test', (held, db) => ({ ...held, db }));
  desk.wake = (kinds) => worker.wake(kinds);
  await worker.start();
  ending.push(() => worker.stop());
  const { deliveries } = desk.db.tables;
  return {
    settle: () => worker.settled(),
    state: async () => (await desk.db.select().from(deliveries))[0]?.state,
  };
}

async function change(desk: TestDesk, values: Record<string, unknown>): Promise<void> {
  const { mailboxes } = desk.db.tables;
  await desk.db.transaction('test', (tx) => tx.update(mailboxes).set(values));
}

const mailbox = async (desk: TestDesk) => (await desk.db.select().from(desk.db.tables.mailboxes))[0];

describeDatabases('an account', (subject: Subject) => {
  test('whose login is refused is paused and told, its answers wait, and leave when the login is right again', async () => {
    const desk = await testDesk(subject.db);
    const server = await sink({ password: 'right' });
    await setUpMailbox(desk, environmentOf(server.port, { userName: 'support', password: 'wrong' }));
    const answer = await answered(desk);
    await answer.settle();
    expect(await answer.state()).toBe('delayed');
    expect(await mailbox(desk)).toMatchObject({ smtpTrouble: { key: 'login', isTold: true }, smtpPausedAt: desk.clock.now() });
    // Nobody hammers at it meanwhile.
    desk.clock.advance(2 * MINUTE);
    await answer.settle();
    expect(server.logins).toBe(1);
    await setUpMailbox(desk, environmentOf(server.port, { userName: 'support', password: 'right' }));
    await answer.settle();
    expect(await answer.state()).toBe('accepted');
    expect(server.mails).toHaveLength(1);
    expect(await mailbox(desk)).toMatchObject({ smtpTrouble: null, smtpPausedAt: null });
    const events = (await desk.db.select().from(desk.db.tables.events)).map((event) => event.type);
    expect(events.filter((type) => type.startsWith('mailbox.'))).toEqual(['mailbox.trouble', 'mailbox.mended']);
    expect(JSON.stringify(desk.log.lines)).not.toContain('wrong');
  });

  test('that may not send from our address is paused as one whose login is refused', async () => {
    const desk = await testDesk(subject.db);
    const server = await sink();
    server.refuseSender('support@pohjola.test', 550, '5.7.60 Client does not have permissions to send as this sender');
    await setUpMailbox(desk, environmentOf(server.port));
    const answer = await answered(desk);
    await answer.settle();
    expect(await answer.state()).toBe('delayed');
    expect(await mailbox(desk)).toMatchObject({ smtpTrouble: { key: 'sender_refused' } });
  });

  test('of an address is used for its mail, and the environment’s for the rest', async () => {
    const desk = await testDesk(subject.db);
    const [common, own] = [await sink(), await sink()];
    await setUpMailbox(desk, environmentOf(common.port));
    const { mailboxes, addresses } = desk.db.tables;
    const now = desk.clock.now();
    await desk.db.transaction('test', async (tx) => {
      const values = { name: 'own', smtpHost: '127.0.0.1', smtpPort: own.port, smtpSecurity: 'none' as const, trustedAuthservIds: [] };
      const [made] = await tx
        .insert(mailboxes)
        .values({ ...values, createdAt: now, updatedAt: now })
        .returning();
      await tx
        .update(addresses)
        .set({ mailboxId: made?.id ?? null })
        .where(eq(addresses.address, 'support@pohjola.test'));
    });
    const answer = await answered(desk);
    await answer.settle();
    expect(own.mails).toHaveLength(1);
    expect(common.mails).toHaveLength(0);
  });

  test('that took a mail has taken it, whoever has the job meanwhile: it is not sent once more', async () => {
    const desk = await testDesk(subject.db);
    const server = await sink();
    await setUpMailbox(desk, environmentOf(server.port));
    const answer = await answered(desk);
    // Another node found it half sent.
    await answer.settle();
    const { deliveries, deliveryRecipients } = desk.db.tables;
    const id = (await desk.db.select().from(deliveries))[0]?.id ?? 0;
    await desk.db.transaction('other node', async (tx) => {
      await tx.update(deliveries).set({ state: 'unknown', acceptedAt: null });
      await tx.update(deliveryRecipients).set({ state: 'unknown' });
      await queue(desk, tx, { kind: 'deliver.mail', payload: { deliveryId: id }, runAt: later(desk.clock.now(), 10 * MINUTE) });
    });
    const kind = deliverMailJob({ senders: createSenders(desk), commits: groupCommits(desk.db) });
    const [job] = (await desk.db.select().from(desk.db.tables.jobs)).filter((one) => one.kind === 'deliver.mail');
    const found = { kind: 'tried', outcome: { kind: 'accepted', response: '250 taken', refused: [] } };
    if (!job) throw new Error('There is no job.');
    await desk.db.transaction('salvage', (tx, db) => kind.salvage?.({ ...desk, db }, tx, job, found) ?? Promise.resolve());
    expect(await answer.state()).toBe('accepted');
    desk.clock.advance(10 * MINUTE);
    await answer.settle();
    expect(server.mails).toHaveLength(1);
  });

  test('sends no faster than its pace, and what waits for its turn costs no try', async () => {
    const desk = await testDesk(subject.db);
    const server = await sink();
    await setUpMailbox(desk, environmentOf(server.port));
    await change(desk, { smtpPerMinute: 2 });
    const answer = await answered(desk);
    await mailedTicket(desk, await person(desk, 'matti@asiakas.test', 'Matti'), 'Screen', true);
    await answer.settle();
    expect(server.mails).toHaveLength(1);
    desk.clock.advance(MINUTE / 2);
    await answer.settle();
    expect(server.mails).toHaveLength(2);
    expect((await desk.db.select().from(desk.db.tables.deliveries)).map((one) => one.attempts)).toEqual([1, 1]);
  });

  test('with a DKIM key signs what it sends, once: every try sends the same bytes', async () => {
    const desk = await testDesk(subject.db);
    const server = await sink();
    await setUpMailbox(desk, environmentOf(server.port));
    const { id = 0 } = (await mailbox(desk)) ?? {};
    await change(desk, { dkimDomain: 'pohjola.test', dkimSelector: 'desk', dkimKey: desk.seal.close(sealedFor('dkimKey', id), TEST_KEY) });
    server.refuse(451, '4.3.0 Come again', 1);
    const answer = await answered(desk);
    await answer.settle();
    const [first] = await desk.db.select().from(desk.db.tables.deliveries);
    desk.clock.advance(2 * MINUTE);
    await answer.settle();
    const raw = server.mails[0]?.raw.toString('latin1') ?? '';
    expect(raw).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=pohjola\.test;/);
    expect(
      Buffer.from(first?.bytes ?? [])
        .toString('latin1')
        .trim(),
    ).toBe(raw.trim());
  });
});
