import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callRaw, openPlayground } from './support/api.ts';
import { connectRaw } from './support/raw.ts';

test('the next calls of a method can be rate limited, and others are not', async () => {
  const { playground, call, support } = await openPlayground();
  playground.faults.calls({ method: 'chat.postMessage', times: 2, kind: 'ratelimited', retryAfterSeconds: 7 });
  const refused = await callRaw(playground, 'chat.postMessage', { channel: support, text: 'x' });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
  expect(await call('auth.test')).toMatchObject({ ok: true });
  expect(await call('chat.postMessage', { channel: support, text: 'x' })).toMatchObject({ error: 'ratelimited' });
  expect(await call('chat.postMessage', { channel: support, text: 'x' })).toMatchObject({ ok: true });
});

test('a call can fail with a status or an error of choice', async () => {
  const { playground, call } = await openPlayground();
  playground.faults.calls({ kind: 'http', status: 503 });
  expect((await callRaw(playground, 'auth.test')).status).toBe(503);
  playground.faults.calls({ kind: 'error', error: 'fatal_error' });
  expect(await call('auth.test')).toMatchObject({ ok: false, error: 'fatal_error' });
});

test('an answer can get lost after the call was carried out', async () => {
  const { playground, call, support } = await openPlayground();
  playground.faults.calls({ method: 'chat.postMessage', kind: 'drop' });
  await expect(call('chat.postMessage', { channel: support, text: 'posted anyway' })).rejects.toThrow('fetch failed');
  expect(playground.readMessages(support)).toMatchObject([{ text: 'posted anyway' }]);
  playground.faults.calls({ method: 'chat.postMessage', kind: 'cut' });
  await expect(call('chat.postMessage', { channel: support, text: 'never' })).rejects.toThrow('fetch failed');
  expect(playground.readMessages(support)).toHaveLength(1);
});

test('a call can stay without any answer, or get it late', async () => {
  const { playground } = await openPlayground();
  const ask = () => fetch(`${playground.apiUrl}api.test`, { method: 'POST', signal: AbortSignal.timeout(100) });
  playground.faults.calls({ kind: 'hang' });
  await expect(ask()).rejects.toThrow(/timeout/);
  playground.faults.calls({ kind: 'slow', delayMilliseconds: 30 });
  const started = performance.now();
  expect((await ask()).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(25);
});

test('events can be dropped, doubled, delayed and turned round', async () => {
  const { playground, clock, support } = await openPlayground();
  const app = await connectRaw(playground);
  const texts = () => app.events('message').map((event) => event['text']);
  const say = (text: string) => playground.post({ as: 'liisa', channel: support, text });
  playground.faults.events({ kind: 'drop' });
  say('lost');
  playground.faults.events({ kind: 'duplicate' });
  say('twice');
  await expect.poll(texts).toEqual(['twice', 'twice']);
  expect(new Set(app.payloads('event_callback').map((payload) => payload['event_id'])).size).toBe(1);
  playground.faults.events({ kind: 'hold', times: 2, type: 'message' });
  say('first');
  say('second');
  playground.sockets.release('backwards');
  await expect.poll(texts).toEqual(['twice', 'twice', 'second', 'first']);
  playground.faults.events({ kind: 'delay', delayMilliseconds: 2_000 });
  say('late');
  clock.advance(1_999);
  expect(texts()).not.toContain('late');
  clock.advance(1);
  await expect.poll(texts).toContain('late');
});

test('every call and ack is recorded as a line, without tokens', async () => {
  const record = join(mkdtempSync(join(tmpdir(), 'playground-')), 'calls.jsonl');
  const { playground, call, support } = await openPlayground({ record });
  await connectRaw(playground, () => ({ text: 'ok' }));
  await call('chat.postMessage', { channel: support, blocks: [{ type: 'divider' }], text: 'x', token: playground.botToken });
  const { triggerId } = await playground.command({ as: 'liisa', channel: support, command: '/ticket' });
  await call('views.open', { trigger_id: triggerId, view: {} });
  const lines = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const t = expect.any(Number) as unknown;
  expect(lines).toContainEqual({
    method: 'chat.postMessage',
    body: { channel: support, blocks: [{ type: 'divider' }], text: 'x' },
    ok: true,
    t,
  });
  expect(lines).toContainEqual({
    method: 'ack',
    kind: '/ticket',
    body: { text: 'ok' },
    ok: true,
    t,
    received_at: t,
    envelope_id: expect.any(String),
  });
  expect(lines).toContainEqual(
    expect.objectContaining({ method: 'views.open', ok: false, error: 'invalid_arguments', trigger_issued_at: t }),
  );
  expect(readFileSync(record, 'utf8')).not.toContain(playground.botToken);
});

test('waiting in vain tells what happened last', async () => {
  const { playground, call } = await openPlayground();
  await call('auth.test');
  await expect(playground.until(() => false, 10)).rejects.toThrow(/10 ms in vain.*auth\.test/);
});
