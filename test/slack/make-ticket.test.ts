import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startTestHouse, type TestHouse } from '../support/house.ts';
import { beginStory, LIISA, type Story } from './story.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

const AT_ONCE = { environment: { TIKETTI_HOLD_SECONDS: '0' } };
const REMARK = 'Liisa from Asiakas is impossible again, her contract ends in May, keep her quiet';

const shown = (as: string) => JSON.stringify(house.playground.views(as)[0] ?? '');
const comments = () => house.desk.db.select().from(house.desk.db.tables.comments);
const tickets = () => house.desk.db.select().from(house.desk.db.tables.tickets);

async function makeTicketOf(as: string, message: { ts: string; channel?: string }, words: string): Promise<void> {
  const channel = message.channel ?? 'support';
  await house.playground.messageShortcut({ as, channel, ts: message.ts, callbackId: 'ticket.make' });
  await house.playground.until(() => shown(as).includes(words));
}

async function choose(as: string, query: string): Promise<void> {
  const [option] = (await house.playground.options({ as, actionId: 'create.requester', query })) as { value: string }[];
  await house.playground.click({ as, actionId: 'create.requester', value: option?.value ?? '' });
  await house.playground.until(() => shown(as).includes(`requester:${option?.value}`));
}

test("a colleague's words about a customer never reach the customer", async () => {
  const story = (house = await beginStory()) as Story;
  const { playground, sink } = story;
  const before = sink.mails.length;
  const message = playground.post({ as: 'ben', channel: 'dev', text: REMARK });
  await makeTicketOf('anna', { ts: message.ts, channel: 'dev' }, 'impossible');
  await choose('anna', 'Liisa');
  const unnamed = await playground.submitView({ as: 'anna', values: { notify: 'email' } });
  expect(Object.keys(unnamed.errors)).toEqual(['subject:own']);
  expect((await playground.submitView({ as: 'anna', values: { subject: 'Sopimus', notify: 'email' } })).errors).toEqual({});
  const mail = await sink.mail((one) => one.to.includes(LIISA) && (one.mail.subject ?? '').includes('Sopimus'));
  expect(mail.raw).not.toContain('impossible');
  expect(sink.mails.slice(before).some((one) => one.raw.includes('impossible'))).toBe(false);
  expect((await comments()).find((one) => JSON.stringify(one.document).includes('impossible'))).toMatchObject({ visibility: 'internal' });
});

test("the author's own words are theirs, and what somebody changed in them is the team's", async () => {
  house = await startTestHouse();
  const { playground } = house;
  const first = playground.post({ as: 'mikko', channel: 'support', text: 'VPN ei yhdistä kotoa' });
  await makeTicketOf('anna', first, 'VPN ei');
  await playground.submitView({ as: 'anna', values: {} });
  const second = playground.post({ as: 'mikko', channel: 'support', text: 'Hiiri on rikki' });
  await makeTicketOf('anna', second, 'Hiiri');
  await playground.submitView({ as: 'anna', values: { description: 'Hiiri on rikki. Taas Mikko!' } });
  const [ticket] = await tickets();
  const theirs = { visibility: 'public', direction: 'in', authorId: ticket?.requesterId };
  const [unchanged, original, changed] = await comments();
  expect([unchanged, original]).toMatchObject([theirs, theirs]);
  expect(JSON.stringify(original?.document)).not.toContain('Taas');
  expect(changed).toMatchObject({ visibility: 'internal', ticketId: original?.ticketId });
  expect(JSON.stringify(changed?.document)).toContain('Taas');
});

test('the ticket has the whole message and its files, however little of it the form shows', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  const files = [{ name: 'kuva.png', bytes: new Uint8Array([1, 2, 3]) }];
  const message = playground.post({
    as: 'mikko',
    channel: 'support',
    text: `VPN ei yhdistä. ${'Loki jatkuu. '.repeat(400)}Viimeinen rivi.`,
    files,
  });
  await makeTicketOf('anna', message, 'VPN ei');
  expect(shown('anna')).toContain('tiedosto tulee mukaan');
  expect((await playground.submitView({ as: 'anna', values: {} })).errors).toEqual({});
  const [comment] = await comments();
  expect(JSON.stringify(comment?.document)).toContain('Viimeinen rivi.');
  const { commentFiles } = house.desk.db.tables;
  expect(await house.desk.db.select().from(commentFiles)).toMatchObject([{ commentId: comment?.id }]);
  const card = await playground.until(() => playground.readMessages('support').find((one) => one.text.includes('TK-1')));
  await playground.until(() => playground.readMessages('support', card.ts).find((one) => JSON.stringify(one).includes('kuva.png')));
});

test('of a message in a channel we are not in the ticket has what the form showed, and its maker reads so', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  playground.addChannel({ name: 'lobby', members: ['anna', 'mikko'] });
  const text = `VPN ei yhdistä. ${'Loki jatkuu. '.repeat(400)}`;
  const message = playground.post({ as: 'mikko', channel: 'lobby', text });
  await makeTicketOf('anna', { ts: message.ts, channel: 'lobby' }, 'VPN ei');
  expect((await playground.submitView({ as: 'anna', values: {} })).errors).toEqual({});
  expect((await comments())[0]).toMatchObject({ visibility: 'public' });
  expect(playground.ephemerals('anna').at(-1)?.text).toMatch(/TK-1.*\n.*kanavaa/);
});

