import { expect, test } from 'vitest';
import { word } from '../words.ts';
import { openPlayground } from './support/api.ts';
import { connectBolt } from './support/bolt.ts';

test('Bolt connects again after a refresh and misses nothing that was retried', async () => {
  const { playground, support, clock } = await openPlayground();
  const heard: string[] = [];
  const bolt = await connectBolt(playground, (app) => {
    app.message(async ({ message }) => void heard.push('text' in message ? (message.text ?? '') : ''));
  });
  playground.post({ as: 'liisa', channel: support, text: 'before' });
  await expect.poll(() => heard).toEqual(['before']);
  playground.sockets.disconnect('refresh_requested');
  await playground.until(() => playground.sockets.count() === 0);
  playground.post({ as: 'liisa', channel: support, text: 'in the gap' });
  await playground.until(() => playground.sockets.count() === 1);
  clock.advance(60_000);
  await expect.poll(() => heard).toEqual(['before', 'in the gap']);
  await bolt.stop();
});

test('Bolt sees the retry number and reason of an event that was not acked', async () => {
  const { playground, support, clock } = await openPlayground();
  const retries: [number | undefined, string | undefined][] = [];
  const bolt = await connectBolt(playground, (app) => {
    app.message(async ({ context }) => void retries.push([context.retryNum, context.retryReason]));
  });
  playground.faults.events({ kind: 'duplicate' });
  playground.post({ as: 'liisa', channel: support, text: 'x' });
  await expect
    .poll(() => retries)
    .toEqual([
      [0, ''],
      [0, ''],
    ]);
  playground.sockets.cut();
  await playground.until(() => playground.sockets.count() === 0);
  playground.post({ as: 'liisa', channel: support, text: 'y' });
  await playground.until(() => playground.sockets.count() === 1);
  clock.advance(60_000);
  await expect.poll(() => retries.at(-1)).toEqual([2, 'connection_failed']);
  await bolt.stop();
});

test('Bolt turns a refusal into an error with its code', async () => {
  const { playground, support } = await openPlayground();
  const bolt = await connectBolt(playground, () => undefined);
  const post = bolt.app.client.apiCall('chat.postMessage', {
    channel: support,
    text: 'x',
    blocks: [{ type: 'header', text: { type: 'plain_text', text: '' } }],
  });
  await expect(post).rejects.toMatchObject({ code: 'slack_webapi_platform_error', data: { error: 'invalid_blocks' } });
  playground.faults.calls({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterSeconds: 3 });
  await expect(bolt.app.client.apiCall('chat.postMessage', { channel: support, text: 'x' })).rejects.toMatchObject({
    code: 'slack_webapi_rate_limited_error',
    retryAfter: 3,
  });
  await bolt.stop();
});

test('the SDK uploads and shares a file in one call', async () => {
  const { playground, support } = await openPlayground();
  const bolt = await connectBolt(playground, () => undefined);
  const parent = playground.post({ as: 'liisa', channel: support, text: 'send me the log' });
  await bolt.app.client.filesUploadV2({
    channel_id: support,
    thread_ts: parent.ts,
    initial_comment: 'here',
    filename: 'log.txt',
    file: Buffer.from('boom'),
    title: 'Log',
  });
  const [, reply] = playground.readMessages(support, parent.ts);
  expect(reply).toMatchObject({ text: 'here', files: [{ name: 'log.txt', title: 'Log', size: 4 }] });
  expect(Buffer.from(playground.bytes.get(word(reply?.files?.[0]?.['id'])) ?? []).toString()).toBe('boom');
  await bolt.stop();
});

test('an ack without a listener never comes, and the person sees an error', async () => {
  const { playground, support, clock, call } = await openPlayground();
  const bolt = await connectBolt(playground, () => undefined);
  const elements = [{ type: 'button', action_id: 'nobody', text: { type: 'plain_text', text: 'x' } }];
  const { ts } = await call('chat.postMessage', { channel: support, text: 'x', blocks: [{ type: 'actions', elements }] });
  const clicked = playground.click({ as: 'liisa', channel: support, ts: String(ts), actionId: 'nobody' });
  clock.advance(3_000);
  expect(await clicked).toMatchObject({ isAcked: false, reason: 'timeout' });
  expect(playground.problems).toMatchObject([{ kind: 'unacked', detail: 'block_actions: timeout' }]);
  await bolt.stop();
});

test('two receivers share the payloads of one app', async () => {
  const { playground, support } = await openPlayground();
  let heard = 0;
  const listen = { message: async () => void (heard += 1) };
  const first = await connectBolt(playground, (app) => app.message(listen.message));
  const second = await connectBolt(playground, (app) => app.message(listen.message), 2);
  for (let count = 0; count < 20; count += 1) playground.post({ as: 'liisa', channel: support, text: 'x' });
  await expect.poll(() => heard).toBe(20);
  await first.app.stop();
  await second.app.stop();
});
