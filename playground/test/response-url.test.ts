import { expect, test } from 'vitest';
import type { JsonObject } from '../state.ts';
import { word } from '../words.ts';
import { openPlayground, takeButton } from './support/api.ts';
import { connectRaw } from './support/raw.ts';

const USES = 5;

async function typed() {
  const desk = await openPlayground();
  const app = await connectRaw(desk.playground);
  await desk.playground.command({ as: 'liisa', channel: 'support', command: '/ticket' });
  const url = word(app.payloads('slash_command')[0]?.['response_url']);
  return { ...desk, app, respond: (body: object) => send(url, body) };
}

async function send(url: string, body: object): Promise<[number, string]> {
  const answered = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return [answered.status, await answered.text()];
}

test('a response is for one person unless it says in_channel', async () => {
  const { playground, respond, support } = await typed();
  expect(await respond({ text: 'for you' })).toEqual([200, 'ok']);
  expect(await respond({ text: 'for all', response_type: 'in_channel' })).toEqual([200, 'ok']);
  expect(playground.ephemerals('liisa')).toMatchObject([{ text: 'for you' }]);
  expect(playground.readMessages(support)).toMatchObject([{ text: 'for all', subtype: 'bot_message' }]);
});

test('a response_url works five times', async () => {
  const { respond } = await typed();
  for (let use = 0; use < USES; use += 1) expect((await respond({ text: 'x' }))[0]).toBe(200);
  const [status, body] = await respond({ text: 'x' });
  expect([status, body]).toEqual([404, '{"ok":false,"error":"used_url"}']);
});

test('a response_url works for thirty minutes', async () => {
  const { respond, clock } = await typed();
  clock.advance(30 * 60_000);
  expect((await respond({ text: 'x' }))[0]).toBe(200);
  clock.advance(1);
  expect(await respond({ text: 'x' })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
});

test('the response to a click can replace or delete what was clicked, ephemeral or not', async () => {
  const { playground, call, support, liisa, app } = await typed();
  const { ts } = await call('chat.postMessage', { channel: support, text: 'card', blocks: [takeButton] });
  await playground.click({ as: 'liisa', channel: support, ts: String(ts), actionId: 'take' });
  const lastUrl = () => word(app.payloads('block_actions').at(-1)?.['response_url']);
  await send(lastUrl(), { text: 'taken', replace_original: true });
  expect(playground.readMessages(support)).toMatchObject([{ ts, text: 'taken' }]);
  const { message_ts: shown } = await call('chat.postEphemeral', { channel: support, user: liisa, text: 'yours?', blocks: [takeButton] });
  await playground.click({ as: 'liisa', channel: support, ts: String(shown), actionId: 'take' });
  expect(app.payloads('block_actions').at(-1)).toMatchObject({ container: { is_ephemeral: true, message_ts: shown } as JsonObject });
  await send(lastUrl(), { delete_original: true });
  expect(playground.ephemerals('liisa')).toEqual([]);
});
