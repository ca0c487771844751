import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { historyOf } from '#tickets/history.ts';
import type { Ticket } from '#tickets/find.ts';
import { wayToRequester } from '#tickets/recipients.ts';
import { describeDatabases } from '../support/databases.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms();

describeDatabases('who is copied on a ticket', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const room = await openMailroom(desk);
    const ticket = await room.ticketOf({ headers: ['Cc: sven@asiakas.test'] });
    const to = desk.tokens.replyAddress('support@pohjola.test', ticket.id);
    return { desk, room, ticket, to };
  }

  async function copies(desk: TestDesk, ticket: Ticket) {
    const way = await wayToRequester(desk.db, ticket);
    return way?.via === 'mail' ? way.cc.map(({ address }) => address).toSorted() : [];
  }

  test('whom a participant copies later joins, once, and history says so', async () => {
    const { desk, room, ticket, to } = await scene();
    for (const body of ['Mikko knows more', 'Again']) {
      await room.ticketOf({ from: 'sven@asiakas.test', headers: [`To: ${to}, liisa@asiakas.test`, 'Cc: mikko@asiakas.test'], body });
    }
    expect(await copies(desk, ticket)).toEqual(['mikko@asiakas.test', 'sven@asiakas.test']);
    const joined = (await historyOf(desk.db, ticket.id, 50)).filter(({ event }) => event.type === 'ticket.joined');
    expect(joined.map(({ actor }) => actor)).toEqual(['sven@asiakas.test']);
  });

  test('whom a stranger or a machine copies does not', async () => {
    const { desk, room, ticket, to } = await scene();
    await room.ticketOf({ from: 'eve@muu.test', headers: [`To: ${to}`, 'Cc: mikko@asiakas.test'] });
    await room.ticketOf({ headers: [`To: ${to}`, 'Cc: mikko@asiakas.test', 'Auto-Submitted: auto-replied'] });
    expect(await copies(desk, ticket)).toEqual(['sven@asiakas.test']);
  });

  test('a follow-up keeps them, and takes new ones too', async () => {
    const { desk, room, ticket, to } = await scene();
    const { tickets } = desk.db.tables;
    await desk.db.transaction('close', (tx) => tx.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, ticket.id)));
    const next = await room.ticketOf({ headers: [`To: ${to}`, 'Cc: mikko@asiakas.test'] });
    expect(next.id).not.toBe(ticket.id);
    expect(await copies(desk, next)).toEqual(['mikko@asiakas.test', 'sven@asiakas.test']);
  });
});
