import { afterEach, expect, test } from 'vitest';
import { enqueue } from '#jobs/queue.ts';
import { tellWish } from '#slack/tell.ts';
import { startTestHouse, type TestHouse } from '../support/house.ts';
import { directTo } from './direct.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

test('what is wished again while it is being told is told once', async () => {
  house = await startTestHouse();
  const { playground, desk } = house;
  const userId = Object.values(playground.state.people).find((person) => person.name === 'ben')?.id ?? '';
  const wish = async () => {
    const told = { key: 'test', userId, ticketId: null, text: 'slack:hint.quarantine', params: {} };
    await desk.db.transaction('test', (tx) => enqueue(tx, desk.clock.now(), tellWish(desk, told)));
    desk.wake();
  };
  const isBeingTold = async () => {
    const rows = await desk.db.select().from(desk.db.tables.slackPosts);
    return rows.some((post) => post.key.startsWith('tell:test') && post.state === 'posting');
  };
  // It waits before Slack has it: whoever looks for it finds nothing.
  playground.faults.calls({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterSeconds: 2 });
  await wish();
  await expect.poll(isBeingTold, { timeout: 8_000 }).toBe(true);
  await wish();
  await house.quiet();
  expect(directTo(playground, 'ben')).toHaveLength(1);
});
