import { afterEach, expect, test } from 'vitest';
import { tick } from '#jobs/schedule.ts';
import { settableClock, type SettableClock } from '../support/desk.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { type Relay, startRelay } from './relay.ts';

const LIISA = 'liisa@asiakas.test';
const QUESTION = 'Hei,\n\ntulostin ei tulosta mitään aamusta lähtien. Voitteko auttaa meitä?\n\nTerveisin Liisa';
const ANSWER = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';

let house: TestHouse;
let relay: Relay;
let clock: SettableClock;
let startedAt: Date;
afterEach(async () => {
  await house.stop();
  await relay.cut();
});

async function open(): Promise<void> {
  startedAt = new Date();
  clock = settableClock(startedAt.toISOString());
  relay = await startRelay(() => house.sink.port);
  house = await startTestHouse({
    clock,
    environment: { MAIL_SMTP_URL: `smtp://127.0.0.1:${relay.port}`, TIKETTI_HOLD_SECONDS: '0' },
  });
}

async function askedByLiisa(): Promise<{ ts: string }> {
  await sendMail(house.mailPort ?? 0, { from: LIISA, to: OUR_ADDRESS, subject: 'Tulostin ei toimi', text: QUESTION });
  return house.playground.until(() => house.playground.readMessages('support').find((message) => message.text.includes('TK-1')));
}

const toLiisa = () => house.sink.mails.filter((mail) => mail.to.includes(LIISA));
const shown = (ts: string, words: string) =>
  house.playground.until(() => house.playground.readMessages('support', ts).find((message) => message.text.includes(words)));

async function pass(seconds: number): Promise<void> {
  await house.quiet();
  clock.advance(seconds * 1_000);
  await house.quiet();
}

test('a mail server that is away at the start stops nobody: mail comes in, and leaves once when it is back', async () => {
  await open();
  const card = await askedByLiisa();
  await house.quiet();
  house.playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text: ANSWER });
  await shown(card.ts, 'On its way to');
  expect(toLiisa()).toEqual([]);
  await relay.mend();
  await pass(61);
  await shown(card.ts, 'Sent to');
  await pass(3_600);
  expect(toLiisa().map((mail) => mail.mail.subject)).toEqual([expect.stringContaining('TK-1'), expect.stringContaining('TK-1')]);
  expect(house.playground.problems).toEqual([]);
});

test('the operator reads in the log that the mail server is away', async () => {
  await open();
  await askedByLiisa();
  const line = await eventually(async () => house.lines.find((one) => one.includes('A mail was not taken.')));
  expect(line).toContain(`connect ECONNREFUSED 127.0.0.1:${relay.port}`);
});

test('a mail server that goes away later and comes back gets each mail once, in order', async () => {
  await open();
  await relay.mend();
  const card = await askedByLiisa();
  await house.sink.mail((mail) => mail.to.includes(LIISA));
  await house.quiet();
  await relay.cut();
  const say = (text: string) => house.playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text });
  say(ANSWER);
  await shown(card.ts, 'On its way to');
  say('Hei Liisa! Jos se ei auta, irrottakaa tulostimen virtajohto minuutiksi.');
  await eventually(async () => (await house.desk.db.$count(house.desk.db.tables.deliveries)) === 3);
  await pass(300);
  await relay.mend();
  await pass(3_600);
  await pass(3_600);
  expect(toLiisa().map((mail) => /uudelleen|virtajohto/.exec(mail.mail.text ?? '')?.[0])).toEqual([undefined, 'uudelleen', 'virtajohto']);
});

test('an answer that can not leave is called delayed quietly after a quarter of an hour, and its author is told after four', async () => {
  await open();
  const card = await askedByLiisa();
  await house.quiet();
  const message = house.playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text: ANSWER });
  await shown(card.ts, 'On its way to');
  house.playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: card.ts,
    text: 'Hei Liisa! Jos se ei auta, irrottakaa virtajohto minuutiksi.',
  });
  await eventually(async () => (await house.desk.db.$count(house.desk.db.tables.deliveries)) === 3);
  await minute(14);
  expect(delayed(card.ts)).toBe(0);
  await minute(16);
  await eventually(async () => delayed(card.ts) === 2);
  expect(JSON.stringify(cardNow(card.ts)?.blocks)).toContain('An answer is delayed');
  expect(toldAnna()).toBe(0);
  await minute(4 * 60 + 1);
  await eventually(async () => toldAnna() === 2);
  await relay.mend();
  await pass(4 * 3_600);
  await shown(card.ts, 'Sent to');
  await house.quiet();
  expect(delayed(card.ts)).toBe(0);
  expect(JSON.stringify(cardNow(card.ts)?.blocks)).not.toContain('An answer is delayed');
  expect(house.playground.readMessages('support', card.ts).some((one) => one.ts === message.ts)).toBe(true);
});

/** So many minutes after the start of the test, with the timers of that minute. */
async function minute(minutes: number): Promise<void> {
  clock.set(new Date(startedAt.getTime() + minutes * 60_000));
  await tick(house.desk, () => house.desk.wake());
  await house.quiet();
}

const delayed = (ts: string) => house.playground.readMessages('support', ts).filter((message) => message.text.includes('Delayed')).length;
const cardNow = (ts: string) => house.playground.readMessages('support').find((message) => message.ts === ts);

function toldAnna(): number {
  const direct = Object.values(house.playground.state.channels).filter((channel) => channel.id.startsWith('D'));
  return direct
    .flatMap((channel) => house.playground.readMessages(channel.id))
    .filter((message) => message.text.includes('neljä tuntia. Sitä yritetään lähettää uudelleen itsestään. connect ECONNREFUSED')).length;
}
