import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { holds, said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const GOOD = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const BETTER = 'Hei Liisa! Irrottakaa tulostimen virtajohto minuutiksi, niin se alkaa taas toimia.';

/** What `act` does is never told: the connection broke, and Slack gave up on the event. */
async function unseen(subtype: 'message_changed' | 'message_deleted', act: () => void): Promise<void> {
  const { playground } = story;
  await story.pass(5);
  playground.faults.events({ type: `message.${subtype}`, kind: 'drop', times: 1 });
  playground.sockets.cut();
  act();
  await playground.until(() => playground.sockets.count() === 0);
  await playground.until(() => playground.sockets.count() > 0);
  playground.faults.clear();
}

test('an edit nobody told of is read before the mail leaves, and held like any edit', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await unseen('message_changed', () => story.playground.edit({ as: 'anna', channel: 'support', ts: message.ts, text: BETTER }));
  await story.pass(11);
  await story.pass(5);
  expect(story.answers()).toEqual([]);
  await story.pass(12);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('virtajohto');
});

test('a note mark nobody told of keeps the words inside', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await unseen('message_changed', () =>
    story.playground.edit({ as: 'anna', channel: 'support', ts: message.ts, text: 'huom: asiakas on toivoton' }),
  );
  await story.pass(11);
  await story.line('Kept internal');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('Send now after a gap sends nothing that was deleted meanwhile', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '60' } });
  const message = await said(story, 'anna', GOOD);
  const line = await story.line('Sends to');
  await unseen('message_deleted', () => story.playground.deleteMessage({ as: 'anna', channel: 'support', ts: message.ts }));
  await story.click('anna', line.ts, 'line.send');
  await story.line('Cancelled');
  await story.pass(120);
  expect(story.answers()).toEqual([]);
});

test('Send now after a gap sends what the message says now', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '60' } });
  const message = await said(story, 'anna', GOOD);
  const line = await story.line('Sends to');
  await unseen('message_changed', () => story.playground.edit({ as: 'anna', channel: 'support', ts: message.ts, text: BETTER }));
  await story.click('anna', line.ts, 'line.send');
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('virtajohto');
});

test('a deletion that waits behind something else is worked through before the mail leaves', async () => {
  story = await beginStory();
  const { playground } = story;
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  playground.post({ as: 'anna', channel: 'support', threadTs: story.card.ts, text: 'huom: loki', files: [{ name: 'log.txt', text: 'x' }] });
  playground.bytes.clear();
  playground.deleteMessage({ as: 'anna', channel: 'support', ts: message.ts });
  const { inbox } = story.desk.db.tables;
  await eventually(async () => (await story.desk.db.select().from(inbox)).some((row) => row.key.startsWith('delete:')));
  await story.pass(16);
  await story.pass(3);
  expect(story.answers()).toEqual([]);
  await story.pass(40);
  await story.line('Cancelled');
  expect(await holds(story)).toEqual([{ state: 'cancelled', reasons: ['hold.deleted'] }]);
});

test('a message that is out of reach after a gap is not taken for deleted: a person decides', async () => {
  story = await beginStory();
  await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await story.pass(5);
  story.playground.sockets.cut();
  await story.playground.until(() => story.playground.sockets.count() === 0);
  await story.playground.until(() => story.playground.sockets.count() > 0);
  story.playground.faults.calls({ method: 'conversations.replies', kind: 'error', error: 'channel_not_found', times: 3 });
  await story.pass(11);
  await eventually(async () => (await holds(story))[0]?.state === 'waiting');
  expect(story.answers()).toEqual([]);
});
