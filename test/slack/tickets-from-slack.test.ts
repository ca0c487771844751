import { afterEach, expect, test } from 'vitest';
import { sendMail } from '../support/letters.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { eventually } from '../support/eventually.ts';
import { beginStory, LIISA, type Story } from './story.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

const tickets = () => house.desk.db.select().from(house.desk.db.tables.tickets);

async function createByPhone(environment: Record<string, string> = {}): Promise<void> {
  house = await startTestHouse({ environment });
  const { playground } = house;
  await playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'create 040 123 4567' });
  await playground.until(() => JSON.stringify(playground.views('mikko')[0] ?? '').includes('new:+358401234567'));
  const done = await playground.submitView({
    as: 'mikko',
    values: {
      new_name: 'Liisa Virtanen',
      new_email: LIISA,
      subject: 'Tulostin ei toimi',
      description: 'Soitti, tulostin jumissa.',
      notify: 'email',
    },
  });
  expect(done.errors).toEqual({});
}

test('/ticket create with a phone number makes a ticket, its card, and the confirmation that was asked for', async () => {
  await createByPhone();
  const { playground, sink } = house;
  const card = await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-1')));
  expect(JSON.stringify(card.blocks)).toContain('Liisa Virtanen');
  const confirmation = await sink.mail((mail) => mail.to.includes(LIISA));
  expect(confirmation.mail.text).not.toContain('jumissa');
  expect((await tickets())[0]).toMatchObject({ channel: 'phone', subject: 'Tulostin ei toimi' });
  expect(playground.ephemerals('mikko').at(-1)?.text).toContain('TK-1');
  expect(playground.problems).toEqual([]);
});

test('a missing subject is told on its field, and what was typed stays', async () => {
  house = await startTestHouse();
  const { playground } = house;
  await playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'create Liisa' });
  await playground.until(() => JSON.stringify(playground.views('mikko')[0] ?? '').includes('new:Liisa'));
  const refused = await playground.submitView({ as: 'mikko', values: { description: 'x' } });
  expect(Object.keys(refused.errors)).toEqual(['subject']);
  expect(await tickets()).toEqual([]);
});

test('a second call about the same matter is added to the ticket that is there', async () => {
  await createByPhone();
  const { playground } = house;
  await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'create 040 123 4567' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('TK-1'));
  const [ticket] = await tickets();
  const asked = await playground.submitView({ as: 'anna', values: { subject: 'Tulostin', description: 'Jumissa uudestaan.' } });
  expect(JSON.stringify(asked.views)).toContain('Jumissa uudestaan.');
  await playground.submitView({ as: 'anna', values: { append: String(ticket?.id) } });
  await house.quiet();
  expect(await tickets()).toHaveLength(1);
  expect(JSON.stringify(await house.desk.db.select().from(house.desk.db.tables.comments))).toContain('uudestaan');
  expect(playground.ephemerals('anna').at(-1)?.text).toContain('TK-1');
});

test('somebody who wrote before and now calls is one person, with one more number', async () => {
  const story = (house = await beginStory()) as Story;
  const { playground } = story;
  await playground.command({ as: 'mikko', channel: 'support', command: '/ticket', text: 'create 040 123 4567' });
  await playground.until(() => JSON.stringify(playground.views('mikko')[0] ?? '').includes('new:+358401234567'));
  await playground.submitView({ as: 'mikko', values: { new_email: LIISA, subject: 'Toinen asia', description: 'Soitti.' } });
  await eventually(async () => (await tickets()).length === 2);
  const [first, second] = await tickets();
  expect(second?.requesterId).toBe(first?.requesterId);
});

test('an unknown verb gets an answer that says what to type; so does a ticket that is not there', async () => {
  house = await startTestHouse();
  const { playground } = house;
  expect((await playground.command({ as: 'ben', channel: 'support', command: '/ticket', text: 'frobnicate' })).text).toContain(
    '/ticket help',
  );
  expect((await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'näytä TK-99' })).text).toContain('TK-99');
});

test('the verbs of /ticket do their work for an agent, and not for anybody else', async () => {
  const story = (house = await beginStory());
  const { playground } = story;
  const type = async (as: string, text: string) =>
    (await playground.command({ as, channel: 'support', command: '/ticket', text })).text ?? '';
  await type('mikko', 'solve TK-1');
  expect((await (story as Story).ticket()).status).toBe('new');
  await type('anna', 'priority TK-1 high');
  await type('anna', 'note TK-1 Soitan huomenna');
  await type('anna', 'assign TK-1 @anna');
  expect(await type('anna', 'search tulostin')).toContain('TK-1');
  expect(await type('anna', 'mine')).toContain('TK-1');
  await type('anna', 'ratkaise TK-1');
  expect(await (story as Story).ticket()).toMatchObject({ status: 'solved', priority: 'high' });
  await type('anna', 'reopen TK-1');
  expect((await (story as Story).ticket()).status).toBe('open');
});

