import { afterEach, expect, test } from 'vitest';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';

const PLACE = { as: 'anna', channel: 'support' };
/** More than Slack shows of a thread at once. */
const LONG = 210;

let house: TestHouse;
afterEach(() => house.stop());

async function ticket(): Promise<{ ts: string }> {
  const { playground, sink } = house;
  await sendMail(house.mailPort ?? 0, {
    from: 'Liisa Virtanen <liisa@asiakas.test>',
    to: OUR_ADDRESS,
    subject: 'The printer is broken',
    text: 'Hello,\n\nour printer has not printed anything since this morning. What should we do?\n\nLiisa',
  });
  const card = await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-1')));
  await sink.mail((mail) => mail.to.includes('liisa@asiakas.test'));
  await house.quiet();
  return card;
}

function lines(threadTs: string) {
  return house.playground.readMessages('support', threadTs).filter((message) => message.text.includes('Liisa Virtanen') && message.bot_id);
}

test('a line whose posting was never answered is not posted again, however long the thread', async () => {
  house = await startTestHouse();
  const { playground, sink } = house;
  playground.addPerson({ name: 'poller', realName: 'Poller', isBot: true });
  playground.join({ as: 'poller', channel: 'support' });
  const card = await ticket();
  // Only Slack needs to know of them.
  playground.faults.events({ type: 'message', kind: 'drop', times: LONG });
  for (let count = 0; count < LONG; count += 1)
    playground.post({ as: 'poller', channel: 'support', threadTs: card.ts, text: `ping ${count}` });
  const before = lines(card.ts).length;
  playground.faults.calls({ method: 'chat.postMessage', kind: 'drop' });
  playground.post({ ...PLACE, threadTs: card.ts, text: 'Hello! Please switch the printer off and on again.' });
  await sink.mail((mail) => mail.raw.toString().includes('off and on again'));
  await house.quiet();
  expect(lines(card.ts).length - before).toBe(1);
});

test('a line whose posting was never answered says when the mail really leaves', async () => {
  house = await startTestHouse({ environment: { TIKETTI_HOLD_SECONDS: '60' } });
  const { playground } = house;
  const card = await ticket();
  playground.faults.calls({ method: 'chat.postMessage', kind: 'drop' });
  // The line is looked for a second later, and again three seconds after that.
  playground.faults.calls({ method: 'conversations.replies', kind: 'http', status: 500 });
  playground.post({ ...PLACE, threadTs: card.ts, text: 'Hello! Please switch the printer off and on again.' });
  const releaseAt = await expect.poll(releaseTime, { timeout: 10_000 }).not.toBeNull().then(releaseTime);
  const [said] = /date\^(\d+)/.exec(lines(card.ts).at(-1)?.text ?? '')?.slice(1) ?? [];
  expect(Math.abs(Number(said) - (releaseAt ?? 0) / 1_000)).toBeLessThan(2);
});

async function releaseTime(): Promise<number | null> {
  const { holds } = house.desk.db.tables;
  const [hold] = await house.desk.db.select().from(holds);
  return hold?.releaseAt?.getTime() ?? null;
}
