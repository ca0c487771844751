import { expect, test } from 'vitest';
import { HOUR, later } from '#clock.ts';
import { deliveryById, recipientsOf } from '#tickets/deliveries.ts';
import { leaveDelivery } from '#tickets/leave-delivery.ts';
import { parkDeliveries } from '#tickets/park-deliveries.ts';
import { parkedAt, restoredOf, isFromBeforeRestore } from '#tickets/restored.ts';
import { retryDelivery } from '#tickets/retry.ts';
import { reply } from '#tickets/reply.ts';
import { plainDocument } from '#text/document.ts';
import { park } from '../../src/cli/restore/park.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, testDesk } from '../support/desk.ts';

describeDatabases('after a restore', (subject) => {
  async function answered() {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'), 'Printer', false);
    const { deliveries } = await reply(desk, {
      ticketId: ticket.id,
      authorId: anna.id,
      body: plainDocument('Switch it off and on.'),
      sourceKey: 'slack:1',
    });
    return { desk, anna, deliveryId: deliveries[0]?.id ?? 0 };
  }

  test('what could leave is parked, per recipient, with the backup as its reason; twice parks once', async () => {
    const { desk, deliveryId } = await answered();
    const backupAt = desk.clock.now();
    desk.clock.advance(HOUR);
    expect(await parkDeliveries(desk, backupAt)).toMatchObject([
      { deliveryId, ticket: 'TK-1', to: ['liisa@asiakas.test'], state: 'queued' },
    ]);
    const delivery = await deliveryById(desk.db, deliveryId);
    expect([delivery?.state, parkedAt(delivery?.response ?? null)]).toEqual(['failed', backupAt]);
    expect((await recipientsOf(desk.db, deliveryId)).map(({ state }) => state)).toEqual(['failed']);
    expect(await parkDeliveries(desk, backupAt)).toEqual([]);
  });

  test('a parked answer that is sent all the same may have arrived twice, and its row says so', async () => {
    const { desk, anna, deliveryId } = await answered();
    await parkDeliveries(desk, desk.clock.now());
    await retryDelivery(desk, deliveryId, { kind: 'person', id: anna.id });
    expect(await deliveryById(desk.db, deliveryId)).toMatchObject({ state: 'queued', mayHaveArrivedTwice: true, response: null });
  });

  test('only what a restore parked can be left, and only once', async () => {
    const { desk, anna, deliveryId } = await answered();
    const by = { kind: 'person', id: anna.id } as const;
    await expect(leaveDelivery(desk, deliveryId, by)).rejects.toMatchObject({ key: 'hold.settled' });
    await parkDeliveries(desk, desk.clock.now());
    await leaveDelivery(desk, deliveryId, by);
    await expect(leaveDelivery(desk, deliveryId, by)).rejects.toMatchObject({ key: 'hold.settled' });
    await expect(retryDelivery(desk, deliveryId, by)).rejects.toMatchObject({ key: 'hold.settled' });
  });

  test('no job is left that would send, and numbers given in between are never given again', async () => {
    const { desk } = await answered();
    const before = await desk.db.select({ id: desk.db.tables.tickets.id }).from(desk.db.tables.tickets);
    const backupAt = desk.clock.now();
    desk.clock.advance(HOUR);
    const { dropped } = await park(desk, subject.url, backupAt);
    expect(dropped).toEqual({ 'deliver.mail': 1 });
    const { ticket } = await mailedTicket(desk, await person(desk, 'olli@asiakas.test'), 'Scanner', false);
    expect(ticket.id).toBeGreaterThan((before[0]?.id ?? 0) + 999);
    expect(ticket.number).toBeGreaterThan(100);
  });

  test('the desk knows from when to when nothing is known', async () => {
    const { desk } = await answered();
    expect(await isFromBeforeRestore(desk.db, desk.clock.now())).toBe(false);
    const backupAt = desk.clock.now();
    desk.clock.advance(HOUR);
    await park(desk, subject.url, backupAt);
    expect(await restoredOf(desk.db)).toMatchObject({ backupAt: backupAt.toISOString(), deliveries: 1, holds: 0, isTold: false });
    expect(await isFromBeforeRestore(desk.db, later(desk.clock.now(), -1))).toBe(true);
    expect(await isFromBeforeRestore(desk.db, desk.clock.now())).toBe(false);
  });
});
