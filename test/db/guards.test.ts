import { expect, test } from 'vitest';
import { plainDocument } from '#text/document.ts';
import { note } from '#tickets/note.ts';
import { reply } from '#tickets/reply.ts';
import { openSide } from '#tickets/side.ts';
import { describeDatabases } from '../support/databases.ts';
import { raw } from '../support/raw.ts';
import { agent, mailedTicket, person, testDesk } from '../support/desk.ts';

describeDatabases('what the database refuses', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, 'liisa@asiakas.test');
    const anna = await agent(desk, 'anna@pohjola.test');
    const { ticket } = await mailedTicket(desk, liisa);
    const secret = await note(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('He never pays') });
    const other = await mailedTicket(desk, await person(desk, 'erik@kund.test'), 'Other');
    return { desk, ticket, other: other.ticket, anna, secret };
  }

  const attack = (statement: string) => raw(subject.url, statement);

  const delivery = (ticketId: number, commentId: number | null, visibility: string | null) =>
    `insert into deliveries (ticket_id, comment_id, comment_visibility, via, state, template, order_key, is_automatic, may_have_arrived_twice, attempts, next_at, created_at, updated_at)
     select ${ticketId}, ${commentId ?? 'null'}, ${visibility === null ? 'null' : `'${visibility}'`}, 'mail', 'queued', 'reply', 'x', is_automatic, may_have_arrived_twice, 0, next_at, created_at, updated_at
     from deliveries limit 1`;

  test('a note can be named by no delivery, whatever visibility is claimed for it', async () => {
    const { ticket, secret } = await scene();
    for (const claimed of ['public', 'internal', null]) {
      await expect(attack(delivery(ticket.id, secret.id, claimed))).rejects.toThrow();
    }
  });

  test('a public comment is mailed on its own ticket only', async () => {
    const { desk, ticket, other, anna } = await scene();
    const { comment } = await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('x'), sourceKey: 's:1' });
    await expect(attack(delivery(other.id, comment.id, 'public'))).rejects.toThrow();
  });

  test('a note cannot be turned into a public comment', async () => {
    const { secret } = await scene();
    await expect(attack(`update comments set visibility = 'public' where id = ${secret.id}`)).rejects.toThrow(/visibility/);
  });

  test('a delivery has exactly one source, and keeps it', async () => {
    const { desk, ticket, anna } = await scene();
    await expect(attack(delivery(ticket.id, null, null))).rejects.toThrow();
    const { deliveries } = await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('x'), sourceKey: 's:1' });
    const id = deliveries[0]?.id ?? 0;
    await expect(
      attack(`update deliveries set comment_id = null, comment_visibility = null, notice_id = 1 where id = ${id}`),
    ).rejects.toThrow(/frozen/);
    await expect(attack(`update delivery_recipients set address = 'evil@else.test' where delivery_id = ${id}`)).rejects.toThrow(/frozen/);
  });

  test("a side message and an agent's notice are never addressed to a customer of the ticket", async () => {
    const { desk, ticket, anna } = await scene();
    const side = await openSide(desk, {
      ticketId: ticket.id,
      channel: 'C0DEV',
      question: plainDocument('Is he insured?'),
      subject: 'Insurance',
      startedById: anna.id,
      sourceKey: 'view:1',
    });
    const { sideMessages, deliveries, deliveryRecipients, notices } = desk.db.tables;
    const [message] = await desk.db.select().from(sideMessages);
    const now = desk.clock.now();
    const base = {
      ticketId: ticket.id,
      via: 'mail' as const,
      template: 'message',
      orderKey: 'x',
      nextAt: now,
      createdAt: now,
      updatedAt: now,
    };
    const recipient = { kind: 'email' as const, role: 'to' as const, updatedAt: now };
    await expect(
      desk.db.transaction('attack', async (tx) => {
        const [delivery] = await tx
          .insert(deliveries)
          .values({ ...base, sideMessageId: message?.id ?? 0 })
          .returning();
        await tx.insert(deliveryRecipients).values({ ...recipient, deliveryId: delivery?.id ?? 0, address: 'liisa@asiakas.test' });
      }),
    ).rejects.toThrow(/customer/);
    await expect(
      desk.db.transaction('attack', async (tx) => {
        const [notice] = await tx
          .insert(notices)
          .values({ ticketId: ticket.id, audience: 'agent', template: 'x', key: 'k', createdAt: now })
          .returning();
        const [delivery] = await tx
          .insert(deliveries)
          .values({ ...base, noticeId: notice?.id ?? 0 })
          .returning();
        await tx.insert(deliveryRecipients).values({ ...recipient, deliveryId: delivery?.id ?? 0, address: 'liisa@asiakas.test' });
      }),
    ).rejects.toThrow(/customer/);
    // An outsider may be asked: the way itself works.
    await desk.db.transaction('outside', async (tx) => {
      const [delivery] = await tx
        .insert(deliveries)
        .values({ ...base, sideMessageId: message?.id ?? 0 })
        .returning();
      await tx.insert(deliveryRecipients).values({ ...recipient, deliveryId: delivery?.id ?? 0, address: 'expert@outside.test' });
    });
    expect(side.ticketId).toBe(ticket.id);
  });
});
