import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { directTo } from './direct.ts';
import { beginStory, type Story } from './story.ts';
import { said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const ANSWER = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const BETTER = 'Hei Liisa! Irrottakaa tulostimen virtajohto minuutiksi, niin se alkaa taas toimia.';
const at = (ts: string) => ({ as: 'anna', channel: 'support', ts });
const looks = (method: string) => story.playground.calls.filter((call) => call.method === method).length;
const comments = async () => JSON.stringify(await story.desk.db.select().from(story.desk.db.tables.comments));
const messages = () => story.desk.db.select().from(story.desk.db.tables.threadMessages);
const row = async (ts: string) => (await messages()).find((message) => message.ts === ts);

/** Nobody hears Slack for so long, and Slack gives up on everything people do meanwhile. */
async function deafWhile(act: () => void, minutes = 10): Promise<void> {
  const { playground } = story;
  await playground.settled();
  await story.quiet();
  playground.faults.events({ kind: 'drop', times: 100 });
  act();
  playground.sockets.disconnect('refresh_requested');
  await playground.until(() => playground.sockets.count() === 0);
  playground.faults.clear();
  const before = looks('conversations.history');
  await eventually(async () => {
    story.clock.advance(minutes * 6_000);
    return playground.sockets.count() === 2;
  });
  await eventually(async () => looks('conversations.history') > before);
}

/** The repair takes its time: at most ten looks a minute. */
async function repaired(): Promise<void> {
  for (let times = 0; times < 8; times += 1) await story.pass(7);
}

test('what was edited while nobody heard Slack for ten minutes is taken as edited: a note changes, a sent answer offers its correction', async () => {
  story = await beginStory();
  const note = await said(story, 'anna', 'huom: asiakas soittaa klo 9');
  const answer = await said(story, 'anna', ANSWER);
  await story.line('Sends to Liisa');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  await story.pass(5);
  await deafWhile(() => {
    story.playground.edit({ ...at(note.ts), text: 'huom: asiakas soittaa klo 11' });
    story.playground.edit({ ...at(answer.ts), text: BETTER });
  });
  await repaired();
  expect(await comments()).toContain('klo 11');
  await story.line('Edited here after it was sent');
  await story.pass(60);
  expect(story.answers()).toHaveLength(1);
});

test('what was deleted meanwhile is treated as deleted, late: an answer the customer has gets its tombstone, a note is known to be gone', async () => {
  story = await beginStory();
  const note = await said(story, 'anna', 'huom: asiakas soittaa klo 9');
  const kept = await said(story, 'anna', 'huom: toimitettu perjantaina');
  const answer = await said(story, 'anna', ANSWER);
  await story.line('Sends to Liisa');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  await story.pass(5);
  await deafWhile(() => {
    for (const { ts } of [note, answer]) story.playground.deleteMessage(at(ts));
  });
  await repaired();
  expect((await row(note.ts))?.deletedAt).not.toBeNull();
  expect((await row(kept.ts))?.deletedAt).toBeNull();
  await story.line('Deleted here');
});

test.each([
  ['a look that fails', { kind: 'http', status: 500, times: 2 }],
  ['a look that is told to wait', { kind: 'ratelimited', retryAfterSeconds: 1 }],
] as const)('%s concludes nothing: what stands in the thread stays', async (_what, fault) => {
  story = await beginStory();
  const note = await said(story, 'anna', 'huom: asiakas soittaa klo 9');
  await story.pass(5);
  await deafWhile(() => story.playground.faults.calls({ method: 'conversations.replies', ...fault }));
  await repaired();
  await story.pass(60);
  expect((await row(note.ts))?.deletedAt).toBeNull();
});

test('one’s own 📨, given meanwhile to a note that was never held, is taken; somebody else’s is not', async () => {
  story = await beginStory();
  const note = await said(story, 'anna', `huom: ${ANSWER}`);
  const other = await said(story, 'anna', `huom: ${BETTER}`);
  await story.pass(5);
  await deafWhile(() => {
    story.playground.react({ ...at(note.ts), name: 'incoming_envelope' });
    story.playground.react({ ...at(other.ts), as: 'ben', name: 'incoming_envelope' });
  });
  await repaired();
  for (const seconds of [20, 60]) await story.pass(seconds);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('Käynnistäkää');
});

test('admins read from when to when nobody heard Slack, where, and what can’t be known; for a short gap nobody is bothered', async () => {
  story = await beginStory();
  await story.pass(5);
  await deafWhile(() => {}, 1);
  await repaired();
  expect(directTo(story.playground, 'anna')).toEqual([]);
  await deafWhile(() => {});
  await repaired();
  const [told, ...rest] = directTo(story.playground, 'anna').filter((text) => text.includes('En kuullut Slackia'));
  expect(told).toMatch(/<!date\^\d+\^.*<!date\^\d+\^.*<#C/s);
  expect(rest).toEqual([]);
});

test('also after a long gap the looks cost no more than ten calls a minute', async () => {
  story = await beginStory();
  for (let number = 1; number <= 3; number += 1) await said(story, 'anna', `huom: asia ${number}`);
  await story.pass(5);
  const [before, from] = [looks('conversations.history') + looks('conversations.replies'), story.clock.now().getTime()];
  await deafWhile(() => {});
  await repaired();
  const minutes = (story.clock.now().getTime() - from) / 60_000;
  expect(looks('conversations.history') + looks('conversations.replies') - before).toBeLessThanOrEqual(1 + 10 * minutes);
});
