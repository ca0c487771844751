import { afterEach, expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '#clock.ts';
import { deliveryById, recipientsOf } from '#tickets/deliveries.ts';
import { settableClock, type SettableClock } from '../support/desk.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';

const LIISA = 'liisa@asiakas.test';
const MATTI = 'matti@asiakas.test';
const PEKKA = 'pekka@asiakas.test';
const ANSWER = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';

let house: TestHouse;
let clock: SettableClock;
let card: { ts: string };
afterEach(() => house.stop());

/** Liisa's mail, with Matti and Pekka as copies. */
async function begin(): Promise<void> {
  clock = settableClock(new Date().toISOString());
  house = await startTestHouse({ clock });
  await sendMail(house.mailPort ?? 0, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    cc: [`Matti Meikäläinen <${MATTI}>`, `Pekka Puro <${PEKKA}>`],
    subject: 'Tulostin ei toimi',
    text: 'Hei,\n\ntulostin ei tulosta mitään aamusta lähtien. Voitteko auttaa meitä?\n\nTerveisin Liisa',
  });
  await house.sink.mail((mail) => mail.to.includes(LIISA));
  card = await house.playground.until(() => house.playground.readMessages('support').find((message) => message.text.includes('TK-1')));
  await house.quiet();
}

const say = (text: string) => house.playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text });
const thread = () => house.playground.readMessages('support', card.ts);
const shown = (words: string) => house.playground.until(() => thread().find((message) => message.text.includes(words)));
const answersTo = (address: string) => house.sink.mails.filter((one) => one.to.includes(address) && one.mail.text?.includes('uudelleen'));
const toldAnna = () =>
  Object.values(house.playground.state.channels)
    .filter((channel) => channel.id.startsWith('D'))
    .flatMap((channel) => house.playground.readMessages(channel.id).map((message) => message.text));

async function pass(milliseconds: number): Promise<void> {
  await house.quiet();
  clock.advance(milliseconds);
  await house.quiet();
}

async function answer() {
  const { deliveries } = house.desk.db.tables;
  const row = await eventually(async () => (await house.desk.db.select().from(deliveries)).find((one) => one.commentId !== null));
  const found = await deliveryById(house.desk.db, row.id);
  return { ...found, recipients: (await recipientsOf(house.desk.db, row.id)).map((one) => [one.address, one.state]) };
}

test('a recipient who is refused for a moment is tried again alone, and the others get one mail', async () => {
  await begin();
  house.sink.refuseRecipient(MATTI, 451, '4.7.1 Greylisted, try again later');
  say(ANSWER);
  await shown('Sent to Liisa Virtanen, Pekka Puro');
  expect((await answer()).recipients).toEqual([
    [LIISA, 'accepted'],
    [MATTI, 'delayed'],
    [PEKKA, 'accepted'],
  ]);
  house.sink.forgive(MATTI);
  await pass(61 * SECOND);
  await shown('Sent to Liisa Virtanen and 2 copies');
  expect([LIISA, MATTI, PEKKA].map((address) => answersTo(address).length)).toEqual([1, 1, 1]);
  expect((await answer()).state).toBe('accepted');
  expect(toldAnna()).toEqual([]);
});

test('a copy that is refused for a moment keeps nobody else waiting for the next answer', async () => {
  await begin();
  house.sink.refuseRecipient(MATTI, 451, '4.7.1 Greylisted, try again later');
  say(ANSWER);
  await shown('Sent to Liisa Virtanen, Pekka Puro');
  say('Hei Liisa! Jos se ei auta, irrottakaa tulostimen virtajohto minuutiksi.');
  const next = await house.sink.mail((mail) => (mail.mail.text ?? '').includes('virtajohto'));
  expect(next.to).toEqual([LIISA, PEKKA]);
});

test('the line and the author are told who did not get it and what that server said, not of those who did', async () => {
  await begin();
  house.sink.refuseRecipient(MATTI, 550, '5.1.1 No such mailbox here');
  say(ANSWER);
  const line = await shown('Not delivered to Matti Meikäläinen.');
  expect(line.text).toContain('5.1.1 No such mailbox here');
  expect(line.text).toContain('Sent to Liisa Virtanen, Pekka Puro');
  const told = await eventually(async () => toldAnna().find((text) => text.includes('TK-1')));
  expect(told).toContain('Matti Meikäläinen');
  expect(told).toContain('5.1.1 No such mailbox here');
  expect(told).not.toContain('Liisa');
  expect(await answer()).toMatchObject({ state: 'failed', response: expect.stringContaining('5.1.1 No such mailbox here') as string });
});

test('a failure is told at once, while another recipient is still tried again', async () => {
  await begin();
  house.sink.refuseRecipient(MATTI, 550, '5.1.1 No such mailbox here');
  house.sink.refuseRecipient(PEKKA, 451, '4.7.1 Greylisted, try again later');
  say(ANSWER);
  await shown('Not delivered to Matti Meikäläinen.');
  await eventually(async () => toldAnna().find((text) => text.includes('Matti Meikäläinen')));
  house.sink.forgive(PEKKA);
  await pass(61 * SECOND);
  expect((await answer()).recipients).toEqual([
    [LIISA, 'accepted'],
    [MATTI, 'failed'],
    [PEKKA, 'accepted'],
  ]);
  expect(answersTo(LIISA)).toHaveLength(1);
  expect(toldAnna()).toHaveLength(1);
});

test('sending again reaches only those who did not get it', async () => {
  await begin();
  house.sink.refuseRecipient(MATTI, 550, '5.1.1 No such mailbox here');
  say(ANSWER);
  const line = await shown('Not delivered to Matti Meikäläinen.');
  house.sink.forgive(MATTI);
  await house.playground.click({ as: 'anna', channel: 'support', ts: line.ts, actionId: 'line.retry' });
  await shown('Sent to Liisa Virtanen and 2 copies');
  expect([LIISA, MATTI, PEKKA].map((address) => answersTo(address).length)).toEqual([1, 1, 1]);
});

test('the last try is made three days after the first, and then it has failed', async () => {
  await begin();
  house.sink.refuseRecipient(LIISA, 451, '4.3.0 Not now');
  house.sink.refuseRecipient(MATTI, 451, '4.3.0 Not now');
  house.sink.refuseRecipient(PEKKA, 451, '4.3.0 Not now');
  const startedAt = clock.now().getTime();
  say(ANSWER);
  await shown('On its way to');
  for (const wait of [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, ...Array.from({ length: 17 }, () => 4 * HOUR)]) await pass(wait);
  expect((await answer()).state).toBe('delayed');
  clock.set(new Date(startedAt + 72 * HOUR));
  await pass(0);
  await shown('Not delivered to Liisa Virtanen and 2 copies');
  expect(await answer()).toMatchObject({ state: 'failed' });
});
