import { eq, max } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '#clock.ts';
import { type DataConfig, readDataConfig } from '#config.ts';
import type { Database } from '#db/database.ts';
import { STATUSES } from '#db/words.ts';
import { searchPeople, searchTickets } from '#tickets/search.ts';
import { seed } from '../../src/cli/seed.ts';
import { type Dialect, DIALECTS, openTest } from '../support/databases.ts';
import { testDesk, mailedTicket, person } from '../support/desk.ts';

const TICKETS = 50;
const DAYS = 30;

const seedSome = (config: DataConfig, tickets = TICKETS) => seed(config, { tickets, days: DAYS, seed: 7 }, () => {});

describe.each(Object.keys(DIALECTS) as Dialect[])('invented data on %s', (dialect) => {
  let url: string;
  let db: Database;
  let config: DataConfig;
  beforeEach(async () => {
    url = await DIALECTS[dialect]();
    db = await openTest(url);
    config = readDataConfig({ DATABASE_URL: url, TIKETTI_SECRET: 's'.repeat(64), MAIL_FROM: 'Support <support@desk.example>' });
  });
  afterEach(async () => {
    await db.close();
  });

  test('tickets are in every status, over the days asked for, with conversations and a log', async () => {
    await seedSome(config);
    const { tickets, comments, events, people } = db.tables;
    const rows = await db.select().from(tickets).orderBy(tickets.number);
    expect(rows.map((row) => row.number)).toEqual(Array.from({ length: TICKETS }, (_, index) => index + 1));
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(STATUSES));
    const times = rows.map((row) => row.createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Date.now() - (times[0] ?? 0)).toBeGreaterThan((DAYS - 2) * DAY);
    expect(times.at(-1)).toBeLessThan(Date.now());
    expect(await db.$count(comments)).toBeGreaterThan(2 * TICKETS);
    expect(await db.$count(events, eq(events.type, 'ticket.opened'))).toBe(TICKETS);
    const languages = await db.selectDistinct({ language: people.language }).from(people);
    expect(new Set(languages.map((row) => row.language))).toEqual(new Set(['en', 'fi', 'sv', 'ru']));
  });

  test('invented people and tickets are found by search', async () => {
    await seedSome(config);
    const { identities, people, tickets } = db.tables;
    const [phone] = await db
      .select({ value: identities.value, name: people.name })
      .from(identities)
      .innerJoin(people, eq(people.id, identities.personId))
      .where(eq(identities.kind, 'phone'))
      .limit(1);
    const found = await searchPeople(db, phone?.value ?? '', { limit: 5, country: 'FI' });
    expect(found.map((one) => one.person.name)).toContain(phone?.name);
    const [newest] = await db.select().from(tickets).orderBy(tickets.id).limit(1);
    const hits = await searchTickets(db, newest?.subject ?? '', 50);
    expect(hits.map((ticket) => ticket.id)).toContain(newest?.id);
  });

  test('one number gives the same desk again', async () => {
    const again = await DIALECTS[dialect]();
    await seedSome(config);
    await seedSome({ ...config, DATABASE_URL: again });
    const other = await openTest(again);
    const told = async (of: Database) =>
      (await of.select().from(of.tables.tickets).orderBy(of.tables.tickets.id)).map((row) => [row.subject, row.status, row.requesterId]);
    expect(await told(other)).toEqual(await told(db));
    await other.close();
  });

  test('a desk with tickets of real people is left alone', async () => {
    const desk = await testDesk(db);
    await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'));
    await expect(seedSome(config)).rejects.toMatchObject({ key: 'seed.has_tickets' });
    expect(await db.$count(db.tables.tickets)).toBe(1);
  });

  test('the first real ticket gets the number after the invented ones', async () => {
    await seedSome(config);
    const desk = await testDesk(db);
    const { ticket } = await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'));
    expect(ticket.number).toBe(TICKETS + 1);
    const [newest] = await db.select({ id: max(db.tables.tickets.id) }).from(db.tables.tickets);
    expect(ticket.id).toBe(newest?.id);
  });

  test('an amount that is none is refused before anything is written', async () => {
    await expect(seedSome(config, Number.NaN)).rejects.toMatchObject({ key: 'seed.amount' });
    expect(await db.$count(db.tables.people)).toBe(0);
  });
});
