import { eq, isNotNull } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '#clock.ts';
import { peek } from '#mail/peek.ts';
import { describeDatabases } from '../support/databases.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { type Mailroom, mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();
/** Too large for a row, so that it is read later than the short mails behind it. */
const LONG = 'It is on fire. '.repeat(30_000);
const FIRST = 'Message-ID: <first@asiakas.test>';
const ANSWERS_FIRST = ['In-Reply-To: <first@asiakas.test>', 'References: <first@asiakas.test>'];

describeDatabases('mails that arrive together', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    return { desk, room: await openMailroom(desk) };
  }

  async function pass(desk: TestDesk, room: Mailroom, seconds: number) {
    for (let second = 0; second < seconds; second += 1) {
      desk.clock.advance(SECOND);
      await room.settle();
    }
  }

  const tickets = (desk: TestDesk) => desk.db.select().from(desk.db.tables.tickets).orderBy(desk.db.tables.tickets.number);
  const mails = (desk: TestDesk) => desk.db.select().from(desk.db.tables.mails).orderBy(desk.db.tables.mails.id);

  test('a reply waits for the mail it answers, and joins its ticket', async () => {
    const { desk, room } = await scene();
    await room.take(
      { headers: [FIRST, 'Cc: sven@asiakas.test'], body: LONG },
      { headers: ANSWERS_FIRST, from: 'sven@asiakas.test', body: 'Mine too' },
    );
    await pass(desk, room, 2);
    expect((await mails(desk)).map((mail) => mail.outcome)).toEqual(['created', 'appended']);
    expect(await tickets(desk)).toHaveLength(1);
  });

  test('it waits even for one that was stored after it', async () => {
    const { desk, room } = await scene();
    await room.take({ headers: ANSWERS_FIRST, body: 'Mine too' }, { headers: [FIRST], body: LONG });
    await pass(desk, room, 3);
    expect((await mails(desk)).map((mail) => mail.outcome)).toEqual(['appended', 'created']);
  });

  test("one sender's mails are taken in the order they came", async () => {
    const { desk, room } = await scene();
    const names = ['first', 'second', 'third', 'fourth', 'fifth'];
    await room.take(...names.map((subject, index) => ({ subject, body: index % 2 === 0 ? LONG : 'Short' })));
    expect((await tickets(desk)).map((ticket) => ticket.subject)).toEqual(names);
  });

  test('and so are those that lie in a mailbox together, however large each is', async () => {
    const { desk, room } = await scene();
    const names = ['first', 'second', 'third', 'fourth'];
    await room.takeBatch(...names.map((subject, index) => ({ subject, body: index % 2 === 0 ? LONG : 'Short' })));
    expect((await tickets(desk)).map((ticket) => ticket.subject)).toEqual(names);
  });

  test('who writes beside them waits for nobody', async () => {
    const { desk, room } = await scene();
    await room.take({ subject: 'first', body: LONG }, { subject: 'other', from: 'sven@asiakas.test' });
    expect(await tickets(desk)).toHaveLength(2);
  });

  test('a mail that is never done holds others up for a minute at most', async () => {
    const { desk, room } = await scene();
    const { mails: table, jobs } = desk.db.tables;
    await room.takeOne({ headers: [FIRST] });
    await desk.db.transaction('stuck', async (tx) => {
      await tx.update(table).set({ state: 'stored' }).where(isNotNull(table.messageId));
      await tx.delete(tx.tables.messageIds).where(eq(tx.tables.messageIds.isOwn, false));
    });
    const reply = await room.takeOne({ headers: ANSWERS_FIRST, from: 'sven@asiakas.test' });
    expect(reply.state).toBe('stored');
    await pass(desk, room, MINUTE / SECOND);
    expect((await mails(desk)).at(-1)).toMatchObject({ id: reply.id, outcome: 'created' });
    expect(await desk.db.select().from(jobs).where(eq(jobs.kind, 'mail.process'))).toEqual([]);
  });
});

test.each([
  ['From: Liisa <Liisa@Asiakas.test>\r\nMessage-ID:\r\n <1@a.test>\r\n\r\nFrom: x@y.test', 'liisa@asiakas.test', '1@a.test', false],
  ['from: liisa@asiakas.test\nDate: today\n\nHi', 'liisa@asiakas.test', null, false],
  ['From: "a <b@c.test>" <d@e.test>\n\nMessage-ID: <no@header.test>', 'd@e.test', null, true],
  ['', null, null, true],
])('the header is read before the mail is: %j', (raw, fromAddress, messageId, isAnonymous) => {
  expect(peek(Buffer.from(raw))).toEqual({ fromAddress, messageId, isAnonymous });
});
