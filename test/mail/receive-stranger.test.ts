import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { commentsOf } from '#tickets/find.ts';
import { describeDatabases } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();

describeDatabases('somebody new with our signed address', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const room = await openMailroom(desk);
    const ticket = await room.ticketOf({});
    const to = desk.tokens.replyAddress('support@pohjola.test', ticket.id);
    return { desk, room, ticket, write: () => room.takeOne({ from: 'eve@muu.test', headers: [`To: ${to}`], body: 'Mine too' }) };
  }

  test('is shown to the team on a ticket that is alive', async () => {
    const { desk, ticket, write } = await scene();
    expect(await write()).toMatchObject({ outcome: 'appended', ticketId: ticket.id });
    expect((await commentsOf(desk.db, ticket.id, 10)).at(-1)).toMatchObject({ visibility: 'internal' });
  });

  test('gets a ticket of their own, linked, where the old one is closed', async () => {
    const { desk, ticket, write } = await scene();
    const { tickets, ticketLinks } = desk.db.tables;
    await desk.db.transaction('close', (tx) => tx.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, ticket.id)));
    const mail = await write();
    expect(mail.outcome).toBe('linked');
    expect(mail.ticketId).not.toBe(ticket.id);
    expect(await desk.db.select().from(ticketLinks)).toMatchObject([{ kind: 'related', fromId: mail.ticketId, toId: ticket.id }]);
    expect(await commentsOf(desk.db, ticket.id, 10)).toHaveLength(1);
  });
});
