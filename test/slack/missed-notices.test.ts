import { afterEach, expect, test } from 'vitest';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';

const LIISA = 'liisa@asiakas.test';

let house: TestHouse;
afterEach(() => house.stop());

async function asked(): Promise<string> {
  await sendMail(house.mailPort ?? 0, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    subject: 'The printer is broken',
    text: 'Hello,\n\nour printer has not printed anything since this morning. What should we do?\n\nLiisa',
  });
  const card = await house.playground.until(() =>
    house.playground.readMessages('support').find((message) => message.text.includes('TK-1')),
  );
  return card.ts;
}

const cardSays = (ts: string, words: string) =>
  house.playground.until(() =>
    house.playground.readMessages('support').find((message) => message.ts === ts && JSON.stringify(message.blocks).includes(words)),
  );
const direct = () =>
  Object.values(house.playground.state.channels)
    .filter((channel) => channel.id.startsWith('D'))
    .flatMap((channel) => house.playground.readMessages(channel.id).map((message) => message.text));

test('a confirmation that did not arrive is said on the card, and to nobody in person while nobody has the ticket', async () => {
  house = await startTestHouse();
  house.sink.refuseRecipient(LIISA, 550, '5.1.1 No such mailbox here');
  const card = await asked();
  await cardSays(card, 'The confirmation did not reach the customer.');
  await house.quiet();
  expect(direct().filter((text) => text.includes('TK-1'))).toEqual([]);
});

test('a notice that did not arrive is told to the assignee, with what the server said', async () => {
  house = await startTestHouse();
  const card = await asked();
  await house.sink.mail((mail) => mail.to.includes(LIISA));
  await house.quiet();
  await house.playground.click({ as: 'anna', channel: 'support', ts: card, actionId: 'card.take' });
  await house.quiet();
  house.sink.refuseRecipient(LIISA, 550, '5.1.1 No such mailbox here');
  await house.playground.click({ as: 'anna', channel: 'support', ts: card, actionId: 'card.solve' });
  await cardSays(card, 'The notice that it is solved did not reach the customer.');
  const told = await house.playground.until(() => direct().find((text) => text.includes('Ilmoitus tiketin TK-1 ratkaisusta')));
  expect(told).toContain('Liisa Virtanen');
  expect(told).toContain('5.1.1 No such mailbox here');
});
