import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY, MINUTE } from '#clock.ts';
import { plainDocument } from '#text/document.ts';
import { assignTicket } from '#tickets/assign.ts';
import { closeOldSolved } from '#tickets/close.ts';
import { bounceDelivery, settleDelivery } from '#tickets/delivered.ts';
import { setPriority, tagTicket } from '#tickets/fields.ts';
import { mustFind } from '#tickets/find.ts';
import { historyOf } from '#tickets/history.ts';
import { note } from '#tickets/note.ts';
import { pendTicket } from '#tickets/pend.ts';
import { reply } from '#tickets/reply.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { solveTicket } from '#tickets/solve.ts';
import { describeDatabases } from '../support/databases.ts';
import { agent, mailedTicket, person, type TestDesk, testDesk } from '../support/desk.ts';

describeDatabases('the verbs', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, 'liisa@asiakas.test', 'Liisa Virtanen');
    const anna = await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    const { ticket } = await mailedTicket(desk, liisa);
    return { desk, liisa, anna, ticket };
  }

  const deliveriesOf = (desk: TestDesk) => desk.db.select().from(desk.db.tables.deliveries).orderBy(desk.db.tables.deliveries.id);

  test('opening numbers tickets one by one, and confirms each once', async () => {
    const { desk, liisa, ticket } = await scene();
    const second = await mailedTicket(desk, liisa, 'Another');
    expect([ticket.number, second.ticket.number]).toEqual([1, 2]);
    expect((await deliveriesOf(desk)).map((delivery) => [delivery.ticketId, delivery.template])).toEqual([
      [ticket.id, 'confirmation'],
      [second.ticket.id, 'confirmation'],
    ]);
  });

  test('a ticket that must not be answered by itself is not confirmed', async () => {
    const { desk, liisa } = await scene();
    const quiet = await mailedTicket(desk, liisa, 'Out of office', false);
    expect((await deliveriesOf(desk)).filter((delivery) => delivery.ticketId === quiet.ticket.id)).toEqual([]);
  });

  test("an agent's reply freezes one delivery, takes the ticket and waits for the requester", async () => {
    const { desk, anna, ticket } = await scene();
    const { deliveries } = await reply(desk, {
      ticketId: ticket.id,
      authorId: anna.id,
      body: plainDocument('Use water.'),
      sourceKey: 'slack:1',
    });
    const after = await mustFind(desk.db, ticket.id);
    expect([after.status, after.assigneeId]).toEqual(['pending', anna.id]);
    const [frozen] = deliveries;
    expect(frozen).toMatchObject({ template: 'reply', via: 'mail', state: 'queued', isAutomatic: false });
    expect(frozen?.addressing).toMatchObject({
      from: { name: 'Anna Aalto (Pohjola)', address: 'support@pohjola.test' },
      to: [{ address: 'liisa@asiakas.test' }],
    });
    expect(JSON.stringify(frozen?.content)).toContain('Use water.');
  });

  test('the same reply twice is refused by the database, and one is kept', async () => {
    const { desk, anna, ticket } = await scene();
    const draft = { ticketId: ticket.id, authorId: anna.id, body: plainDocument('Use water.'), sourceKey: 'slack:1' };
    await reply(desk, draft);
    await expect(reply(desk, draft)).rejects.toThrow(/unique/i);
    expect((await deliveriesOf(desk)).filter((delivery) => delivery.template === 'reply')).toHaveLength(1);
  });

  test('with the reply rule switched off a reply is refused, not lost in silence', async () => {
    const { desk, anna, ticket } = await scene();
    await desk.db.transaction('off', (tx) =>
      tx.update(tx.tables.rules).set({ isEnabled: false }).where(eq(tx.tables.rules.builtin, 'reply')),
    );
    await expect(
      reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('x'), sourceKey: 'slack:1' }),
    ).rejects.toMatchObject({ key: 'reply.no_rule' });
    const { comments } = desk.db.tables;
    expect(await desk.db.select().from(comments).where(eq(comments.sourceKey, 'slack:1'))).toEqual([]);
  });

  test('someone without the role of an agent cannot reply', async () => {
    const { desk, ticket } = await scene();
    const mikko = await person(desk, 'mikko@pohjola.test');
    await expect(reply(desk, { ticketId: ticket.id, authorId: mikko.id, body: plainDocument('x'), sourceKey: 's' })).rejects.toMatchObject({
      key: 'reply.not_agent',
    });
  });

  test('a note changes no status and makes no delivery', async () => {
    const { desk, anna, ticket } = await scene();
    const before = await deliveriesOf(desk);
    await note(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('huom: hankala') });
    expect((await mustFind(desk.db, ticket.id)).status).toBe('new');
    expect(await deliveriesOf(desk)).toHaveLength(before.length);
  });

  test("the requester's mail reopens a solved ticket; a bare thanks leaves it solved", async () => {
    const { desk, anna, liisa, ticket } = await scene();
    await solveTicket(desk, ticket.id, { kind: 'person', id: anna.id });
    const comment = { authorId: liisa.id, via: 'email' as const, body: plainDocument('Kiitos!') };
    await addRequesterComment(desk, { ticketId: ticket.id, comment, isThanks: true });
    expect((await mustFind(desk.db, ticket.id)).status).toBe('solved');
    await addRequesterComment(desk, { ticketId: ticket.id, comment: { ...comment, body: plainDocument('Ei toimi') } });
    expect((await mustFind(desk.db, ticket.id)).status).toBe('open');
  });

  test('automatic mail changes nothing', async () => {
    const { desk, anna, liisa, ticket } = await scene();
    await pendTicket(desk, ticket.id, { kind: 'person', id: anna.id });
    await addRequesterComment(desk, {
      ticketId: ticket.id,
      comment: { authorId: liisa.id, via: 'email', body: plainDocument('Out of office'), isAutomatic: true },
    });
    expect((await mustFind(desk.db, ticket.id)).status).toBe('pending');
  });

  test('solving makes the solver the assignee where there is none, and tells the requester unless a reply just went', async () => {
    const { desk, anna, liisa, ticket } = await scene();
    await solveTicket(desk, ticket.id, { kind: 'person', id: anna.id });
    expect((await mustFind(desk.db, ticket.id)).assigneeId).toBe(anna.id);
    expect((await deliveriesOf(desk)).map((delivery) => delivery.template)).toEqual(['confirmation', 'solved']);
    const other = await mailedTicket(desk, liisa, 'Other');
    await reply(desk, { ticketId: other.ticket.id, authorId: anna.id, body: plainDocument('Done.'), sourceKey: 'slack:2' });
    desk.clock.advance(9 * MINUTE);
    await solveTicket(desk, other.ticket.id, { kind: 'person', id: anna.id });
    expect(
      (await deliveriesOf(desk)).filter((delivery) => delivery.ticketId === other.ticket.id).map((delivery) => delivery.template),
    ).toEqual(['confirmation', 'reply']);
  });

  test('a rule may solve only an assigned ticket', async () => {
    const { desk, ticket } = await scene();
    const rule = { kind: 'rule' as const, id: 1, causeId: 1, depth: 1 };
    await expect(solveTicket(desk, ticket.id, rule)).rejects.toMatchObject({ key: 'solve.unassigned' });
  });

  test('four days after solving a ticket closes silently, and a mail to it opens a follow-up', async () => {
    const { desk, anna, liisa, ticket } = await scene();
    await solveTicket(desk, ticket.id, { kind: 'person', id: anna.id });
    const before = (await deliveriesOf(desk)).length;
    desk.clock.advance(4 * DAY - MINUTE);
    expect(await closeOldSolved(desk)).toBe(0);
    desk.clock.advance(2 * MINUTE);
    expect(await closeOldSolved(desk)).toBe(1);
    expect((await mustFind(desk.db, ticket.id)).status).toBe('closed');
    expect(await deliveriesOf(desk)).toHaveLength(before);
    const next = await addRequesterComment(desk, {
      ticketId: ticket.id,
      comment: { authorId: liisa.id, via: 'email', body: plainDocument('Again') },
    });
    expect([next.isFollowUp, next.ticket.id === ticket.id]).toEqual([true, false]);
    expect((await deliveriesOf(desk)).at(-1)).toMatchObject({ template: 'follow_up', ticketId: next.ticket.id });
  });

  test('a closed ticket takes notes and refuses everything else', async () => {
    const { desk, anna, ticket } = await scene();
    const by = { kind: 'person' as const, id: anna.id };
    await solveTicket(desk, ticket.id, by);
    desk.clock.advance(5 * DAY);
    await closeOldSolved(desk);
    await note(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('still here') });
    for (const refused of [
      () => solveTicket(desk, ticket.id, by),
      () => assignTicket(desk, ticket.id, null, by),
      () => setPriority(desk, ticket.id, 'high', by),
    ]) {
      await expect(refused()).rejects.toMatchObject({ key: 'ticket.refused' });
    }
  });

  test('an answer to a closed ticket leaves from a follow-up of its author, in the old conversation', async () => {
    const { desk, anna, ticket } = await scene();
    const matti = await person(desk, 'matti@asiakas.test', 'Matti');
    const copy = { ticketId: ticket.id, personId: matti.id, role: 'cc' as const, addedAt: desk.clock.now() };
    await desk.db.transaction('copy', (tx) => tx.insert(tx.tables.ticketPeople).values(copy));
    await solveTicket(desk, ticket.id, { kind: 'person', id: anna.id });
    desk.clock.advance(5 * DAY);
    await closeOldSolved(desk);
    const before = (await deliveriesOf(desk)).length;
    const answer = await reply(desk, {
      ticketId: ticket.id,
      authorId: anna.id,
      body: plainDocument('One more thing.'),
      sourceKey: 'slack:1',
    });
    expect((await mustFind(desk.db, ticket.id)).status).toBe('closed');
    expect(await mustFind(desk.db, answer.ticket.id)).toMatchObject({
      number: 2,
      subject: 'Printer',
      status: 'pending',
      assigneeId: anna.id,
      requesterId: ticket.requesterId,
    });
    expect((await deliveriesOf(desk)).slice(before)).toMatchObject([
      {
        ticketId: answer.ticket.id,
        template: 'reply',
        addressing: { to: [{ address: 'liisa@asiakas.test' }], cc: [{ address: 'matti@asiakas.test' }] },
        content: { quoted: { from: 'Liisa Virtanen' }, ticket: { number: 'TK-2' } },
      },
    ]);
    const links = await desk.db.select().from(desk.db.tables.ticketLinks);
    expect(links).toMatchObject([{ kind: 'follow_up', fromId: answer.ticket.id, toId: ticket.id }]);
  });

  test('a failed delivery reopens its ticket; so does a bounce, which marks the very mail', async () => {
    const { desk, anna, ticket } = await scene();
    const { deliveries } = await reply(desk, { ticketId: ticket.id, authorId: anna.id, body: plainDocument('x'), sourceKey: 'slack:1' });
    const id = deliveries[0]?.id ?? 0;
    await desk.db.transaction('accepted', (tx, carried) =>
      settleDelivery({ ...desk, db: carried }, tx, id, { state: 'accepted', response: '250 ok' }),
    );
    expect((await mustFind(desk.db, ticket.id)).firstRepliedAt).not.toBeNull();
    await desk.db.transaction('bounced', (tx, carried) =>
      bounceDelivery({ ...desk, db: carried }, tx, id, [{ address: 'liisa@asiakas.test', status: '5.1.1', response: 'unknown user' }]),
    );
    expect((await mustFind(desk.db, ticket.id)).status).toBe('open');
    expect((await deliveriesOf(desk)).find((delivery) => delivery.id === id)?.state).toBe('bounced');
  });

  test('tags are one tag in any case, and history says who did what', async () => {
    const { desk, anna, ticket } = await scene();
    const by = { kind: 'person' as const, id: anna.id };
    await tagTicket(desk, ticket.id, { add: ['Printer', 'printer ', 'Fire alarm'] }, by);
    expect((await mustFind(desk.db, ticket.id)).tags).toEqual(['printer', 'fire-alarm']);
    const [latest] = await historyOf(desk.db, ticket.id, 1);
    expect(latest).toMatchObject({ actor: 'Anna Aalto', event: { type: 'ticket.tagged' } });
  });

  test('three automatic mails a day is what one sender gets, whatever they send', async () => {
    const { desk, liisa } = await scene();
    for (let index = 0; index < 4; index += 1) await mailedTicket(desk, liisa, `Loop ${index}`);
    expect((await deliveriesOf(desk)).filter((delivery) => delivery.isAutomatic)).toHaveLength(3);
    desk.clock.advance(DAY + MINUTE);
    await mailedTicket(desk, liisa, 'Tomorrow');
    expect((await deliveriesOf(desk)).filter((delivery) => delivery.isAutomatic)).toHaveLength(4);
  });
});
