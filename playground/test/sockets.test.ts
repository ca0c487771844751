import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { callApi, openPlayground } from './support/api.ts';
import { type RawApp, connectRaw } from './support/raw.ts';

const messages = (app: RawApp) => app.received.filter(({ type }) => type === 'events_api');

test('a connection begins with hello and counts the others', async () => {
  const { playground } = await openPlayground();
  const first = await connectRaw(playground);
  const second = await connectRaw(playground);
  expect(first.received[0]).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: playground.state.app.id } });
  expect(second.received[0]).toMatchObject({ type: 'hello', num_connections: 2 });
});

test('a ticket opens one connection, and the eleventh connection is refused', async () => {
  const { playground } = await openPlayground();
  const { url } = await callApi(playground, 'apps.connections.open', { as: playground.appToken });
  const open = () =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(String(url));
      socket.on('open', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
  expect(await open()).toBe(true);
  expect(await open()).toBe(false);
  for (let count = 1; count < 10; count += 1) await connectRaw(playground);
  await expect(connectRaw(playground)).rejects.toThrow(/408/);
});

test('an event not acked in three seconds comes again at once, after a minute and after five, then never', async () => {
  const { playground, clock, support } = await openPlayground({ ackGraceMilliseconds: 0 });
  const app = await connectRaw(playground, () => undefined);
  playground.post({ as: 'liisa', channel: support, text: 'help' });
  for (const [count, wait] of [0, 60_000, 300_000, 0].entries()) {
    await expect.poll(() => messages(app).length).toBe(count + 1);
    clock.advance(3_000);
    clock.advance(wait);
  }
  await playground.until(() => playground.problems.some(({ kind }) => kind === 'event_lost'));
  expect(messages(app).map(({ retry_attempt: attempt, retry_reason: reason }) => [attempt, reason])).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
    [3, 'timeout'],
  ]);
  expect(new Set(messages(app).map(({ payload }) => payload['event_id'])).size).toBe(1);
  expect(new Set(messages(app).map((envelope) => envelope.envelope_id)).size).toBe(4);
});

test('an acked event comes once', async () => {
  const { playground, clock, support } = await openPlayground();
  const app = await connectRaw(playground);
  playground.post({ as: 'liisa', channel: support, text: 'help' });
  await playground.until(() => playground.calls.some(({ method, kind }) => method === 'ack' && kind === 'message'));
  clock.advance(3_600_000);
  expect(messages(app)).toHaveLength(1);
  expect(playground.problems).toEqual([]);
});

test('with nobody connected an event waits a minute', async () => {
  const { playground, clock, support } = await openPlayground();
  (await connectRaw(playground)).socket.close();
  await playground.until(() => playground.sockets.count() === 0);
  playground.post({ as: 'liisa', channel: support, text: 'help' });
  await new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
  const app = await connectRaw(playground);
  expect(messages(app)).toHaveLength(0);
  clock.advance(60_000);
  await expect.poll(() => messages(app)).toMatchObject([{ retry_attempt: 2, retry_reason: 'connection_failed' }]);
});

test('an envelope whose connection closes before the ack goes to the next connection', async () => {
  const { playground, support } = await openPlayground();
  const first = await connectRaw(playground, () => undefined);
  playground.post({ as: 'liisa', channel: support, text: 'help' });
  await expect.poll(() => messages(first).length).toBe(1);
  first.socket.terminate();
  await playground.until(() => playground.sockets.count() === 0);
  const second = await connectRaw(playground);
  await expect.poll(() => messages(second)).toMatchObject([{ retry_attempt: 0 }]);
});

test('a frame over 20 480 bytes closes the connection with 1009, and the envelope comes again', async () => {
  const { playground, support } = await openPlayground();
  const first = await connectRaw(playground, () => undefined);
  const typed = playground.command({ as: 'liisa', channel: support, command: '/ticket' });
  await expect.poll(() => first.payloads('slash_command').length).toBe(1);
  first.ack(first.received.at(-1)?.envelope_id ?? '', { text: 'x'.repeat(20_480) });
  await expect.poll(() => first.closed).toEqual([{ code: 1009, reason: 'Max frame length of 20480 has been exceeded.' }]);
  expect(playground.problems).toMatchObject([{ kind: 'frame_too_long' }]);
  await connectRaw(playground, () => ({ text: 'short' }));
  expect(await typed).toMatchObject({ isAcked: true, text: 'short' });
});

test('a person whose command is not acked in three seconds sees an error', async () => {
  const { playground, clock, support } = await openPlayground();
  expect(await playground.command({ as: 'liisa', channel: support, command: '/ticket' })).toMatchObject({
    isAcked: false,
    reason: 'no_connection',
  });
  await connectRaw(playground, () => undefined);
  const typed = playground.command({ as: 'liisa', channel: support, command: '/ticket' });
  clock.advance(3_000);
  expect(await typed).toMatchObject({ isAcked: false, reason: 'timeout' });
});

test('payloads spread over all connections', async () => {
  const { playground, support } = await openPlayground();
  const apps = [await connectRaw(playground), await connectRaw(playground)];
  for (let count = 0; count < 40; count += 1) playground.post({ as: 'liisa', channel: support, text: 'x' });
  await playground.until(() => playground.calls.filter(({ method }) => method === 'ack').length === 40);
  expect(apps.every((app) => messages(app).length > 0)).toBe(true);
});

test('a warning comes ten seconds before the request to connect again', async () => {
  const { playground, clock } = await openPlayground();
  const app = await connectRaw(playground);
  playground.sockets.disconnect('warning');
  await expect.poll(() => app.received.at(-1)).toMatchObject({ type: 'disconnect', reason: 'warning' });
  clock.advance(10_000);
  await expect.poll(() => app.received.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
});

test('an app that gets too many events is told so by an envelope without an event', async () => {
  const { playground } = await openPlayground();
  const app = await connectRaw(playground);
  playground.rateLimitEvents();
  await expect.poll(() => app.payloads('app_rate_limited')).toMatchObject([{ minute_rate_limited: expect.any(Number) }]);
  expect(app.payloads('app_rate_limited')[0]).not.toHaveProperty('event');
});

test('with Socket Mode switched off nobody connects', async () => {
  const { playground } = await openPlayground();
  const app = await connectRaw(playground);
  playground.sockets.switch(false);
  await expect.poll(() => app.received.at(-1)).toMatchObject({ reason: 'link_disabled' });
  expect(await callApi(playground, 'apps.connections.open', { as: playground.appToken })).toMatchObject({ ok: false });
});

test('connections can be refused for a while', async () => {
  const { playground, clock } = await openPlayground();
  playground.sockets.refuse(5_000);
  await expect(connectRaw(playground)).rejects.toThrow(/408/);
  clock.advance(5_000);
  expect((await connectRaw(playground)).received[0]).toMatchObject({ type: 'hello' });
});
