import { afterEach, expect, test } from 'vitest';
import { startTestHouse, type TestHouse } from '../support/house.ts';
import { eventually } from '../support/eventually.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

/** Mikko asked in #support, and Anna answers in the ticket's thread with a file that Slack does not take. */
async function answeredWithoutFile() {
  house = await startTestHouse();
  const { playground } = house;
  const question = playground.post({ as: 'mikko', channel: 'support', text: 'VPN ei yhdistä kotoa, mitä teen?' });
  await playground.messageShortcut({ as: 'anna', channel: 'support', ts: question.ts, callbackId: 'ticket.make' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('VPN ei'));
  await playground.submitView({ as: 'anna', values: {} });
  const card = await playground.until(() => playground.readMessages('support').find((one) => one.text.includes('TK-1')));
  await house.quiet();
  playground.faults.calls({ method: 'files.getUploadURLExternal', kind: 'error', error: 'storage_limit_reached', times: 50 });
  const answer = playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: card.ts,
    text: 'Hei Mikko! Kirjaudu ensin ulos ja sitten uudelleen sisään, ohje liitteenä.',
    files: [{ name: 'ohje.txt', text: 'ohje' }],
  });
  const seen = () =>
    playground.readMessages('support', question.ts).filter((one) => one.text.includes('Kirjaudu') || one.text.includes('Älä'));
  await playground.until(() => seen().length > 0);
  const line = () => playground.readMessages('support', card.ts).findLast((one) => one.user === 'U0APPBOT')?.text ?? '';
  await playground.until(() => line().includes('Sent to Mikko'));
  return { playground, answer, line, seen };
}

test('an answer that can be read is not said to be cancelled, whatever became of its file', async () => {
  const { playground, answer, line, seen } = await answeredWithoutFile();
  playground.deleteMessage({ as: 'anna', channel: 'support', ts: answer.ts });
  await playground.until(() => line().includes('already has it'));
  expect(seen()).toHaveLength(1);
});

test('an answer that can be read is not sent a second time by an edit', async () => {
  const { playground, answer, line, seen } = await answeredWithoutFile();
  playground.edit({ as: 'anna', channel: 'support', ts: answer.ts, text: 'Hei Mikko! Älä kirjaudu ulos, ohje liitteenä.' });
  await playground.until(() => line().includes('Edited here'));
  const { deliveries } = house.desk.db.tables;
  await eventually(async () => (await house.desk.db.select().from(deliveries)).every((one) => one.state === 'accepted'));
  expect(seen()).toHaveLength(1);
});
