import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { deleted, said } from './thread-events.ts';

let story: Story;
beforeAll(async () => {
  story = await beginStory({ isHttp: true });
});
afterAll(async () => {
  await story.stop();
});

const GOOD = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';

test('over HTTP a command opens a form, and what is typed there becomes a ticket', async () => {
  const { playground } = story;
  const help = await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'help' });
  expect(help).toMatchObject({ isAcked: true, text: expect.stringContaining('/ticket') });
  await playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'create' });
  await playground.until(() => JSON.stringify(playground.views('anna')[0] ?? '').includes('create.requester'));
  await playground.options({ as: 'anna', actionId: 'create.requester', query: 'Pekka Puro' });
  const values = { 'create.requester': 'new:Pekka Puro', subject: 'Kassa jumissa', description: 'Pekka soitti.' };
  await playground.submitView({ as: 'anna', values });
  await playground.until(() => playground.readMessages('support').some((message) => message.text.includes('TK-2')));
});

test('over HTTP an answer is held, read again before it leaves, and mailed once', async () => {
  await said(story, 'anna', GOOD);
  await story.line('Sends to');
  expect(story.answers()).toEqual([]);
  const before = story.playground.calls.length;
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('Käynnistäkää tulostin');
  // Nobody can see what did not reach us, so the words are looked at once more.
  const { calls } = story.playground;
  expect(calls.slice(before).some(({ method }) => /^conversations\.(replies|history)$/.test(method))).toBe(true);
});

test('an edit that never reached us is held like any edit, and is what the customer gets', async () => {
  const { playground } = story;
  const message = await said(story, 'anna', 'Hei Liisa! Hyvitämme teille 10 euroa tulostimesta.');
  await story.line('Sends to');
  playground.faults.events({ type: 'message.message_changed', kind: 'drop' });
  playground.edit({ as: 'anna', channel: 'support', ts: message.ts, text: 'Hei Liisa! Hyvitämme teille 12 euroa tulostimesta.' });
  await story.pass(16);
  await story.pass(16);
  await eventually(async () => story.answers().length === 2);
  expect(story.answers()[1]).toContain('12 euroa');
});

test('over HTTP a deleted message sends nothing', async () => {
  const message = await said(story, 'anna', 'Hei Liisa! Tämä oli tarkoitettu toiselle.');
  await story.line('Sends to');
  await deleted(story, 'anna', message.ts);
  await story.pass(16);
  expect(story.answers()).toHaveLength(2);
});

test('over HTTP a click is answered, and Slack finds nothing to complain of', async () => {
  await story.click('anna', story.card.ts, 'card.solve');
  await eventually(async () => (await story.ticket()).status === 'solved');
  expect(story.playground.problems).toEqual([]);
});
