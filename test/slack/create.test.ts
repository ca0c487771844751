import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import type { TestHouse } from '../support/house.ts';
import { beginStory, type Story } from './story.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

const view = (as: string) => house.playground.views(as)[0];
const shown = (as: string) => JSON.stringify(view(as) ?? '');
const comments = () => house.desk.db.select().from(house.desk.db.tables.comments);

async function create(as: string, words: string, until: string): Promise<void> {
  await house.playground.command({ as, channel: 'support', command: '/ticket', text: `create ${words}` });
  await house.playground.until(() => shown(as).includes(until));
}

/** As if an admin had changed it, while a modal stands open. */
async function setRole(name: string, role: 'none' | 'light' | 'agent'): Promise<void> {
  const { people } = house.desk.db.tables;
  await house.desk.db.transaction('test role', (tx) => tx.update(tx.tables.people).set({ role }).where(eq(people.name, name)));
}

test("somebody without a role makes tickets, and reads nobody's but their own", async () => {
  const story = (house = await beginStory()) as Story;
  await create('mikko', '', 'person:');
  expect(shown('mikko')).toContain('Mikko Mäki');
  await create('mikko', 'Liisa', 'requester:person:');
  expect(shown('mikko')).not.toContain('TK-1');
  await create('anna', 'Liisa', '"append"');
  await setRole('Anna Aalto', 'none');
  const refused = await story.playground.submitView({
    as: 'anna',
    values: { subject: 'Tulostin', description: 'Soitti taas.', append: String((await story.ticket()).id) },
  });
  expect(Object.values(refused.errors)).toEqual([expect.stringContaining('käsittelijöille')]);
  expect(await comments()).toHaveLength(1);
});

test('a light agent adds a call to the ticket it is about', async () => {
  const story = (house = await beginStory()) as Story;
  await create('ben', '', 'person:');
  await setRole('Ben Brown', 'light');
  await create('ben', 'Liisa', '"append"');
  await story.playground.submitView({
    as: 'ben',
    values: { subject: 'Tulostin', description: 'Soitti taas.', append: String((await story.ticket()).id) },
  });
  expect((await comments()).at(-1)).toMatchObject({ ticketId: (await story.ticket()).id, visibility: 'internal' });
});
