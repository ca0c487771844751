import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { deleted, edited, holds, said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const NOTE = 'huom: Hei Liisa! Käynnistäkää tulostin uudelleen, kiitos.';

function envelope(ts: string) {
  return { as: 'anna', channel: 'support', ts, name: 'incoming_envelope' };
}

async function sentNote(): Promise<{ ts: string }> {
  const message = await said(story, 'anna', NOTE);
  story.playground.react(envelope(message.ts));
  await story.line('Sends to');
  await story.quiet();
  return message;
}

test('a note sent with 📨 and deleted during the hold is not mailed', async () => {
  story = await beginStory();
  const message = await sentNote();
  await deleted(story, 'anna', message.ts);
  await story.line('Cancelled');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('a note sent with 📨 and edited during the hold goes as it says now', async () => {
  story = await beginStory();
  const message = await sentNote();
  await edited(story, 'anna', message.ts, 'huom: Hei Liisa! Virtajohto irti minuutiksi, kiitos.');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('Virtajohto');
  expect(story.answers()[0]).not.toMatch(/uudelleen|huom/);
});

test('📨 taken back cancels, and given again holds anew', async () => {
  story = await beginStory();
  const message = await sentNote();
  story.playground.unreact(envelope(message.ts));
  await story.line('Cancelled');
  await story.quiet();
  story.playground.react(envelope(message.ts));
  await story.line('Sends to');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect((await holds(story)).map((hold) => hold.state)).toEqual(['cancelled', 'released']);
});

test('📨 on a reply made internal by its button sends it after all', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', 'Hei Liisa! Käynnistäkää tulostin uudelleen, kiitos.');
  await story.click('anna', (await story.line('Sends to')).ts, 'line.internal');
  await story.line('Kept internal');
  story.playground.react(envelope(message.ts));
  await story.line('Sends to');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect((await holds(story)).map((hold) => hold.state)).toEqual(['noted', 'released']);
});

test('a note sent with 📨 is looked at like any reply', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', 'huom: Hei Liisa! Tulostimen salasana on Kissa123!, kokeilkaa sitä.');
  story.playground.react(envelope(message.ts));
  expect((await story.line('Held')).text).toContain('password');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});
