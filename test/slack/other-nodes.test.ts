import { afterEach, expect, test } from 'vitest';
import { DAY, later } from '#clock.ts';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { edited, said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const FIRST = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const SECOND = 'Hei Liisa! Jos se ei auta, irrottakaa tulostimen virtajohto minuutiksi.';

/** Another node hears Slack too, and what was told to it may die with it. */
async function withCompany(): Promise<void> {
  const { db, clock } = story.desk;
  const until = later(clock.now(), DAY);
  await db.transaction('other node', (tx) => tx.insert(tx.tables.leases).values({ name: 'server/other', holder: 'other', until }));
}

test('a deletion that was told to another node, and died with it, is seen before the mail leaves', async () => {
  story = await beginStory();
  await withCompany();
  const message = await said(story, 'anna', FIRST);
  await story.line('Sends to');
  story.playground.faults.events({ type: 'message.message_deleted', kind: 'drop', times: 1 });
  story.playground.deleteMessage({ as: 'anna', channel: 'support', ts: message.ts });
  await story.pass(16);
  await story.line('Cancelled');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('a reply that was told to another node, and died with it, leaves before the one written after it', async () => {
  story = await beginStory();
  await withCompany();
  story.playground.faults.events({ type: 'message', kind: 'drop', times: 1 });
  await story.say('anna', FIRST);
  await said(story, 'anna', SECOND);
  await story.line('Sends to');
  for (let seconds = 0; seconds < 60; seconds += 3) await story.pass(3);
  await eventually(async () => story.answers().length === 2);
  expect(story.answers()[0]).toContain('Käynnistäkää');
  expect(story.answers()[1]).toContain('virtajohto');
});

test('a reply that is edited once more still leaves before the one written after it', async () => {
  story = await beginStory();
  const first = await said(story, 'anna', FIRST);
  await said(story, 'anna', SECOND);
  await story.line('Sends to');
  await story.pass(10);
  await edited(story, 'anna', first.ts, `${FIRST} Kertokaa, miten kävi.`);
  await story.pass(8);
  expect(story.answers()).toEqual([]);
  for (let seconds = 0; seconds < 12; seconds += 3) await story.pass(3);
  await eventually(async () => story.answers().length === 2);
  expect(story.answers()[0]).toContain('Kertokaa');
  expect(story.answers()[1]).toContain('virtajohto');
});

test('a reply that waits for a person holds up nobody', async () => {
  story = await beginStory();
  await said(story, 'anna', 'ok');
  await said(story, 'anna', SECOND);
  await story.line('Sends to');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('virtajohto');
});

test('a ✋ that another node lowered is raised again', async () => {
  story = await beginStory();
  await withCompany();
  const { playground } = story;
  const { ts } = await said(story, 'anna', 'ok');
  const hands = () =>
    playground
      .readMessages('support', story.card.ts)
      .find((one) => one.ts === ts)
      ?.reactions?.map(({ name }) => name) ?? [];
  await eventually(async () => hands().includes('hand'));
  // The other node's doing, of which this one knows nothing.
  await fetch(`${playground.apiUrl}reactions.remove`, {
    method: 'POST',
    headers: { authorization: `Bearer ${playground.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: channelId(), timestamp: ts, name: 'raised_hand' }),
  });
  expect(hands()).toEqual([]);
  await edited(story, 'anna', ts, 'ok!');
  await eventually(async () => hands().includes('hand'));
});

function channelId(): string {
  return Object.values(story.playground.state.channels).find((one) => one.name === 'support')?.id ?? '';
}
