import { afterEach, expect, test } from 'vitest';
import { startTestHouse, type TestHouse } from '../support/house.ts';
import { beginStory, LIISA, type Story } from './story.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

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
  const [theirs, changed] = await comments();
  const [ticket] = await tickets();
  expect(theirs).toMatchObject({ visibility: 'public', direction: 'in', authorId: ticket?.requesterId });
  expect(changed).toMatchObject({ visibility: 'internal' });
});
