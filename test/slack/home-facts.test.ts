import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '#clock.ts';
import type { Database } from '#db/database.ts';
import type { HoldState } from '#db/words.ts';
import type { HomeFacts } from '#slack/home/home.ts';
import { homeFacts } from '#slack/home/publish.ts';
import { FIRST, type HomeState } from '#slack/home/state.ts';
import { plainDocument } from '#text/document.ts';
import { setPriority } from '#tickets/fields.ts';
import { reply } from '#tickets/reply.ts';
import type { Person } from '#tickets/people.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { solveTicket } from '#tickets/solve.ts';
import { describeDatabases } from '../support/databases.ts';
import { addCustomer, addPerson, addTicket, openDesk } from './home.desk.ts';

const NOON = new Date('2026-03-02T12:00:00Z');

const by = (person: Person) => ({ kind: 'person' as const, id: person.id });

type Tab = HomeFacts['content']['tab'];

async function content<T extends Tab>(
  desk: Desk,
  person: Person,
  tab: T,
  state: HomeState = FIRST,
): Promise<Extract<HomeFacts['content'], { tab: T }>> {
  const facts = await homeFacts(desk, person, { ...state, tab: tab === 'own' ? 'work' : tab });
  expect(facts.content.tab).toBe(tab);
  return facts.content as Extract<HomeFacts['content'], { tab: T }>;
}

interface HoldAt {
  ticketId: number;
  authorId: number;
  state: HoldState;
  words?: string;
}

async function addHold(desk: Desk, { ticketId, authorId, state, words = 'Try again.' }: HoldAt): Promise<number> {
  return desk.db.transaction('a hold', async (tx) => {
    const { holds } = tx.tables;
    const at = desk.clock.now();
    const place = { channel: 'C1', threadTs: '100.1', sourceTs: '100.2', sourceKey: `slack:${Math.random()}` };
    const [hold] = await tx
      .insert(holds)
      .values({
        ...place,
        ticketId,
        authorId,
        state,
        reasons: [{ key: 'hold.customer_wrote' }],
        document: plainDocument(words),
        fileIds: [],
        holdSeconds: 15,
        createdAt: at,
        updatedAt: at,
      })
      .returning();
    return hold?.id ?? 0;
  });
}

/** A reply that left, and what became of it. */
async function addReply(
  desk: Desk,
  at: { ticketId: number; authorId: number },
  state: 'failed' | 'accepted',
  response: string,
): Promise<void> {
  const holdId = await addHold(desk, { ...at, state: 'released' });
  const { comment, deliveries } = await reply(desk, { ...at, body: plainDocument('Try again.'), sourceKey: `hold:${holdId}` });
  await change(desk, 'came of it', async (tx, desk) => {
    await tx.update(tx.tables.holds).set({ commentId: comment.id }).where(eq(tx.tables.holds.id, holdId));
    for (const delivery of deliveries) await settleDelivery(desk, tx, delivery.id, { state, response });
  });
}

async function addQuarantined(db: Database, count: number, state: 'quarantined' | 'processed'): Promise<void> {
  await db.transaction('mails', async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const mail = {
        mailbox: 'x',
        rawDigest: `${state}${index}`,
        envelopeTo: [],
        fromAddress: `${index}@spam.test`,
        sizeBytes: 1,
        reasons: ['too many'],
        receivedAt: later(NOON, index),
      };
      await tx.insert(tx.tables.mails).values({ ...mail, state });
    }
  });
}

