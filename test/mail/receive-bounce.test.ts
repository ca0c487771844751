import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY } from '#clock.ts';
import { plainDocument } from '#text/document.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import { deliveriesOf } from '#tickets/deliveries.ts';
import { mustFind } from '#tickets/find.ts';
import { reply } from '#tickets/reply.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, testDesk } from '../support/desk.ts';
import { mailrooms, type RawMail } from '../support/mailroom.ts';

const openMailroom = mailrooms();

function report(headers: string[], address = 'liisa@asiakas.test', returned = 'Message-ID: <theirs@relay.test>'): RawMail {
  const status = `Reporting-MTA: dns; mx.relay.test\r\n\r\nFinal-Recipient: rfc822; ${address}\r\nAction: failed\r\nStatus: 5.1.1`;
  const parts = [`Content-Type: text/plain\r\n\r\nNo such user.`, `Content-Type: message/delivery-status\r\n\r\n${status}`];
  const body = [...parts, `Content-Type: text/rfc822-headers\r\n\r\n${returned}`].map((part) => `--b\r\n${part}\r\n`).join('');
  return {
    from: 'Mail Delivery <mailer-daemon@relay.test>',
    subject: 'Undelivered Mail Returned to Sender',
    headers: ['Content-Type: multipart/report; report-type=delivery-status; boundary=b', 'Auto-Submitted: auto-replied', ...headers],
    body: `${body}--b--`,
  };
}

describeDatabases('a delivery report', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const room = await openMailroom(desk);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna');
    const ticket = await room.ticketOf({});
    const { comment } = await reply(desk, {
      ticketId: ticket.id,
      authorId: anna.id,
      body: plainDocument('Use water.'),
      sourceKey: 'slack:1',
    });
    const [delivery] = await deliveriesOf(desk.db, comment.id);
    if (!delivery?.messageId) throw new Error('The reply has no delivery.');
    await desk.db.transaction('sent', (tx, db) => settleDelivery({ ...desk, db }, tx, delivery.id, { state: 'accepted', response: '250' }));
    const stateNow = async () => (await deliveriesOf(desk.db, comment.id))[0]?.state;
    const isDead = async () => {
      const { identities } = desk.db.tables;
      const [row] = await desk.db.select().from(identities).where(eq(identities.value, 'liisa@asiakas.test'));
      return row?.undeliverableAt != null;
    };
    return { desk, room, ticket, messageId: delivery.messageId, stateNow, isDead };
  }

  test.each([
    ['the id it returns', (id: string) => report([], 'someone@else.test', `Message-ID: ${id}`)],
    ['what it answers', (id: string) => report([`In-Reply-To: ${id}`])],
    ['what it refers to', (id: string) => report([`References: <x@y.test> ${id} <z@y.test>`])],
  ])('is known by %s', async (_by, made) => {
    const { desk, room, ticket, messageId, stateNow } = await scene();
    expect(await room.takeOne(made(messageId))).toMatchObject({ outcome: 'appended', ticketId: ticket.id });
    expect(await stateNow()).toBe('bounced');
    expect((await mustFind(desk.db, ticket.id)).status).toBe('open');
  });

  test('is at last known by whom it names, which reopens the ticket but says nothing of the address', async () => {
    const { room, ticket, stateNow, isDead } = await scene();
    expect(await room.takeOne(report([]))).toMatchObject({ outcome: 'appended', ticketId: ticket.id });
    expect(await stateNow()).toBe('bounced');
    expect(await isDead()).toBe(false);
  });

  test('with our id says that the address is dead', async () => {
    const { room, messageId, isDead } = await scene();
    await room.takeOne(report([`In-Reply-To: ${messageId}`]));
    expect(await isDead()).toBe(true);
  });

  test('about somebody we wrote to long ago, or never, waits for a person', async () => {
    const { desk, room, stateNow } = await scene();
    expect((await room.takeOne(report([], 'never@asiakas.test'))).outcome).toBe('quarantined');
    desk.clock.advance(6 * DAY);
    expect((await room.takeOne(report([]))).outcome).toBe('quarantined');
    expect(await stateNow()).toBe('accepted');
  });
});
