import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

const comments = () => house.desk.db.select().from(house.desk.db.tables.comments);

/** Anna makes a ticket for Mikko, who hears of it in a direct message. */
async function ticketForMikko(number: string, subject: string): Promise<void> {
  const { playground } = house;
  await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'create Mikko Mäki' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('requester:person:'));
  await playground.submitView({ as: 'anna', values: { subject, description: 'Soitti.', channel: 'slack', notify: 'email' } });
  await playground.until(() => toMikko().some((call) => JSON.stringify(call.body).includes(number)));
  await house.quiet();
}

const toMikko = () =>
  house.playground.calls.filter((one) => one.method === 'chat.postMessage' && String(one.body['channel']).startsWith('D') && one.ok);
const told = (words: string) => house.playground.until(() => toMikko().find((call) => JSON.stringify(call.body).includes(words)));

async function open(): Promise<void> {
  house = await startTestHouse();
  await house.playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'help' });
}

test('what a requester writes below an answer in their direct messages is for the ticket', async () => {
  await open();
  await ticketForMikko('TK-1', 'Läppäri');
  house.playground.post({ as: 'mikko', channel: 'bot', text: 'Tarvitsen sen ennen perjantaita' });
  const [, added] = await eventually(async () => ((await comments()).length > 1 ? comments() : null));
  expect(added).toMatchObject({ visibility: 'public', direction: 'in', via: 'slack' });
});

test('when it could be for several tickets, the requester is asked which', async () => {
  await open();
  await ticketForMikko('TK-1', 'Läppäri');
  await ticketForMikko('TK-2', 'Avaimet');
  house.playground.post({ as: 'mikko', channel: 'bot', text: 'Tarvitsen ne ennen perjantaita' });
  const asked = await told('direct.choose');
  await house.quiet();
  expect(await comments()).toHaveLength(2);
  const { blocks } = asked.body as unknown as { blocks: { elements?: { action_id: string; value: string; text: { text: string } }[] }[] };
  const button = blocks.flatMap((block) => block.elements ?? []).find((one) => one.text.text.includes('TK-1'));
  const ts = String((asked as unknown as { response: { ts: string } }).response.ts);
  const at = { as: 'mikko', channel: 'bot', ts };
  await house.playground.click({ ...at, actionId: button?.action_id ?? '', value: button?.value ?? '' });
  await house.playground.click({ ...at, actionId: button?.action_id ?? '', value: button?.value ?? '' }).catch(() => {});
  const all = await eventually(async () => ((await comments()).length > 2 ? comments() : null));
  expect(all).toHaveLength(3);
  expect(all[2]?.ticketId).toBe(all[0]?.ticketId);
});

test('a direct message that belongs to no ticket gets an answer that says what to do', async () => {
  await open();
  house.playground.post({ as: 'mikko', channel: 'bot', text: 'Moi, koneeni on rikki' });
  expect(JSON.stringify((await told('/ticket luo')).body)).toContain('ketjussa');
});
