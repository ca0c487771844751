import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
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

const CALL = { subject: 'Tulostin kolmosessa', description: 'Mykkänä aamusta asti, soitti taas.' };

/** Sends in a call about Liisa's printer, and reads the question whether it is the ticket that is there. */
async function callAboutPrinter(as: string, values: Record<string, string> = {}): Promise<void> {
  await create(as, 'Liisa', 'requester:person:');
  await house.playground.submitView({ as, values: { ...CALL, ...values } });
  await house.playground.until(() => shown(as).includes('"append"'));
}

test("somebody without a role makes tickets, and reads nobody's but their own", async () => {
  const story = (house = await beginStory()) as Story;
  await create('mikko', '', 'person:');
  expect(shown('mikko')).toContain('Mikko Mäki');
  await create('mikko', 'Liisa', 'requester:person:');
  expect(shown('mikko')).not.toContain('TK-1');
  await callAboutPrinter('anna');
  await setRole('Anna Aalto', 'none');
  const append = String((await story.ticket()).id);
  const refused = await story.playground.submitView({ as: 'anna', values: { append } });
  expect(Object.values(refused.errors)).toEqual([expect.stringContaining('käsittelijöille')]);
  expect(await comments()).toHaveLength(1);
});

test('a light agent adds a call to the ticket it is about', async () => {
  const story = (house = await beginStory()) as Story;
  await create('ben', '', 'person:');
  await setRole('Ben Brown', 'light');
  await callAboutPrinter('ben', { priority: 'urgent' });
  await story.playground.submitView({ as: 'ben', values: { append: String((await story.ticket()).id) } });
  expect((await comments()).at(-1)).toMatchObject({ ticketId: (await story.ticket()).id, visibility: 'internal' });
  expect(await story.ticket()).toMatchObject({ priority: 'normal' });
});

test('a call about a solved ticket opens it again, with its channel, its time and its priority', async () => {
  const story = (house = await beginStory()) as Story;
  await story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'solve TK-1' });
  await eventually(async () => (await story.ticket()).status === 'solved');
  await create('anna', 'Liisa', 'requester:person:');
  story.clock.advance(90_000);
  await story.playground.submitView({ as: 'anna', values: { ...CALL, priority: 'high' } });
  await story.playground.until(() => shown('anna').includes('"append"'));
  await story.playground.submitView({ as: 'anna', values: { append: String((await story.ticket()).id) } });
  expect(await story.ticket()).toMatchObject({ status: 'open', priority: 'high', workSeconds: 90 });
  expect((await comments()).at(-1)).toMatchObject({ via: 'phone', visibility: 'internal', direction: 'in' });
});

test('choosing somebody shows who they are, their tickets and when they were last in touch', async () => {
  house = await beginStory();
  await create('anna', 'Liisa', 'requester:person:');
  expect(shown('anna')).toMatch(/liisa@asiakas\.test.*<!date\^.*TK-1.*Tulostin ei toimi/s);
  expect(shown('anna')).not.toContain('"append"');
});

test('a choice among the tickets of one requester does not outlive a change to another', async () => {
  const story = (house = await beginStory()) as Story;
  await sendMail(story.mailPort ?? 0, {
    from: 'Pekka <pekka@toinen.test>',
    to: OUR_ADDRESS,
    subject: 'Tulostin',
    text: 'Seis.',
  });
  await eventually(async () => (await house.desk.db.select().from(house.desk.db.tables.tickets)).length === 2);
  await callAboutPrinter('anna');
  const { playground } = house;
  playground.typeInto({ as: 'anna', values: { append: String((await story.ticket()).id) } });
  const [pekka] = (await playground.options({ as: 'anna', actionId: 'create.requester', query: 'Pekka' })) as { value: string }[];
  await playground.click({ as: 'anna', actionId: 'create.requester', value: pekka?.value ?? '' });
  await playground.until(() => shown('anna').includes(`requester:${pekka?.value}`));
  await playground.submitView({ as: 'anna', values: {} });
  const made = await eventually(async () => (await house.desk.db.select().from(house.desk.db.tables.tickets))[2]);
  expect(made.requesterId).toBe(Number(pekka?.value.slice('person:'.length)));
});

