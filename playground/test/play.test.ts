import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPlayground } from '../workspace.ts';
import { word } from '../words.ts';
import { openPlayground } from './support/api.ts';

async function play(url: string, name: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
  const options = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answered = await fetch(`${url}/play/${name}`, options);
  return { status: answered.status, answer: await answered.json() };
}

test('a page can do what people do, and a mistake comes back as a sentence', async () => {
  const { playground, support } = await openPlayground();
  const posted = await play(playground.url, 'post', { as: 'liisa', channel: 'support', text: 'Hi' });
  expect(posted).toMatchObject({ status: 200, answer: { text: 'Hi' } });
  expect(await play(playground.url, 'readMessages', [support])).toMatchObject({ answer: [{ text: 'Hi' }] });
  expect(await play(playground.url, 'post', { as: 'nobody', channel: 'support', text: 'Hi' })).toMatchObject({
    status: 400,
    answer: { error: expect.stringContaining('nobody') },
  });
  expect(await play(playground.url, 'fly', {})).toMatchObject({ status: 400 });
});

test('a page sees the state and hears every change', async () => {
  const { playground } = await openPlayground();
  const stream = await fetch(`${playground.url}/play/events`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('hello');
  playground.post({ as: 'liisa', channel: 'support', text: 'Hi' });
  expect((await reader?.read())?.value).toContain('"kind":"message"');
  await reader?.cancel();
  expect(await play(playground.url, 'state')).toMatchObject({
    answer: { people: { [playground.state.app.botUserId]: { isBot: true } }, connections: 0 },
  });
  expect(await play(playground.url, 'calls')).toMatchObject({ answer: [] });
});

test('faults are set over HTTP', async () => {
  const { playground, call } = await openPlayground();
  await play(playground.url, 'faults/calls', { kind: 'error', error: 'fatal_error' });
  expect(await call('auth.test')).toMatchObject({ error: 'fatal_error' });
  await play(playground.url, 'faults/calls', { kind: 'error', error: 'fatal_error' });
  await play(playground.url, 'faults/clear', {});
  expect(await call('auth.test')).toMatchObject({ ok: true });
});

test('pages of other sites are turned away', async () => {
  const { playground } = await openPlayground();
  const ask = (origin: string) => fetch(`${playground.url}/play/state`, { headers: { origin } });
  expect((await ask('https://evil.example')).status).toBe(400);
  const local = await ask('http://localhost:3000');
  expect([local.status, local.headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:3000']);
});

test('other paths go to whoever serves the page', async () => {
  const { playground } = await openPlayground({
    fallback: (request, response) => {
      if (request.url !== '/page') return false;
      response.end('hello');
      return true;
    },
  });
  expect(await (await fetch(`${playground.url}/page`)).text()).toBe('hello');
  expect((await fetch(`${playground.url}/else`)).status).toBe(404);
});

test('a workspace with a data file survives a restart, files too', async () => {
  const dataFile = join(mkdtempSync(join(tmpdir(), 'playground-')), 'workspace.json');
  const first = await startPlayground({ dataFile });
  first.addPerson({ name: 'liisa' });
  first.addChannel({ name: 'support', members: ['liisa', 'bot'] });
  const { ts } = first.post({ as: 'liisa', channel: 'support', text: 'kept', files: [{ name: 'a.txt', text: 'bytes' }] });
  await first.stop();
  expect(existsSync(dataFile)).toBe(true);
  const second = await startPlayground({ dataFile });
  const [message] = second.readMessages('support');
  expect(message).toMatchObject({ ts, text: 'kept', files: [{ name: 'a.txt' }] });
  expect(Buffer.from(second.bytes.get(word(message?.files?.[0]?.['id'])) ?? []).toString()).toBe('bytes');
  expect(Number(second.post({ as: 'liisa', channel: 'support', text: 'next' }).ts)).toBeGreaterThan(Number(ts));
  await second.stop();
});

test('a person cannot do what Slack would not let them', async () => {
  const { playground, support } = await openPlayground();
  playground.addPerson({ name: 'otto' });
  const { ts } = playground.post({ as: 'liisa', channel: support, text: 'mine' });
  expect(() => playground.post({ as: 'otto', channel: support, text: 'x' })).toThrow(/not in support/);
  expect(() => playground.edit({ as: 'matti', channel: support, ts, text: 'x' })).toThrow(/did not write/);
  expect(() => playground.deleteMessage({ as: 'matti', channel: support, ts })).toThrow(/may not delete/);
  await expect(playground.click({ as: 'liisa', channel: support, ts, actionId: 'take' })).rejects.toThrow(/nothing to act on/);
});

test('unread messages are counted until they are read', async () => {
  const { playground, support } = await openPlayground();
  playground.post({ as: 'liisa', channel: support, text: 'one' });
  playground.post({ as: 'liisa', channel: support, text: 'two' });
  expect(playground.unread('matti')).toEqual({ [support]: 2 });
  playground.markRead({ as: 'matti', channel: support });
  expect(playground.unread('matti')).toEqual({ [support]: 0 });
});