describeDatabases('what Home shows', (subject) => {
  test('my tickets come by urgency: the most urgent first, then the oldest; what is done or another’s is not there', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const ben = await addPerson(desk, 'Ben', 'agent');
    const liisa = await addCustomer(desk, 'Liisa');
    const mine = { assigneeId: anna.id };
    for (const [subject, priority] of [
      ['old', 'normal'],
      ['low', 'low'],
      ['urgent', 'urgent'],
      ['new', 'normal'],
      ['high', 'high'],
    ] as const) {
      await addTicket(desk, liisa.id, { ...mine, subject, priority });
      desk.clock.advance(MINUTE);
    }
    const done = await addTicket(desk, liisa.id, { ...mine, subject: 'done', priority: 'urgent' });
    await solveTicket(desk, done.id, by(anna));
    await addTicket(desk, liisa.id, { assigneeId: ben.id, subject: 'of Ben', priority: 'urgent' });
    const { mine: tickets } = await content(desk, anna, 'work');
    expect(tickets.items.map((ticket) => ticket.subject)).toEqual(['urgent', 'high', 'old', 'new', 'low']);
    expect(tickets.items[0]).toMatchObject({ name: 'TK-3', requester: 'Liisa', status: 'open', url: null });
  });

  test('unassigned are those of the default group and of groups one is in', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const liisa = await addCustomer(desk, 'Liisa');
    const [billing, legal] = await desk.db.transaction('groups', async (tx) => {
      const rows = await tx
        .insert(tx.tables.groups)
        .values(['Billing', 'Legal'].map((name) => ({ name, createdAt: NOON })))
        .returning();
      await tx.insert(tx.tables.groupMembers).values({ groupId: rows[0]?.id ?? 0, personId: anna.id });
      return rows;
    });
    await addTicket(desk, liisa.id, { subject: 'shared' });
    await addTicket(desk, liisa.id, { subject: 'hers', groupId: billing?.id ?? 0 });
    await addTicket(desk, liisa.id, { subject: 'not hers', groupId: legal?.id ?? 0 });
    await addTicket(desk, liisa.id, { subject: 'taken', assigneeId: anna.id });
    const { unassigned } = await content(desk, anna, 'work');
    expect(unassigned.items.map((ticket) => ticket.subject).toSorted()).toEqual(['hers', 'shared']);
  });

  test('a ticket links to its newest card; a requester’s own to the thread they were answered in', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const mikko = await addPerson(desk, 'Mikko');
    const ticket = await addTicket(desk, mikko.id, { assigneeId: anna.id });
    await desk.db.transaction('threads', (tx) =>
      tx.insert(tx.tables.slackThreads).values([
        { channel: 'C1', ts: '1.1', ticketId: ticket.id, kind: 'alias', createdAt: NOON },
        { channel: 'C1', ts: '2.2', ticketId: ticket.id, kind: 'card', createdAt: NOON },
        { channel: 'C9', ts: '3.3', ticketId: ticket.id, kind: 'requester', createdAt: NOON },
      ]),
    );
    expect((await content(desk, anna, 'work')).mine.items[0]?.url).toBe('https://slack.com/archives/C1/p22');
    expect((await content(desk, mikko, 'own')).tickets.items[0]?.url).toBe('https://slack.com/archives/C9/p33');
  });

  test('of a thousand tickets a page of ten is read; past the end stands the last page', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const liisa = await addCustomer(desk, 'Liisa');
    await desk.db.transaction('a thousand', async (tx) => {
      const row = {
        subject: 'x',
        channel: 'email' as const,
        requesterId: liisa.id,
        groupId: desk.defaultGroupId,
        assigneeId: anna.id,
        tags: [],
        language: 'en',
        languageSource: 'system' as const,
        customFields: {},
      };
      const rows = Array.from({ length: 1_000 }, (_, index) => {
        const at = later(NOON, index);
        return { ...row, number: index + 1, createdAt: at, updatedAt: at, statusAt: at };
      });
      for (let start = 0; start < rows.length; start += 500) await tx.insert(tx.tables.tickets).values(rows.slice(start, start + 500));
    });
    const third = (await content(desk, anna, 'work', { tab: 'work', pages: { mine: 2 } })).mine;
    expect(third).toMatchObject({ page: 2, total: 1_000 });
    expect(third.items.map((ticket) => ticket.name)).toEqual(Array.from({ length: 10 }, (_, index) => `TK-${index + 21}`));
    const last = (await content(desk, anna, 'work', { tab: 'work', pages: { mine: 5_000 } })).mine;
    expect(last).toMatchObject({ page: 99, total: 1_000 });
    expect(last.items).toHaveLength(10);
  });

  test('my held and failed replies are there with their reasons; what leaves by itself, arrived, or is another’s is not', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const ben = await addPerson(desk, 'Ben', 'agent');
    const liisa = await addCustomer(desk, 'Liisa');
    const ticket = await addTicket(desk, liisa.id);
    const at = { ticketId: ticket.id, authorId: anna.id };
    await addHold(desk, { ...at, state: 'lining', words: 'stuck' });
    desk.clock.advance(2 * MINUTE);
    await addHold(desk, { ...at, state: 'waiting', words: 'waiting' });
    await addHold(desk, { ...at, state: 'counting', words: 'counting' });
    await addHold(desk, { ...at, state: 'lining', words: 'just now' });
    await addHold(desk, { ...at, state: 'cancelled', words: 'cancelled' });
    await addHold(desk, { ...at, authorId: ben.id, state: 'waiting', words: 'of Ben' });
    desk.clock.advance(MINUTE);
    await addReply(desk, at, 'accepted', '250 ok');
    await addReply(desk, at, 'failed', '550 no such mailbox');
    const { held } = await content(desk, anna, 'work');
    expect(held.items.map((reply) => [reply.trouble, reply.words, reply.response])).toEqual([
      ['failed', 'Try again.', '550 no such mailbox'],
      ['waiting', 'waiting', null],
      ['lining', 'stuck', null],
    ]);
    expect(held.items[1]).toMatchObject({
      reasons: [{ key: 'hold.customer_wrote' }],
      url: 'https://slack.com/archives/C1/p1002?thread_ts=100.1&cid=C1',
    });
  });

  test('a failed reply is gone from the list once its ticket is solved', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const ticket = await addTicket(desk, (await addCustomer(desk, 'Liisa')).id);
    await addReply(desk, { ticketId: ticket.id, authorId: anna.id }, 'failed', '550');
    expect((await content(desk, anna, 'work')).held.total).toBe(1);
    await solveTicket(desk, ticket.id, by(anna));
    expect((await content(desk, anna, 'work')).held.total).toBe(0);
  });

  test('a rule shows how often it fired in the last seven days', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    const liisa = await addCustomer(desk, 'Liisa');
    await addTicket(desk, liisa.id, { subject: 'Urgent: printer' });
    desk.clock.advance(8 * DAY);
    await addTicket(desk, liisa.id, { subject: 'Urgent: mouse' });
    await addTicket(desk, liisa.id, { subject: 'Keyboard' });
    const { rules } = await content(desk, anna, 'rules');
    expect(rules.items.map((rule) => [rule.builtin, rule.firings])).toEqual([
      ['routing', 1],
      ['confirmation', 0],
      ['follow_up', 0],
      ['reply', 0],
      ['solved', 0],
    ]);
  });

  test('a rule whose row was damaged does not take the others with it', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'admin');
    await desk.db.transaction('damage', (tx) =>
      tx
        .update(tx.tables.rules)
        .set({ actions: [{ do: 'dance' }] })
        .where(eq(tx.tables.rules.builtin, 'reply')),
    );
    const facts = await homeFacts(desk, anna, { tab: 'rules', pages: {} });
    expect(facts.areRepliesSent).toBe(false);
    const { rules } = await content(desk, anna, 'rules');
    expect(rules.items.map((rule) => rule.rule === null)).toEqual([false, false, false, true, false]);
  });

  test('only admins see rules, people and quarantine, whatever the view they click in says', async () => {
    const desk = await openDesk(subject.db);
    await addQuarantined(subject.db, 7, 'quarantined');
    await addQuarantined(subject.db, 3, 'processed');
    const anna = await addPerson(desk, 'Anna', 'admin');
    const ben = await addPerson(desk, 'Ben', 'agent');
    const lena = await addPerson(desk, 'Lena', 'light');
    for (const tab of ['rules', 'people'] as const) {
      expect((await homeFacts(desk, ben, { tab, pages: {} })).content.tab).toBe('work');
      expect((await homeFacts(desk, lena, { tab, pages: {} })).content.tab).toBe('own');
    }
    expect((await content(desk, ben, 'work')).quarantine).toBeNull();
    const { quarantine } = await content(desk, anna, 'work');
    expect(quarantine?.count).toBe(7);
    expect(quarantine?.newest.map((mail) => mail.from)).toEqual([
      '6@spam.test',
      '5@spam.test',
      '4@spam.test',
      '3@spam.test',
      '2@spam.test',
    ]);
    const { people } = await content(desk, anna, 'people');
    expect(people.items.map((person) => [person.name, person.role, person.slackId])).toEqual([
      ['Anna', 'admin', 'UANNA'],
      ['Ben', 'agent', 'UBEN'],
      ['Lena', 'light', 'ULENA'],
    ]);
  });

  test('whoever asked to join lately is not asked to ask again', async () => {
    const desk = await openDesk(subject.db);
    const mikko = await addPerson(desk, 'Mikko');
    expect((await content(desk, mikko, 'own')).standing).toBe('may');
    const asked = { ...mikko, askedToJoinAt: desk.clock.now() };
    expect((await content(desk, asked, 'own')).standing).toBe('asked');
    desk.clock.advance(8 * DAY);
    expect((await content(desk, asked, 'own')).standing).toBe('may');
  });

  test('a ticket that became urgent moves up', async () => {
    const desk = await openDesk(subject.db);
    const anna = await addPerson(desk, 'Anna', 'agent');
    const liisa = await addCustomer(desk, 'Liisa');
    await addTicket(desk, liisa.id, { subject: 'first', assigneeId: anna.id });
    const second = await addTicket(desk, liisa.id, { subject: 'second', assigneeId: anna.id });
    await setPriority(desk, second.id, 'urgent', by(anna));
    expect((await content(desk, anna, 'work')).mine.items.map((ticket) => ticket.subject)).toEqual(['second', 'first']);
  });
});
