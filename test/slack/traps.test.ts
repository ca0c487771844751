import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Doors } from '#slack/doors.ts';
import { eventually } from '../support/eventually.ts';
import { raw } from '../support/raw.ts';
import { type Doorway, openDoorway } from './doorway.ts';

let doorway: Doorway;
afterEach(async () => {
  await doorway.close();
});

const open = async (doors: Partial<Doors> = {}) => (doorway = await openDoorway(doors));
const ticket = (text: string) => doorway.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text });
const messages = () => doorway.playground.readMessages('support');
const callsOf = (method: string) => doorway.playground.calls.filter((call) => call.method === method);
const inbox = () => doorway.desk.db.$count(doorway.desk.db.tables.inbox);

/** Resolves with how long nobody was connected. */
function deafGap(): Promise<number> {
  const { playground } = doorway;
  let lostAt = 0;
  return new Promise((resolve) => {
    const stop = playground.listen((change) => {
      if (change.kind === 'disconnected' && playground.sockets.count() === 0) lostAt = performance.now();
      if (change.kind !== 'connected' || lostAt === 0) return;
      stop();
      resolve(performance.now() - lostAt);
    });
  });
}

test('when both connections are refreshed at once they are deaf for less than a second, and what came meanwhile arrives when Slack repeats it', async () => {
  await open();
  const { playground, slackClock } = doorway;
  const gap = deafGap();
  playground.sockets.disconnect('refresh_requested');
  await playground.until(() => playground.sockets.count() === 0);
  playground.post({ as: 'anna', channel: 'support', text: 'Anybody there?' });
  expect(await gap).toBeLessThan(1_000);
  slackClock.advance(61_000);
  await playground.settled();
  expect(await inbox()).toBe(1);
});

test('a broken connection comes back too, and knows that it was not whole meanwhile', async () => {
  await open();
  const { playground, app, desk } = doorway;
  const before = desk.clock.now();
  expect(app.slack.wasHealthySince(before)).toBe(true);
  desk.clock.advance(1_000);
  const gap = deafGap();
  playground.sockets.cut();
  expect(await gap).toBeLessThan(1_000);
  await eventually(async () => app.connection.isConnected());
  expect(app.slack.wasHealthySince(before)).toBe(false);
  expect(app.slack.wasHealthySince(desk.clock.now())).toBe(true);
});

test('credentials that are dead at a reconnect end nothing: it is said which, tried on, and works when mended', async () => {
  await open({ commands: { '/ticket': async () => ({ text: 'Here I am' }) } });
  const { playground, app, desk } = doorway;
  playground.faults.calls({ method: 'apps.connections.open', kind: 'error', error: 'invalid_auth', times: 2 });
  const said = desk.log.next('Slack refuses SLACK_APP_TOKEN (invalid_auth)');
  playground.sockets.cut();
  await said;
  expect(app.connection.isConnected()).toBe(false);
  await eventually(async () => app.connection.isConnected());
  expect((await ticket('help')).text).toBe('Here I am');
});

test.each([{ kind: 'ratelimited', retryAfterSeconds: 1 }, { kind: 'http', status: 500 }, { kind: 'cut' }] as const)(
  'a connection that is refused at the start ($kind) is tried again',
  async (fault) => {
    doorway = await openDoorway({}, (playground) => playground.faults.calls({ method: 'apps.connections.open', times: 2, ...fault }));
    await eventually(async () => doorway.app.connection.isConnected());
    expect(doorway.app.connection.isConnected()).toBe(true);
  },
);

test('closing closes the connection before it resolves, and nothing connects again', async () => {
  await open();
  const { playground, app } = doorway;
  await app.close();
  await playground.until(() => playground.sockets.count() === 0, 200);
  await wait(300);
  expect(callsOf('apps.connections.open')).toHaveLength(2);
});

test('an event is acknowledged after it is stored, never without; Slack repeats it, and it is stored once', async () => {
  await open();
  const { playground, desk, slackClock, databaseUrl } = doorway;
  await raw(databaseUrl, "create trigger full before insert on inbox begin select raise(abort, 'no room'); end");
  playground.post({ as: 'anna', channel: 'support', text: 'Hello' });
  await eventually(async () => desk.log.lines.some((line) => line.message.includes('no room')));
  await raw(databaseUrl, 'drop trigger full');
  slackClock.advance(3_001);
  await playground.settled();
  expect(await inbox()).toBe(1);
  expect(await desk.db.$count(desk.db.tables.jobs)).toBe(1);
  expect(playground.problems.map((problem) => problem.kind)).toEqual(['event_unacked']);
});

test('one event twice, and a message that is a mention too, are one piece of work', async () => {
  await open();
  const { playground } = doorway;
  const sent: unknown[] = [];
  playground.listen((change) => void (change.kind === 'event' && sent.push(change)));
  playground.faults.events({ type: 'message', kind: 'duplicate' });
  playground.post({ as: 'anna', channel: 'support', text: '@tiketti help' });
  await playground.settled();
  expect(sent.length).toBeGreaterThan(1);
  expect(await inbox()).toBe(1);
});

test('a call Slack refuses to hurry pauses its own method only', async () => {
  await open();
  const { playground, app } = doorway;
  const { lanes } = app.slack;
  const { ts } = await lanes.call<{ ts: string }>('conversation', 'chat.postMessage', { channel: doorway.support, text: 'Card' });
  playground.faults.calls({ method: 'chat.update', kind: 'ratelimited', retryAfterSeconds: 1 });
  const startedAt = performance.now();
  const edited = lanes.call('card', 'chat.update', { channel: doorway.support, ts, text: 'Card 2' });
  await playground.until(() => callsOf('chat.update').length === 1);
  await lanes.call('conversation', 'chat.postMessage', { channel: doorway.support, text: 'Words' });
  expect(performance.now() - startedAt).toBeLessThan(900);
  await edited;
  expect(performance.now() - startedAt).toBeGreaterThan(990);
  expect(messages().map((message) => message.text)).toEqual(['Card 2', 'Words']);
});

test('under pressure a reaction is dropped, words wait', async () => {
  await open();
  const { playground, app } = doorway;
  playground.faults.calls({ method: 'reactions.add', kind: 'ratelimited', retryAfterSeconds: 30 });
  const reaction = app.slack.lanes.call('reaction', 'reactions.add', { channel: doorway.support, timestamp: '1.1', name: 'eyes' });
  await expect(reaction).rejects.toThrow('reactions.add');
});

test('the client tries nothing again behind our back', async () => {
  await open();
  doorway.playground.faults.calls({ method: 'chat.postMessage', kind: 'http', status: 500 });
  const posted = doorway.app.slack.lanes.call('conversation', 'chat.postMessage', { channel: doorway.support, text: 'Once' });
  await expect(posted).rejects.toThrow();
  expect(messages()).toEqual([]);
});
