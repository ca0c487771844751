import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { plainDocument } from '#text/document.ts';
import { commentsOf, mustFind } from '#tickets/find.ts';
import { wayToRequester } from '#tickets/recipients.ts';
import { reply } from '#tickets/reply.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, testDesk } from '../support/desk.ts';
import { mailrooms } from '../support/mailroom.ts';

const openMailroom = mailrooms(['mx.pohjola.test']);
const ANNA = 'Anna Aalto <anna@pohjola.test>';

describeDatabases("an agent's own mailbox", (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    await agent(desk, 'lauri@pohjola.test', 'Lauri', 'light');
    return { desk, anna, room: await openMailroom(desk) };
  }

  test('gets no copies when a customer writes it into To or Cc', async () => {
    const { desk, room } = await scene();
    const ticket = await room.ticketOf({
      headers: ['To: support@pohjola.test, anna@pohjola.test', 'Cc: lauri@pohjola.test, sven@asiakas.test'],
    });
    expect(await wayToRequester(desk.db, ticket)).toMatchObject({ cc: [{ address: 'sven@asiakas.test' }] });
  });

  test.each(['anna@pohjola.test', 'lauri@pohjola.test'])('%s writes internally, and moves nothing', async (from) => {
    const { desk, anna, room } = await scene();
    const ticket = await room.ticketOf({ headers: ['Cc: anna@pohjola.test', 'Message-ID: <1@asiakas.test>'] });
    await desk.db.transaction('copied before', (tx) =>
      tx.insert(tx.tables.ticketPeople).values({ ticketId: ticket.id, personId: anna.id, role: 'cc', addedAt: desk.clock.now() }),
    );
    await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' });
    await room.ticketOf({ from, headers: ['In-Reply-To: <1@asiakas.test>'], body: 'He is always like that' });
    const [last] = (await commentsOf(desk.db, ticket.id, 10)).toReversed();
    expect(last).toMatchObject({ visibility: 'internal', direction: 'in', reasons: [{ key: 'mail.agent' }] });
    expect((await mustFind(desk.db, ticket.id)).status).toBe('pending');
  });

  test('is a requester like any other on its own ticket', async () => {
    const { desk, anna, room } = await scene();
    const ticket = await room.ticketOf({ from: ANNA, headers: ['Message-ID: <2@pohjola.test>'] });
    expect(ticket.requesterId).toBe(anna.id);
    await room.ticketOf({ from: ANNA, headers: ['In-Reply-To: <2@pohjola.test>'], body: 'One more thing' });
    expect((await commentsOf(desk.db, ticket.id, 10)).map((comment) => comment.visibility)).toEqual(['public', 'public']);
  });

  test('says "out of office" to nobody', async () => {
    const { desk, room } = await scene();
    const ticket = await room.ticketOf({ headers: ['Message-ID: <1@asiakas.test>'] });
    await room.take({ from: ANNA, headers: ['In-Reply-To: <1@asiakas.test>', 'Auto-Submitted: auto-replied'] });
    const { events } = desk.db.tables;
    expect(await commentsOf(desk.db, ticket.id, 10)).toHaveLength(1);
    expect(await desk.db.$count(events, and(eq(events.ticketId, ticket.id), eq(events.type, 'mail.recorded')))).toBe(1);
  });
});
