import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { later, MINUTE } from '#clock.ts';
import { groupCommits } from '#jobs/commits.ts';
import type { Slack } from '#slack/slack.ts';
import { slackReaction } from '#slack/spine.ts';
import { tellRestored } from '#slack/tell-restored.ts';
import { change } from '#tickets/desk.ts';
import { parkDeliveries } from '#tickets/park-deliveries.ts';
import { parkHolds } from '#slack/replies/park-holds.ts';
import { writeRestored } from '#tickets/restored.ts';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const ANSWER = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';

/** As if the desk had been restored a minute from now, from a backup of a minute ago. */
async function restoreStory(): Promise<void> {
  const now = story.clock.now();
  await change(story.desk, 'restored', (tx) =>
    writeRestored(
      tx,
      { backupAt: later(now, -MINUTE).toISOString(), restoredAt: later(now, MINUTE).toISOString(), deliveries: 2, holds: 1, isTold: false },
      now,
    ),
  );
}

async function parkedAnswer(): Promise<{ ts: string }> {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '0' } });
  story.sink.refuse(451, '4.3.0 Try later', 1);
  await story.say('anna', ANSWER);
  const { deliveries } = story.desk.db.tables;
  await eventually(async () => (await story.desk.db.$count(deliveries, eq(deliveries.state, 'delayed'))) === 1);
  await parkDeliveries({ ...story.desk, reactions: [slackReaction] }, story.clock.now());
  story.desk.wake();
  return story.line('may have left already');
}

test('an answer that may have left before a restore waits, says so, and leaves at a click as a possible second copy', async () => {
  const line = await parkedAnswer();
  await story.pass(16 * 60);
  expect(story.answers()).toEqual([]);
  expect((await story.ticket()).status).toBe('open');
  await story.click('anna', line.ts, 'line.retry');
  await story.line('It may have arrived twice.');
  expect(story.answers()).toHaveLength(1);
});

test('whoever knows that a parked answer left lets it be, and the line says that nothing was sent again', async () => {
  const line = await parkedAnswer();
  await story.click('anna', line.ts, 'line.leave');
  await story.line('Not sent again.');
  await story.pass(16 * 60);
  expect(story.answers()).toEqual([]);
});

test('what was written in a thread before a restore is held until somebody clicks', async () => {
  story = await beginStory();
  await restoreStory();
  await story.say('anna', ANSWER);
  const line = await story.line('may have been sent already');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
  await story.click('anna', line.ts, 'line.send');
  await story.line('Sent to');
  expect(story.answers()).toHaveLength(1);
});

test('a command of before a restore is not carried out a second time', async () => {
  story = await beginStory();
  await restoreStory();
  await story.say('anna', '<@U0APPBOT> solve');
  await story.playground.until(() => story.playground.sockets.isQuiet());
  await story.pass(1);
  expect((await story.ticket()).status).toBe('new');
});

test('a reply that was held in the backup waits for a person', async () => {
  story = await beginStory();
  await story.say('anna', ANSWER);
  await story.line('Sends to');
  const parked = await parkHolds({ ...story.desk, reactions: [slackReaction] });
  expect(parked).toMatchObject([{ ticket: 'TK-1' }]);
  await story.pass(60);
  await story.line('may have been sent already');
  expect(story.answers()).toEqual([]);
});

test('admins are told of a restore once, in one message', async () => {
  story = await beginStory();
  await restoreStory();
  const told = () =>
    story.playground.calls.filter(({ method, body }) => method === 'chat.postMessage' && JSON.stringify(body).includes('tell:restored:'));
  // All that telling needs of Slack is where to write rows.
  const slack = { commits: groupCommits(story.desk.db) } as Slack;
  await tellRestored(story.desk, slack);
  await tellRestored(story.desk, slack);
  await story.quiet();
  expect(told()).toHaveLength(1);
  expect(JSON.stringify(told()[0]?.body)).toContain('palautettiin');
});
