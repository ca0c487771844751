import { createHmac } from 'node:crypto';
import type { Outgoing } from './socket.ts';
import type { JsonObject } from './state.ts';
import { word } from './words.ts';
import { type World, now } from './world.ts';

/** HTTP mode: what would go over a socket is posted to the app's request URL, signed. */
export interface Webhook {
  url: string;
  signingSecret: string;
}

const MILLISECONDS = 1_000;
const CHALLENGE = 'playground-challenge';

/** As Slack does when a request URL is saved: it must echo the challenge. */
export async function verifyWebhook(webhook: Webhook): Promise<void> {
  const body = JSON.stringify({ token: 'verification-token', challenge: CHALLENGE, type: 'url_verification' });
  const answered = await post(webhook, { body, headers: { 'content-type': 'application/json' } });
  const text = await answered.text();
  if (!answered.ok || !text.includes(CHALLENGE)) throw new Error(`${webhook.url} did not echo the challenge: ${answered.status} ${text}`);
}

export function sendOverHttp(world: World, webhook: Webhook, outgoing: Outgoing): void {
  const sentAt = now(world);
  post(webhook, message(outgoing.envelope))
    .then(async (answered) => {
      const text = await answered.text();
      if (!answered.ok) return outgoing.failed('http_error');
      const payload = payloadOf(text);
      recordAck(world, outgoing.envelope, { payload, sentAt });
      outgoing.acked(payload);
    })
    .catch(() => outgoing.failed('connection_failed'));
}

function message(envelope: JsonObject): { body: string; headers: Record<string, string> } {
  const payload = envelope['payload'] as JsonObject;
  if (envelope['type'] === 'events_api') {
    const attempt = word(envelope['retry_attempt']);
    const retry = attempt === '0' ? {} : { 'x-slack-retry-num': attempt, 'x-slack-retry-reason': word(envelope['retry_reason']) };
    return { body: JSON.stringify(payload), headers: { 'content-type': 'application/json', ...retry } };
  }
  const isCommand = envelope['type'] === 'slash_commands';
  const fields = isCommand ? Object.entries(payload).map(([name, value]) => [name, word(value)]) : [['payload', JSON.stringify(payload)]];
  return {
    body: new URLSearchParams(fields as [string, string][]).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}

/** The app checks the time against its own clock, so here the machine's is meant. */
function post(webhook: Webhook, { body, headers }: { body: string; headers: Record<string, string> }): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / MILLISECONDS));
  const signature = `v0=${createHmac('sha256', webhook.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const signed = { ...headers, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
  return fetch(webhook.url, { method: 'POST', headers: signed, body });
}

function payloadOf(text: string): JsonObject {
  if (text === '') return {};
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return { text };
  }
}

function recordAck(world: World, envelope: JsonObject, ack: { payload: JsonObject; sentAt: number }): void {
  const sent = envelope['payload'] as JsonObject;
  const event = sent['event'] as JsonObject | undefined;
  const kind = word(event?.['type'] ?? sent['command'] ?? sent['type']);
  world.recorder.call({ method: 'ack', kind, body: ack.payload, ok: true, t: now(world), received_at: ack.sentAt });
  world.bus.changed('ack', {});
}
