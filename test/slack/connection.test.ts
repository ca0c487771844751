import { afterEach, expect, test } from 'vitest';
import { createConnection } from '#slack/connection.ts';
import type { Playground } from '../../playground/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { type Doorway, openDoorway } from './doorway.ts';

let doorway: Doorway;
afterEach(async () => {
  await doorway.close();
});

const open = async (before?: (playground: Playground) => void) => (doorway = await openDoorway({}, before));
const inbox = () => doorway.desk.db.$count(doorway.desk.db.tables.inbox);
const say = (text: string) => doorway.playground.post({ as: 'anna', channel: 'support', text });
const both = () => doorway.playground.until(() => doorway.playground.sockets.count() === 2);
const opens = () => doorway.playground.calls.filter((call) => call.method === 'apps.connections.open').length;

/** Was anybody connected all the time? */
function watched(): { fewest: () => number; gaps: number[] } {
  let fewest = doorway.playground.sockets.count();
  const gaps: number[] = [];
  doorway.playground.listen(() => {
    fewest = Math.min(fewest, doorway.playground.sockets.count());
  });
  doorway.app.connection.onBack((gapMs) => void gaps.push(gapMs));
  return { fewest: () => fewest, gaps };
}

test('while Slack refreshes one connection the other listens: no time is lost, and nothing counts as a gap', async () => {
  await open();
  const { playground, app } = doorway;
  const { fewest, gaps } = watched();
  for (let times = 1; times <= 6; times += 1) {
    playground.sockets.disconnect('refresh_requested', 1);
    say(`Hello ${times}`);
    await playground.until(() => playground.sockets.count() === 1);
    expect(app.connection.isConnected()).toBe(true);
    await both();
  }
  await playground.settled();
  expect(await inbox()).toBe(6);
  expect(fewest()).toBe(1);
  expect(gaps).toEqual([]);
});

test('what was under way over a connection that is cut comes over the other, and is stored once', async () => {
  await open();
  const { playground, desk, app } = doorway;
  const before = desk.clock.now();
  desk.clock.advance(1_000);
  for (let times = 1; times <= 5; times += 1) say(`Hello ${times}`);
  playground.sockets.cut(1);
  await playground.settled();
  expect(await inbox()).toBe(5);
  await both();
  // A hold that began before looks at its message again: an edit may have been late.
  expect(app.slack.wasHealthySince(before)).toBe(false);
  expect(app.slack.wasHealthySince(desk.clock.now())).toBe(true);
});

test('only while both connections are down is there a gap, and it is as long as nobody listened', async () => {
  await open();
  const { playground, desk, app } = doorway;
  const { gaps } = watched();
  playground.sockets.refuse(60_000);
  playground.sockets.cut(1);
  await eventually(async () => desk.log.lines.some((line) => line.message.includes('A connection to Slack failed')));
  desk.clock.advance(40_000);
  expect(app.connection.isConnected()).toBe(true);
  playground.sockets.cut();
  await eventually(async () => !app.connection.isConnected());
  desk.clock.advance(20_000);
  doorway.slackClock.advance(60_001);
  await eventually(async () => app.connection.isConnected());
  expect(gaps).toEqual([20_000]);
});

test('with room for one connection only, one does; the other comes when there is room', async () => {
  await open((playground) => playground.faults.calls({ method: 'apps.connections.open', kind: 'error', error: 'too_many_websockets' }));
  const { app, playground } = doorway;
  expect(playground.sockets.count()).toBe(1);
  expect(app.connection.isConnected()).toBe(true);
  say('Hello');
  await playground.settled();
  expect(await inbox()).toBe(1);
  await both();
});

test('two connections that began together are set apart once, and nobody is deaf for it', async () => {
  await open();
  const { playground, desk } = doorway;
  const connection = createConnection(desk, {
    appToken: playground.appToken,
    clientOptions: { slackApiUrl: playground.apiUrl },
    staggerMs: 150,
  });
  connection.receiver(() => ({ processEvent: async () => {} })).init({} as never);
  let fewest = 9;
  await connection.start();
  playground.listen(() => (fewest = Math.min(fewest, playground.sockets.count())));
  const before = opens();
  await playground.until(() => opens() === before + 1);
  await playground.until(() => playground.sockets.count() === 4);
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 400);
  await promise;
  expect(opens()).toBe(before + 1);
  expect(fewest).toBeGreaterThanOrEqual(4);
  await connection.stop();
});

test('lines that die without a word are given up within seconds, and held replies know of it', async () => {
  await open();
  const { playground, app, desk } = doorway;
  const before = desk.clock.now();
  desk.clock.advance(1_000);
  playground.sockets.freeze();
  await eventually(async () => opens() === 4, 14_000);
  await eventually(async () => app.connection.isConnected());
  expect(app.slack.wasHealthySince(before)).toBe(false);
});
