import { createHmac } from 'node:crypto';
import { count } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { settableClock, type SettableClock } from '../support/desk.ts';
import { startTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
let clock: SettableClock;
beforeAll(async () => {
  clock = settableClock(new Date().toISOString());
  house = await startTestHouse({ clock, isHttp: true });
});
afterAll(() => house.stop());

interface Post {
  body: string;
  type?: string;
  /** Seconds the request is older than the house's clock. */
  age?: number;
  secret?: string;
  signature?: string;
  headers?: Record<string, string>;
}

/** A request as Slack would sign it, unless something is said otherwise. */
function signed({ body, type = 'application/json', age = 0, secret = house.playground.signingSecret, signature, headers = {} }: Post) {
  const timestamp = String(Math.floor(clock.now().getTime() / 1_000) - age);
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const said = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature ?? `v0=${digest}` };
  return { method: 'POST', body, headers: { 'content-type': type, ...said, ...headers } };
}

const send = (request: RequestInit) => fetch(`http://127.0.0.1:${house.webPort}/slack/events`, request);
const post = (of: Post) => send(signed(of));

const FORM = 'application/x-www-form-urlencoded';
let events = 0;

function event(text = 'hello'): string {
  events += 1;
  const channel = house.playground.state.channels['C0DEV']?.id ?? Object.keys(house.playground.state.channels)[0];
  const message = {
    type: 'message',
    channel,
    user: 'U0NOBODY',
    text,
    ts: `1700000000.00000${events}`,
    event_ts: `1700000000.00000${events}`,
  };
  return JSON.stringify({ type: 'event_callback', team_id: 'T1', event_id: `Ev${events}`, event: message });
}

async function stored(): Promise<number> {
  const { inbox } = house.desk.db.tables;
  const [row] = await house.desk.db.select({ n: count() }).from(inbox);
  return row?.n ?? 0;
}

function command(text: string): string {
  const [channel] = Object.keys(house.playground.state.channels);
  const anna = Object.values(house.playground.state.people).find((person) => person.name === 'anna')?.id ?? '';
  const fields = { command: '/ticket', text, user_id: anna, team_id: 'T1', channel_id: channel ?? '', trigger_id: '1.2.x' };
  return new URLSearchParams({ ...fields, response_url: `${house.playground.url}/response/none` }).toString();
}

test('what Slack signed is stored before it is acknowledged', async () => {
  const before = await stored();
  expect((await post({ body: event() })).status).toBe(200);
  expect(await stored()).toBe(before + 1);
});

test('the address is verified by echoing the challenge, and only when Slack signed it', async () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'echo-me' });
  const response = await post({ body });
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: 'echo-me' });
  expect((await post({ body, secret: 'somebody-elses-secret' })).status).toBe(401);
});

test.each<[string, Partial<Post>]>([
  ['signed with another secret', { secret: 'somebody-elses-secret' }],
  ['without a signature', { signature: '' }],
  ['with a signature of another length', { signature: 'v0=abc' }],
  ['signed in another version', { signature: `v1=${'0'.repeat(64)}` }],
  ['more than five minutes old', { age: 301 }],
  ['more than five minutes ahead', { age: -301 }],
  ['without a time', { headers: { 'x-slack-request-timestamp': 'now' } }],
])('a request %s is refused, and nothing of it is stored', async (_how, otherwise) => {
  const before = await stored();
  expect((await post({ body: event(), ...otherwise })).status).toBe(401);
  expect(await stored()).toBe(before);
});

test('a request whose body was changed on its way is refused', async () => {
  const before = await stored();
  const request = signed({ body: event('pay 10 euros') });
  expect((await send({ ...request, body: request.body.replace('10', '99') })).status).toBe(401);
  expect(await stored()).toBe(before);
});

test('a request just within five minutes is taken', async () => {
  expect((await post({ body: event(), age: 299 })).status).toBe(200);
});

test('a body without end is not read, however it is sent', async () => {
  const body = 'x'.repeat(1024 * 1024 + 1);
  expect((await post({ body })).status).toBe(413);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let sent = 0; sent < 20; sent += 1) controller.enqueue(new Uint8Array(100_000));
      controller.close();
    },
  });
  const { headers } = signed({ body: '' });
  const endless = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit;
  expect((await send(endless)).status).toBe(413);
});

test.each([
  ['application/json', 'not json'],
  ['application/json', '[]'],
  [FORM, 'payload=%7B'],
  [FORM, 'a=b'],
])('signed nonsense (%s: %s) is refused and breaks nothing', async (type, body) => {
  expect((await post({ type, body })).status).toBe(400);
});

test('Slack saying that we get too many events is acknowledged and logged', async () => {
  expect((await post({ body: JSON.stringify({ type: 'app_rate_limited', minute_rate_limited: 1 }) })).status).toBe(200);
  expect(house.lines.some((line) => line.includes('"app_rate_limited"'))).toBe(true);
});

test('an event sent again with its number is acknowledged, and its work is done once', async () => {
  const before = await stored();
  const body = event();
  expect((await post({ body })).status).toBe(200);
  const again = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
  expect((await post({ body, headers: again })).status).toBe(200);
  expect(await stored()).toBe(before + 1);
});

test('a copy of a request does nothing: an event is known, a command is answered by silence', async () => {
  const before = await stored();
  const known = signed({ body: event() });
  expect((await send(known)).status).toBe(200);
  expect((await send(known)).status).toBe(200);
  expect(await stored()).toBe(before + 1);
  const typed = signed({ type: FORM, body: command('help') });
  expect(await (await send(typed)).text()).toContain('/ticket');
  const copied = await send(typed);
  expect({ status: copied.status, text: await copied.text() }).toEqual({ status: 200, text: '' });
});

test('a wrong secret is told once, not with every request', async () => {
  const told = house.lines.filter((line) => line.includes('A request to /slack/events was refused'));
  expect(told).toHaveLength(1);
  expect(told[0]).not.toContain(house.playground.signingSecret);
});

test('the house is connected while Slack knows its token', async () => {
  expect(await (await fetch(`http://127.0.0.1:${house.webPort}/readyz`)).json()).toMatchObject({ checks: { slack: { ok: true } } });
  await eventually(async () => house.lines.some((line) => line.includes('"slack":"http"')));
});