test('an answer goes under the message only to who wrote it; anybody else gets it in a direct message', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  playground.addPerson({ name: 'veera', realName: 'Veera Vieno', email: 'veera@pohjola.test', locale: 'fi-FI' });
  playground.openHome('veera');
  const message = playground.post({ as: 'ben', channel: 'dev', text: 'Veera has no laptop charger' });
  await eventually(async () => (await house.desk.db.select().from(house.desk.db.tables.people)).some((one) => one.name === 'Veera Vieno'));
  await makeTicketOf('anna', { ts: message.ts, channel: 'dev' }, 'charger');
  await choose('anna', 'Veera');
  expect((await playground.submitView({ as: 'anna', values: { subject: 'Laturi' } })).errors).toEqual({});
  await answer('TK-1', 'Hei Veera! Laturi odottaa huoneessa viisi.');
  const sent = await playground.until(() => playground.calls.find((one) => one.ok && JSON.stringify(one.body).includes('huoneessa')));
  expect(String(sent.body['channel'])).toMatch(/^D/);
  expect(playground.readMessages('dev', message.ts)).toHaveLength(1);
});

test('what the author adds under their message counts from the moment the ticket is made', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  const message = playground.post({ as: 'mikko', channel: 'support', text: 'VPN ei yhdistä kotoa' });
  await makeTicketOf('anna', message, 'VPN ei');
  await playground.submitView({ as: 'anna', values: {} });
  playground.post({ as: 'mikko', channel: 'support', threadTs: message.ts, text: 'Lisätieto: virhekoodi 720' });
  const [, added] = await eventually(async () => ((await comments()).length > 1 ? comments() : null));
  expect(added).toMatchObject({ visibility: 'public', direction: 'in' });
});

test('a ticket made of an answer in a thread goes on in that thread', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  const root = playground.post({ as: 'ben', channel: 'dev', text: 'Anything broken today?' });
  const reply = playground.post({ as: 'ben', channel: 'dev', threadTs: root.ts, text: 'My monitor stays black' });
  await makeTicketOf('anna', { ts: reply.ts, channel: 'dev' }, 'black');
  await playground.submitView({ as: 'anna', values: {} });
  await answer('TK-1', 'Hi Ben! Please try the other cable.');
  await playground.until(() => playground.readMessages('dev', root.ts).find((one) => JSON.stringify(one.blocks).includes('cable')));
  playground.post({ as: 'ben', channel: 'dev', threadTs: root.ts, text: 'The cable helped' });
  await eventually(async () => JSON.stringify(await comments()).includes('helped'));
  expect((await comments()).map((one) => one.direction)).toEqual(['in', 'out', 'in']);
});

test('two people who make a ticket of one message make one, and the second loses nothing they typed', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  await becomeAgent('ben');
  const message = playground.post({ as: 'mikko', channel: 'support', text: 'VPN ei yhdistä kotoa' });
  await makeTicketOf('anna', message, 'VPN ei');
  await makeTicketOf('ben', message, 'VPN ei');
  await playground.submitView({ as: 'anna', values: {} });
  const card = await playground.until(() => playground.readMessages('support').find((one) => one.text.includes('TK-1')));
  await house.quiet();
  const second = await playground.submitView({ as: 'ben', values: { description: 'What Ben found out' } });
  expect(Object.values(second.errors)[0]).toMatch(new RegExp(`TK-1.*p${card.ts.replace('.', '')}`));
  expect(shown('ben')).toContain('What Ben found out');
  expect(await tickets()).toHaveLength(1);
});

test('two calls of one new customer at the same moment are two tickets of one person', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  for (const as of ['anna', 'ben']) {
    await playground.command({ as, channel: 'support', command: '/ticket', text: 'create 040 123 4567' });
    await playground.until(() => shown(as).includes('new:+358401234567'));
  }
  const call = (as: string) => playground.submitView({ as, values: { new_name: 'Liisa', subject: `From ${as}`, description: 'Called.' } });
  const [first, second] = await Promise.all([call('anna'), call('ben')]);
  expect([first?.errors, second?.errors]).toEqual([{}, {}]);
  const [one, other, ...more] = await tickets();
  expect(more).toEqual([]);
  expect(one?.requesterId).toBe(other?.requesterId);
});

test('of a message that is a ticket already one reads which, and has no form to fill in', async () => {
  house = await startTestHouse(AT_ONCE);
  const { playground } = house;
  const message = playground.post({ as: 'mikko', channel: 'support', text: 'VPN ei yhdistä kotoa' });
  await makeTicketOf('anna', message, 'VPN ei');
  await playground.submitView({ as: 'anna', values: {} });
  await makeTicketOf('anna', message, 'TK-1');
  expect(playground.views('anna')).toHaveLength(1);
  expect(playground.views('anna')[0]?.submit).toBeNull();
});

async function becomeAgent(name: string): Promise<void> {
  const { people } = house.desk.db.tables;
  await eventually(async () => (await house.desk.db.select().from(people)).some((one) => one.role === 'admin'));
  await house.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: `agent add @${name}` });
}

/** Anna answers in the ticket's thread. */
async function answer(number: string, text: string): Promise<void> {
  const { playground } = house;
  const card = await playground.until(() => playground.readMessages('support').find((one) => one.text.includes(number)));
  await house.quiet();
  playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text });
}
