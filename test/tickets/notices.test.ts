import { desc } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '#clock.ts';
import { closeOldSolved } from '#tickets/close.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import { change } from '#tickets/desk.ts';
import { reopenTicket } from '#tickets/reopen.ts';
import { reply } from '#tickets/reply.ts';
import { solveTicket } from '#tickets/solve.ts';
import { plainDocument } from '#text/document.ts';
import { openTicket } from '#tickets/open.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, person, type TestDesk, testDesk } from '../support/desk.ts';
import { receive } from '../support/receive.ts';

const letter = (from: string, id: string, ...headers: string[]) =>
  [
    `From: ${from}`,
    'To: support@pohjola.test',
    'Subject: The printer is broken',
    `Message-ID: <${id}>`,
    ...headers,
    '',
    `It burns since this morning (${id}).`,
  ].join('\r\n');

async function templates(desk: TestDesk): Promise<string[]> {
  const { deliveries } = desk.db.tables;
  const rows = await desk.db.select().from(deliveries).orderBy(deliveries.id);
  return rows.map((row) => row.template);
}

describeDatabases('notices to the requester', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const solve = (ticketId: number | null) => solveTicket(desk, ticketId ?? 0, { kind: 'person', id: anna.id });
    return { desk, anna, solve };
  }

  /** A rule of an admin's own that mails whoever writes. */
  async function ownRule(desk: TestDesk): Promise<void> {
    const at = desk.clock.now();
    const rule = {
      kind: 'trigger' as const,
      name: 'Thank everybody',
      position: 90,
      isEnabled: true,
      on: ['ticket.opened'],
      conditions: { all: [], any: [] },
      actions: [{ do: 'notify', template: 'solved' }],
      createdAt: at,
      updatedAt: at,
    };
    await change(desk, 'own rule', (tx) => tx.insert(tx.tables.rules).values(rule));
  }

  test.each([
    ['a machine', 'Shop <shop@asiakas.test>', 'Auto-Submitted: auto-generated'],
    ['a list', 'News <news@asiakas.test>', 'X-Auto-Response-Suppress: All'],
    ['an address nobody reads', 'Shop <no-reply@asiakas.test>', 'X-Mailer: shop'],
  ])('never go to %s, whichever rule would send them', async (_who, from, header) => {
    const { desk, solve } = await scene();
    await ownRule(desk);
    const { outcome, ticketId } = await receive(desk, letter(from, 'one@asiakas.test', header));
    if (outcome === 'created') await solve(ticketId);
    expect(await templates(desk)).toEqual([]);
  });

  test('about a follow-up never go to an address nobody reads', async () => {
    const { desk, solve } = await scene();
    const from = 'Shop <no-reply@asiakas.test>';
    const { ticketId } = await receive(desk, letter(from, 'one@asiakas.test'));
    await solve(ticketId);
    desk.clock.advance(5 * DAY);
    await closeOldSolved(desk);
    const next = await receive(desk, letter(from, 'two@asiakas.test', 'In-Reply-To: <one@asiakas.test>'));
    expect(next.outcome).toBe('linked');
    expect(await templates(desk)).toEqual([]);
  });

  test('stay away when the staff said no, when it is solved too', async () => {
    const { desk, anna, solve } = await scene();
    const liisa = await person(desk, 'liisa@asiakas.test', 'Liisa');
    const { ticket } = await openTicket(desk, {
      subject: 'Called about the printer',
      channel: 'phone',
      requesterId: liisa.id,
      by: { kind: 'person', id: anna.id },
      body: { authorId: anna.id, direction: 'in', visibility: 'internal', via: 'phone', body: plainDocument('It burns') },
      language: { code: 'en', source: 'system' },
      isAnswerable: false,
    });
    await solve(ticket.id);
    expect(await templates(desk)).toEqual([]);
  });

  test('go to nobody whose mail failed its verdict, and say why they were withheld', async () => {
    const { desk, solve } = await scene();
    const { ticketId } = await receive(desk, letter('Liisa <liisa@asiakas.test>', 'one@asiakas.test'));
    const { tickets, events } = desk.db.tables;
    await change(desk, 'verdict', (tx) => tx.update(tickets).set({ verdict: 'fail' }));
    desk.clock.advance(HOUR);
    await solve(ticketId);
    expect(await templates(desk)).toEqual(['confirmation']);
    const told = await desk.db.select().from(events);
    expect(told.find((event) => event.type === 'notice.withheld')?.data).toMatchObject({ why: { key: 'notice.unverified' } });
  });

  test('go to everybody else', async () => {
    const { desk, solve } = await scene();
    const { ticketId } = await receive(desk, letter('Liisa <liisa@asiakas.test>', 'one@asiakas.test'));
    desk.clock.advance(HOUR);
    await solve(ticketId);
    expect(await templates(desk)).toEqual(['confirmation', 'solved']);
  });

  const answer = (desk: TestDesk, ticketId: number | null, authorId: number, text: string) =>
    reply(desk, { ticketId: ticketId ?? 0, authorId, body: plainDocument(text), sourceKey: `slack:${text}` });

  const newest = async (desk: TestDesk) => {
    const { deliveries } = desk.db.tables;
    const [row] = await desk.db.select().from(deliveries).orderBy(desc(deliveries.id)).limit(1);
    return row;
  };

  test('of a solved ticket are not needed when an answer that has not left yet can say it', async () => {
    const { desk, anna, solve } = await scene();
    const { ticketId } = await receive(desk, letter('Liisa <liisa@asiakas.test>', 'one@asiakas.test'));
    await answer(desk, ticketId, anna.id, 'Use water.');
    await solve(ticketId);
    expect(await templates(desk)).toEqual(['confirmation', 'reply']);
    expect((await newest(desk))?.content).toMatchObject({ isSolved: true });
  });

  test('of a solved ticket go when the answer before it left without saying so', async () => {
    const { desk, anna, solve } = await scene();
    const { ticketId } = await receive(desk, letter('Liisa <liisa@asiakas.test>', 'one@asiakas.test'));
    const { deliveries } = await answer(desk, ticketId, anna.id, 'Use water.');
    await change(desk, 'accepted', (tx, desk) =>
      settleDelivery(desk, tx, deliveries[0]?.id ?? 0, { state: 'accepted', response: '250 ok' }),
    );
    await solve(ticketId);
    expect(await templates(desk)).toEqual(['confirmation', 'reply', 'solved']);
  });

  test('of a solved ticket are not needed when the answer that just left said so', async () => {
    const { desk, anna, solve } = await scene();
    const { ticketId } = await receive(desk, letter('Liisa <liisa@asiakas.test>', 'one@asiakas.test'));
    await solve(ticketId);
    const { deliveries } = await answer(desk, ticketId, anna.id, 'Use water.');
    await change(desk, 'accepted', (tx, desk) =>
      settleDelivery(desk, tx, deliveries[0]?.id ?? 0, { state: 'accepted', response: '250 ok' }),
    );
    await reopenTicket(desk, ticketId ?? 0, { kind: 'person', id: anna.id });
    await solve(ticketId);
    expect(await templates(desk)).toEqual(['confirmation', 'solved', 'reply']);
  });

  test('of a ticket solved again after they wrote go again', async () => {
    const { desk, anna, solve } = await scene();
    const { ticketId } = await receive(desk, letter('Liisa <liisa@asiakas.test>', 'one@asiakas.test'));
    await answer(desk, ticketId, anna.id, 'Use water.');
    await solve(ticketId);
    desk.clock.advance(MINUTE);
    await receive(desk, letter('Liisa <liisa@asiakas.test>', 'two@asiakas.test', 'In-Reply-To: <one@asiakas.test>'));
    await solve(ticketId);
    expect(await templates(desk)).toEqual(['confirmation', 'reply', 'solved']);
  });
});