test('whoever makes a ticket learns its number, also where we are not and from a form without a channel', async () => {
  house = await startTestHouse();
  const { playground } = house;
  playground.addChannel({ name: 'random', members: ['anna'] });
  await playground.command({ as: 'anna', channel: 'random', command: '/ticket', text: 'create 040 123 4567' });
  await playground.until(() => shown('anna').includes('new:+358401234567'));
  await playground.submitView({ as: 'anna', values: CALL });
  await playground.until(() => playground.ephemerals('anna').some((one) => one.text.includes('TK-1')));
  await playground.shortcut({ as: 'anna', callbackId: 'ticket.new' });
  await playground.until(() => shown('anna').includes('create.requester'));
  await playground.options({ as: 'anna', actionId: 'create.requester', query: 'Pekka Puro' });
  await playground.submitView({ as: 'anna', values: { 'create.requester': 'new:Pekka Puro', ...CALL } });
  const told = await playground.until(() => playground.calls.find((one) => one.ok && JSON.stringify(one.body).includes('TK-2:')));
  expect(String(told.body['channel'])).toMatch(/^D/);
});

test('who is to be told must have an address, and a colleague is told in Slack', async () => {
  house = await startTestHouse();
  const { playground } = house;
  await create('anna', '040 123 4567', 'new:+358401234567');
  const refused = await playground.submitView({ as: 'anna', values: { ...CALL, notify: 'email' } });
  expect(Object.keys(refused.errors)).toEqual(['notify']);
  const message = playground.post({ as: 'mikko', channel: 'support', text: 'Hiiri on rikki' });
  await playground.messageShortcut({ as: 'anna', channel: 'support', ts: message.ts, callbackId: 'ticket.make' });
  await playground.until(() => shown('anna').includes('Hiiri'));
  expect(shown('anna')).toContain('Kyllä, Slackissa');
});

test('what was typed of one new person does not become the name of another', async () => {
  house = await startTestHouse();
  const { playground } = house;
  await create('anna', '', 'create.requester');
  const choose = async (query: string) => {
    await playground.options({ as: 'anna', actionId: 'create.requester', query });
    await playground.click({ as: 'anna', actionId: 'create.requester', value: `new:${query}` });
    await playground.until(() => shown('anna').includes(`new_name:new:${query}`));
  };
  await choose('Matti');
  playground.typeInto({ as: 'anna', values: { new_name: 'Matti Meikäläinen' } });
  await choose('Liisa');
  await playground.submitView({ as: 'anna', values: CALL });
  const { people } = house.desk.db.tables;
  const names = (await house.desk.db.select().from(people)).map((person) => person.name);
  expect(names).toContain('Liisa');
  expect(names).not.toContain('Matti Meikäläinen');
});

test('a new ticket goes to the default group unless another is chosen', async () => {
  house = await startTestHouse();
  const { groups } = house.desk.db.tables;
  const createdAt = house.desk.clock.now();
  await house.desk.db.transaction('test group', (tx) => tx.insert(groups).values({ name: 'Aalto laskutus', createdAt }));
  await create('anna', '040 123 4567', 'Aalto laskutus');
  await house.playground.submitView({ as: 'anna', values: CALL });
  const [ticket] = await house.desk.db.select().from(house.desk.db.tables.tickets);
  const [group] = await house.desk.db
    .select()
    .from(groups)
    .where(eq(groups.id, ticket?.groupId ?? 0));
  expect(group?.isDefault).toBe(true);
});

test('words after create fill in who it is, and what is no name is the subject', async () => {
  const story = (house = await beginStory()) as Story;
  await sendMail(story.mailPort ?? 0, { from: 'Ville Virtanen <ville@toinen.test>', to: OUR_ADDRESS, subject: 'Avain', text: 'Hukassa.' });
  await eventually(async () => (await house.desk.db.select().from(house.desk.db.tables.tickets)).length === 2);
  await create('anna', 'Matti Meikäläinen 0401234567', 'new:+358401234567');
  expect(shown('anna')).toContain('"initial_value":"Matti Meikäläinen"');
  await create('anna', 'liisa 0401234567', '"initial_value":"liisa"');
  await create('anna', 'soita takaisin 0401234567', '"initial_value":"soita takaisin"');
  await create('anna', 'liisa', 'requester:person:');
  await create('anna', 'tulostin ei toimi taaskaan', 'create.requester');
  expect(shown('anna')).toContain('"initial_value":"tulostin ei toimi taaskaan"');
  await create('anna', 'näyttö rikki', '"initial_value":"näyttö rikki"');
  await create('anna', 'Virtanen', '”Virtanen” sopii useaan');
  const offered = await house.playground.options({ as: 'anna', actionId: 'create.requester', query: '' });
  expect(JSON.stringify(offered)).toMatch(/(Ville.*Liisa|Liisa.*Ville)/);
});
