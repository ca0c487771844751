import { afterEach, expect, test } from 'vitest';
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
afterEach(async () => {
  await house.stop();
  await relay.cut();
});

async function open(): Promise<void> {
  clock = settableClock(new Date().toISOString());
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
  await shown(card.ts, 'Delayed');
  say('Hei Liisa! Jos se ei auta, irrottakaa tulostimen virtajohto minuutiksi.');
  await eventually(async () => (await house.desk.db.$count(house.desk.db.tables.deliveries)) === 3);
  await pass(300);
  await relay.mend();
  await pass(3_600);
  await pass(3_600);
  expect(toLiisa().map((mail) => /uudelleen|virtajohto/.exec(mail.mail.text ?? '')?.[0])).toEqual([undefined, 'uudelleen', 'virtajohto']);
});
