import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { wayToRequester } from '#tickets/recipients.ts';
import { reply } from '#tickets/reply.ts';
import { plainDocument } from '#text/document.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, type TestDesk, testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';
import type { Ticket } from '#tickets/find.ts';

const openMailroom = mailrooms(['mx.pohjola.test']);
/** Mail to one of our own addresses that is a group. */
const OUR_GROUP = ['Precedence: list', 'List-ID: <support.pohjola.test>', 'List-Post: <mailto:support@pohjola.test>'];
const GROUP = ['Precedence: list', 'List-ID: <team.asiakas.test>', 'List-Post: <mailto:team@asiakas.test>'];

describeDatabases('whose ticket a mail becomes', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    return { desk, room: await openMailroom(desk) };
  }

  async function addressOf(desk: TestDesk, ticket: Ticket) {
    const { identities } = desk.db.tables;
    const isTheirs = and(eq(identities.personId, ticket.requesterId), eq(identities.kind, 'email'));
    const rows = await desk.db.select({ value: identities.value }).from(identities).where(isTheirs);
    return rows[0]?.value;
  }

  const confirmations = async (desk: TestDesk, ticket: Ticket) =>
    desk.db.select().from(desk.db.tables.deliveries).where(eq(desk.db.tables.deliveries.ticketId, ticket.id));

  test('a form of ours speaks for the person in Reply-To, unverified and without a confirmation', async () => {
    const { desk, room } = await scene();
    const ticket = await room.ticketOf({
      from: 'Web form <support@pohjola.test>',
      headers: ['Reply-To: Liisa Virtanen <liisa@asiakas.test>'],
    });
    expect(await addressOf(desk, ticket)).toBe('liisa@asiakas.test');
    expect(ticket.verdict).toBe('fail');
    expect(await confirmations(desk, ticket)).toEqual([]);
  });

  test("so does somebody else's form that reads no answers, and the answer goes to the person", async () => {
    const { desk, room } = await scene();
    const ticket = await room.ticketOf({
      from: 'Shop <no-reply@verkkokauppa.test>',
      headers: ['Reply-To: liisa@asiakas.test', 'Authentication-Results: mx.pohjola.test; dmarc=pass'],
    });
    expect(await addressOf(desk, ticket)).toBe('liisa@asiakas.test');
    expect(ticket.verdict).toBe('none');
    expect(await wayToRequester(desk.db, ticket)).toEqual({
      via: 'mail',
      to: [{ name: 'liisa@asiakas.test', address: 'liisa@asiakas.test' }],
      cc: [],
    });
  });

  test('a group of ours that rewrites From speaks for the person it names', async () => {
    const { desk, room } = await scene();
    const ticket = await room.ticketOf({
      from: '"Liisa Virtanen via Team" <team@asiakas.test>',
      headers: [...OUR_GROUP, 'Reply-To: Liisa Virtanen <liisa@asiakas.test>', 'X-Original-From: Liisa Virtanen <liisa@asiakas.test>'],
    });
    expect(await addressOf(desk, ticket)).toBe('liisa@asiakas.test');
  });

  test('a mail through a list of others opens nothing by itself: it waits for a person', async () => {
    const { desk, room } = await scene();
    await room.takeOne({ headers: [...GROUP, 'To: team@asiakas.test', 'Cc: support@pohjola.test'] });
    expect(await desk.db.$count(desk.db.tables.tickets)).toBe(0);
    expect(await desk.db.select({ outcome: desk.db.tables.mails.outcome }).from(desk.db.tables.mails)).toEqual([
      { outcome: 'quarantined' },
    ]);
  });

  test('an answer through a list counts as its writer’s', async () => {
    const { desk, room } = await scene();
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna');
    const ticket = await room.ticketOf({});
    await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' });
    const to = desk.tokens.replyAddress('support@pohjola.test', ticket.id);
    const after = await room.ticketOf({ headers: [...GROUP, `To: ${to}`], body: 'It still burns' });
    expect([after.id, after.status]).toEqual([ticket.id, 'open']);
  });

  test('who asks for answers elsewhere stays the requester, and gets them there too', async () => {
    const { desk, room } = await scene();
    const ticket = await room.ticketOf({ headers: ['Reply-To: liisa@koti.test'] });
    expect(await addressOf(desk, ticket)).toBe('liisa@asiakas.test');
    expect(await wayToRequester(desk.db, ticket)).toMatchObject({
      to: [{ address: 'liisa@asiakas.test' }],
      cc: [{ address: 'liisa@koti.test' }],
    });
  });

  test('what only claims to be from us becomes an unverified ticket, never nothing', async () => {
    const { room } = await scene();
    const ticket = await room.ticketOf({ from: 'Pohjola <support@pohjola.test>', headers: ['Message-ID: <7@pohjola.test>'] });
    expect(ticket.verdict).toBe('fail');
  });

  test("a machine's answer from our own address opens nothing", async () => {
    const { room } = await scene();
    const mail = await room.takeOne({ from: 'support@pohjola.test', headers: ['Auto-Submitted: auto-replied'] });
    expect([mail.outcome, mail.ticketId]).toEqual(['quarantined', null]);
  });

  test('a server we trust clears our own address', async () => {
    const { room } = await scene();
    const passed = await room.ticketOf({
      from: 'Pohjola <support@pohjola.test>',
      headers: ['Authentication-Results: mx.pohjola.test; dmarc=pass'],
    });
    expect(passed.verdict).toBe('pass');
  });

  test.each([
    ['its Message-ID', (desk: TestDesk) => [`Message-ID: ${desk.tokens.messageId(1)}`]],
    ['the mark of this installation', (desk: TestDesk) => [`X-Tiketti-Instance: ${desk.tokens.instance}`]],
    ['its signed reply address', (desk: TestDesk) => [`Reply-To: ${desk.tokens.replyAddress('support@pohjola.test', 1)}`]],
  ])('our own mail that comes back is known by %s, and is nothing', async (_by, headers) => {
    const { desk, room } = await scene();
    const mail = await room.takeOne({ from: 'Pohjola <support@pohjola.test>', headers: headers(desk) });
    expect([mail.outcome, mail.ticketId]).toEqual(['ignored', null]);
  });
});