test('@Tiketti and reactions on the card act, and never reach the customer', async () => {
  const story = (house = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } })) as Story;
  const { playground } = story;
  playground.react({ as: 'anna', channel: 'support', ts: story.card.ts, name: 'eyes' });
  await eventually(async () => (await story.ticket()).assigneeId !== null);
  playground.react({ as: 'anna', channel: 'support', ts: story.card.ts, name: 'rotating_light' });
  await eventually(async () => (await tickets())[0]?.priority === 'urgent');
  await story.say('anna', '@Tiketti solve');
  await eventually(async () => (await story.ticket()).status === 'solved');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test("📨 on one's own note sends it; on a colleague's note it does nothing", async () => {
  const story = (house = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } })) as Story;
  const { playground } = story;
  const note = await story.say('anna', 'huom: Hei Liisa! Tulostin kannattaa käynnistää uudelleen.');
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages))[0]);
  playground.react({ as: 'mikko', channel: 'support', ts: note.ts, name: 'incoming_envelope' });
  await story.pass(5);
  expect(story.answers()).toEqual([]);
  playground.react({ as: 'anna', channel: 'support', ts: note.ts, name: 'incoming_envelope' });
  const mail = await story.sink.mail((one) => (one.mail.text ?? '').includes('uudelleen'));
  expect(mail.mail.text).not.toContain('huom');
});

test('a message becomes a ticket of its author, who is answered under it and answers there', async () => {
  house = await startTestHouse({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  const { playground } = house;
  const message = playground.post({ as: 'mikko', channel: 'support', text: 'VPN ei yhdistä kotoa, mitä teen?' });
  await playground.messageShortcut({ as: 'anna', channel: 'support', ts: message.ts, callbackId: 'ticket.make' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('VPN ei'));
  const made = await playground.submitView({ as: 'anna', values: {} });
  expect(made.errors).toEqual({});
  const card = await playground.until(() => playground.readMessages('support').find((one) => one.text.includes('TK-1')));
  playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: card.ts,
    text: 'Hei Mikko! Kirjaudu ensin ulos ja sitten uudelleen sisään.',
  });
  await playground.until(() => playground.readMessages('support', message.ts).find((one) => one.text.includes('Kirjaudu')));
  await house.quiet();
  playground.post({ as: 'mikko', channel: 'support', threadTs: message.ts, text: 'Nyt toimii, mutta hitaasti.' });
  await playground.until(() => playground.readMessages('support', card.ts).find((one) => one.text.includes('hitaasti')));
  expect(house.sink.mails).toEqual([]);
});

test('a side conversation stays inside, and an answer becomes a note with one click', async () => {
  const story = (house = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } })) as Story;
  const { playground } = story;
  await playground.click({
    as: 'anna',
    channel: 'support',
    ts: story.card.ts,
    actionId: 'card.more',
    value: `side:${(await story.ticket()).id}`,
  });
  await playground.until(() => playground.views('anna')[0]);
  const asked = await playground.submitView({ as: 'anna', values: { channel: 'dev', question: 'Onko tulostinpalvelin alhaalla?' } });
  expect(asked.errors).toEqual({});
  const question = await playground.until(() =>
    playground.readMessages('dev').find((one) => JSON.stringify(one.blocks).includes('tulostinpalvelin')),
  );
  playground.post({ as: 'ben', channel: 'dev', threadTs: question.ts, text: 'Yes, it was restarted a minute ago.' });
  // The answer may overtake the row that says what its thread is about; then it is looked at again.
  await eventually(async () =>
    (await story.desk.db.select().from(story.desk.db.tables.inbox)).some((row) => JSON.stringify(row.payload).includes('restarted')),
  );
  await story.pass(2);
  const line = await playground.until(() => story.thread().find((one) => JSON.stringify(one.blocks).includes('restarted')));
  await story.click('anna', line.ts, 'side.note');
  await eventually(async () =>
    (await story.desk.db.select().from(story.desk.db.tables.comments)).some(
      (one) => one.visibility === 'internal' && JSON.stringify(one.document).includes('restarted'),
    ),
  );
  await story.pass(120);
  expect(story.answers()).toEqual([]);
});

test('a deleted card is posted anew, an admin is told, and later mail lands in the new thread', async () => {
  const story = (house = await beginStory()) as Story;
  const { playground } = story;
  playground.deleteMessage({ as: 'anna', channel: 'support', ts: story.card.ts });
  await playground.until(() => playground.readMessages('support').find((one) => one.text.includes('TK-1') && one.ts !== story.card.ts));
  const told = await playground.until(() => playground.calls.find((call) => JSON.stringify(call.body).includes('tell:card-lost')));
  expect(told.method).toBe('chat.postMessage');
  await sendMail(story.mailPort ?? 0, {
    from: LIISA,
    to: OUR_ADDRESS,
    subject: 'Re: Tulostin ei toimi',
    inReplyTo: story.sink.mails[0]?.mail.messageId ?? '',
    text: 'Se savuaa nyt!',
  });
  const anew = await playground.until(() =>
    playground.readMessages('support').find((one) => one.text.includes('TK-1') && one.ts !== story.card.ts),
  );
  await playground.until(() => playground.readMessages('support', anew.ts).find((one) => one.text.includes('savuaa')));
});
