import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { deleted, edited, said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const GOOD = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const BETTER = 'Hei Liisa! Irrottakaa tulostimen virtajohto minuutiksi, niin se alkaa taas toimia.';
const NO_HOLD = { environment: { TIKETTI_HOLD_SECONDS: '0' } };

function blocksOf(ts: string): string {
  return JSON.stringify(story.thread().find((one) => one.ts === ts)?.blocks);
}

test('words full of signs that Slack escapes are shown whole, and sent', async () => {
  story = await beginStory();
  await story.click('anna', story.card.ts, 'card.reply');
  const words = `Hei Liisa! Liittäkää tämä:\n${'<a href="x">&amp;</a>\n'.repeat(110)}Loppu tässä.`;
  await story.playground.submitView({ as: 'anna', values: { words } });
  await eventually(async () => story.thread().some((one) => blocksOf(one.ts).includes('Loppu tässä.')));
  expect(story.playground.problems).toEqual([]);
});

test('a reply deleted while still queued is said to be cancelled', async () => {
  story = await beginStory(NO_HOLD);
  story.sink.refuse(451, '4.3.0 later', 1);
  await said(story, 'anna', GOOD);
  const second = await said(story, 'anna', BETTER);
  await story.line('On its way');
  await deleted(story, 'anna', second.ts);
  const line = await story.line('Cancelled');
  expect(line.text).not.toContain('already has it');
});

test('a reply deleted after it failed is not said to have arrived', async () => {
  story = await beginStory(NO_HOLD);
  story.sink.refuse(550, '5.1.1 no such user', 1);
  const message = await said(story, 'anna', GOOD);
  await story.line('Not delivered');
  await deleted(story, 'anna', message.ts);
  const line = await story.line('Deleted here');
  expect(line.text).toContain('Not delivered');
  expect(line.text).not.toContain('already has it');
});

test('the time on the line is the time at which it leaves, also where three minutes end an often edited hold', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  for (let round = 0; round < 12; round += 1) {
    await story.pass(14);
    await edited(story, 'anna', message.ts, `${GOOD} ${round}`);
  }
  await story.pass(8);
  await edited(story, 'anna', message.ts, BETTER);
  const [hold] = await story.desk.db.select().from(story.desk.db.tables.holds);
  expect(hold?.state).toBe('counting');
  const seconds = Math.floor((hold?.releaseAt?.getTime() ?? 0) / 1_000);
  await eventually(async () => (await story.line('Sends to')).text.includes(`<!date^${seconds}^`));
});

test('when the colleague’s answer has left, the one that waits offers no Replace', async () => {
  story = await beginStory();
  await story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'agent add @ben' });
  await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await said(story, 'ben', BETTER);
  const line = await story.line('Held');
  expect(blocksOf(line.ts)).toContain('Send both');
  expect(blocksOf(line.ts)).toContain('Make mine internal');
  await story.pass(16);
  await eventually(async () => !blocksOf(line.ts).includes('line.replace'));
  expect(blocksOf(line.ts)).toContain('A colleague answered meanwhile');
  expect(blocksOf(line.ts)).toContain('line.send');
});
