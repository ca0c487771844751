import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { edited, holds, said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const GOOD = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const NO_HOLD = { environment: { TIKETTI_HOLD_SECONDS: '0' } };

async function policy(value: 'guarded' | 'confirm' | 'notes-first' | 'alerts-only'): Promise<void> {
  await story.desk.db.transaction('policy', (tx) => tx.update(tx.tables.groups).set({ policy: value }));
}

async function write(words: string) {
  await story.click('anna', story.card.ts, 'card.reply');
  return story.playground.submitView({ as: 'anna', values: { words } });
}

async function buttons(ts: string): Promise<string[]> {
  const message = story.thread().find((one) => one.ts === ts);
  return [...JSON.stringify(message?.blocks).matchAll(/"action_id":"([a-z._]+)"/g)].map((found) => found[1] ?? '');
}

test('words written in the Reply modal are looked at like a message', async () => {
  story = await beginStory();
  await write('Hei Liisa! Salasana on Kissa123! ja asia on tiketissä TK-99.');
  const line = await story.line('Held');
  expect(line.text).toContain('password');
  expect(line.text).toContain('TK-99');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('a note mark in the Reply modal is not mailed unseen', async () => {
  story = await beginStory();
  await write('huom: asiakas on hankala');
  await story.line('Held');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('where each reply is confirmed, one written in the modal is too', async () => {
  story = await beginStory();
  await policy('confirm');
  await write(GOOD);
  const line = await story.line('Held');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
  await story.click('anna', line.ts, 'line.send');
  await eventually(async () => story.answers().length === 1);
});

test('a reason shows the number and the languages in words', async () => {
  story = await beginStory();
  await story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'solve TK-1' });
  await write('Hello! Please check the settings page and tell us what you see there.');
  const { text } = await story.line('Held');
  expect(text).toContain('TK-1 is solved');
  expect(text).toContain('looks like English');
  expect(text).not.toContain('{{');
});

test('where nothing may leave there is no Reply button, and an open modal keeps its words', async () => {
  story = await beginStory();
  await story.click('anna', story.card.ts, 'card.reply');
  await policy('alerts-only');
  const outcome = await story.playground.submitView({ as: 'anna', values: { words: GOOD } });
  expect(JSON.stringify(outcome.errors)).toContain('ei lähetetä koskaan');
  await said(story, 'anna', GOOD);
  await story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'priority TK-1 high' });
  await story.pass(4);
  await eventually(async () => !(await buttons(story.card.ts)).includes('card.reply'));
  expect(await holds(story)).toEqual([]);
});

test('a channel that sends nothing any more sends nothing that was held before', async () => {
  story = await beginStory();
  await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await policy('alerts-only');
  await story.pass(16);
  const line = await story.line('Held');
  expect(line.text).toContain('Nothing is ever sent');
  expect(await buttons(line.ts)).toEqual(['line.internal', 'line.cancel']);
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('an edit after sending that marks the words as a note is no correction', async () => {
  story = await beginStory(NO_HOLD);
  const message = await said(story, 'anna', GOOD);
  await story.line('Sent to');
  await edited(story, 'anna', message.ts, 'huom: asiakas on toivoton');
  const line = await story.line('Edited here');
  expect(await buttons(line.ts)).toEqual([]);
  await edited(story, 'anna', message.ts, 'Hei Liisa! Tulostimen salasana on Kissa123!, kokeilkaa sitä.');
  await eventually(async () => (await buttons(line.ts)).includes('line.correct'));
  await story.click('anna', line.ts, 'line.correct');
  expect((await story.line('Held')).text).toContain('password');
  expect(story.answers()).toHaveLength(1);
});

test('a correction says what changed', async () => {
  story = await beginStory(NO_HOLD);
  const message = await said(story, 'anna', `${GOOD}\n\nSoitan teille huomenna.`);
  await story.line('Sent to');
  await edited(story, 'anna', message.ts, `${GOOD}\n\nSoitan teille perjantaina.`);
  await story.click('anna', (await story.line('Edited here')).ts, 'line.correct');
  await eventually(async () => story.answers().length === 2);
  const [own] = (story.answers()[1] ?? '').split('\n>');
  expect(own).toContain('perjantaina');
  expect(own).not.toContain('uudelleen');
});

test('Replace settles two answers only: what else is doubted stays held', async () => {
  story = await beginStory();
  await story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'agent add @ben' });
  await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await said(story, 'ben', 'Hei Liisa! Tulostimen salasana on Kissa123!, kokeilkaa sitä.');
  const line = await story.line('Held');
  await story.click('ben', line.ts, 'line.replace');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
  expect(await holds(story)).toEqual([
    { state: 'replaced', reasons: [] },
    { state: 'waiting', reasons: ['secret'] },
  ]);
});
