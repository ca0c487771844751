import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendMail } from '../support/letters.ts';
import { OUR_ADDRESS } from '../support/house.ts';
import { beginStory, LIISA, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const GOOD = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const BETTER = 'Hei Liisa! Irrottakaa tulostimen virtajohto minuutiksi, niin se alkaa taas toimia.';

test('a plain reply is held, sent after the hold, and shown as sent', async () => {
  story = await beginStory();
  const message = await story.say('anna', GOOD);
  await story.line('Sends to Liisa Virtanen');
  await story.pass(14);
  expect(story.answers()).toEqual([]);
  await story.pass(2);
  await story.sink.mail((mail) => mail.raw.includes('Tulostin ei toimi') && (mail.mail.text ?? '').includes('uudelleen'));
  await story.line('Sent to Liisa Virtanen');
  await story.quiet();
  expect(
    story
      .thread()
      .find((one) => one.ts === message.ts)
      ?.reactions?.map((reaction) => reaction.name),
  ).toEqual(['incoming_envelope']);
  expect(await story.ticket()).toMatchObject({ status: 'pending' });
  expect(story.playground.problems).toEqual([]);
});

test.each([
  'huom: hän ei maksa koskaan',
  'note: he never pays',
  ';; älä lähetä',
  '🔒 sisäinen',
  'kysyn huomenna 🔒',
  'заметка: внутри',
  'kysy @ben tästä',
])('"%s" never reaches the customer', async (text) => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  await story.say('anna', text);
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages)).length === 1);
  await story.pass(300);
  expect(story.answers()).toEqual([]);
  expect(await story.desk.db.select().from(story.desk.db.tables.holds)).toEqual([]);
});

test('what somebody without the role writes is a note, and they are told once', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  await story.say('mikko', GOOD);
  await story.playground.until(() => story.playground.ephemerals('mikko').length > 0);
  await story.say('mikko', BETTER);
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.threadMessages)).length === 2);
  await story.pass(300);
  expect(story.answers()).toEqual([]);
  expect(story.playground.ephemerals('mikko')).toHaveLength(1);
});

test('an edit during the hold changes the mail and starts the hold again', async () => {
  story = await beginStory();
  const message = await story.say('anna', GOOD);
  await story.line('Sends to');
  await story.pass(10);
  story.playground.edit({ as: 'anna', channel: 'support', ts: message.ts, text: BETTER });
  await eventually(async () => (await story.desk.db.select().from(story.desk.db.tables.holds))[0]?.editedTs);
  await story.pass(10);
  expect(story.answers()).toEqual([]);
  await story.pass(6);
  await story.sink.mail((mail) => (mail.mail.text ?? '').includes('virtajohto'));
  expect(story.answers().join()).not.toContain('uudelleen');
});

test('a deletion during the hold cancels the mail', async () => {
  story = await beginStory();
  const message = await story.say('anna', GOOD);
  await story.line('Sends to');
  story.playground.deleteMessage({ as: 'anna', channel: 'support', ts: message.ts });
  await story.line('Cancelled');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('Send now sends now; Make internal and Cancel never send', async () => {
  story = await beginStory();
  await story.say('anna', GOOD);
  await story.click('anna', (await story.line('Sends to')).ts, 'line.send');
  await story.sink.mail((mail) => (mail.mail.text ?? '').includes('uudelleen'));
  await story.say('anna', BETTER);
  await story.click('anna', (await story.line('Sends to')).ts, 'line.internal');
  await story.line('Kept internal');
  await story.pass(60);
  expect(story.answers()).toHaveLength(1);
});

test("a colleague's answer during a hold waits for a person, with the first one shown", async () => {
  story = await beginStory();
  const { playground } = story;
  await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'agent add @ben' });
  await story.say('anna', GOOD);
  await story.line('Sends to');
  await story.say('ben', BETTER);
  const line = await story.line('Held');
  expect(JSON.stringify(playground.readMessages('support', story.card.ts).find((one) => one.ts === line.ts)?.blocks)).toContain(
    'uudelleen',
  );
  await story.pass(20);
  expect(story.answers()).toHaveLength(1);
});

test('a customer mail during a hold pauses it', async () => {
  story = await beginStory();
  await story.say('anna', GOOD);
  await story.line('Sends to');
  const [confirmation] = story.sink.mails;
  await sendMail(story.mailPort ?? 0, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    subject: 'Re: Tulostin ei toimi [TK-1]',
    inReplyTo: confirmation?.mail.messageId ?? '',
    text: 'Se alkoikin toimia, mutta skanneri ei!',
  });
  await story.line('Held');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('an edit after sending changes no mail, says so, and offers a correction', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  const message = await story.say('anna', GOOD);
  await story.line('Sent to');
  story.playground.edit({ as: 'anna', channel: 'support', ts: message.ts, text: BETTER });
  const line = await story.line('Edited here after it was sent');
  await story.quiet();
  expect(story.answers()).toHaveLength(1);
  await story.click('anna', line.ts, 'line.correct');
  await story.sink.mail((mail) => (mail.mail.text ?? '').includes('virtajohto'));
});

test('a deletion after sending leaves a tombstone that says the customer has it', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  const message = await story.say('anna', GOOD);
  await story.line('Sent to');
  story.playground.deleteMessage({ as: 'anna', channel: 'support', ts: message.ts });
  await story.line('already has it');
  expect(story.answers()).toHaveLength(1);
});

test('a refused mail reopens the ticket, marks the line and tells its author', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  story.sink.refuse(550, '5.1.1 No such user', 1);
  await story.say('anna', GOOD);
  const line = await story.line('Not delivered');
  await eventually(async () => (await story.ticket()).status === 'open');
  await story.playground.until(() => story.playground.calls.find((call) => JSON.stringify(call.body).includes('tell:delivery:')));
  await story.click('anna', line.ts, 'line.retry');
  await story.line('Sent to');
  expect(story.answers()).toHaveLength(1);
});

test('a temporary refusal delays the mail, and it goes at the next try with the same Message-ID', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  story.sink.refuse(451, '4.3.0 Try later', 1);
  await story.say('anna', GOOD);
  await story.line('On its way to');
  await story.pass(61);
  await story.line('Sent to');
  expect(story.answers()).toHaveLength(1);
});
