import { createHmac } from 'node:crypto';
import { LogLevel, WebClient } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpConnection, type SlackRequest } from '#slack/http.ts';
import { startPlayground } from '../../playground/workspace.ts';
import { freshSqlite } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { eventually } from '../support/eventually.ts';

test('a house that Slack no longer knows is not connected; known again, it looks for what it missed', async () => {
  const playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0 });
  onTestFinished(() => playground.stop());
  const desk = await testDesk(await freshSqlite());
  onTestFinished(() => desk.db.close());
  const client = new WebClient(playground.botToken, {
    slackApiUrl: playground.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
  const connection = createHttpConnection(desk, { signingSecret: playground.signingSecret, client, watchMs: 5 });
  const gaps: number[] = [];
  connection.onBack((gapMs) => gaps.push(gapMs));
  expect(connection.isConnected()).toBe(false);
  await connection.start();
  onTestFinished(() => connection.stop());
  expect(connection.isConnected()).toBe(true);
  playground.faults.calls({ method: 'auth.test', kind: 'error', error: 'token_revoked', times: 1_000_000 });
  await eventually(async () => !connection.isConnected());
  desk.clock.advance(60_000);
  playground.faults.clear();
  await eventually(async () => connection.isConnected());
  expect(gaps).toEqual([60_000]);
  expect(desk.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('nobody can say of a time that every event reached us, so words are always read again', async () => {
  const desk = await testDesk(await freshSqlite());
  onTestFinished(() => desk.db.close());
  const connection = createHttpConnection(desk, { signingSecret: 'x'.repeat(32), client: new WebClient('xoxb-1') });
  await connection.start();
  onTestFinished(() => connection.stop());
  expect(connection.isConnected()).toBe(true);
  expect(connection.wasHealthySince(desk.clock.now())).toBe(false);
});

test('before it is open and once it closes, the house leaves what Slack posts to be posted again', async () => {
  const desk = await testDesk(await freshSqlite());
  onTestFinished(() => desk.db.close());
  const signingSecret = 'x'.repeat(32);
  const connection = createHttpConnection(desk, { signingSecret, client: new WebClient('xoxb-1') });
  const heard: unknown[] = [];
  connection
    .receiver(() => ({
      async processEvent(event) {
        heard.push(event.body);
        await event.ack();
      },
    }))
    .init({} as never);
  const post = () =>
    connection.answer(signed(JSON.stringify({ type: 'event_callback', event: {} }), { signingSecret, at: desk.clock.now() }));
  expect((await post()).status).toBe(503);
  await connection.start();
  expect((await post()).status).toBe(200);
  await connection.stop();
  expect((await post()).status).toBe(503);
  expect(heard).toHaveLength(1);
});

function signed(text: string, { signingSecret, at }: { signingSecret: string; at: Date }): SlackRequest {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${text}`).digest('hex')}`;
  return { body: Buffer.from(text), contentType: 'application/json', timestamp, signature, retryNum: null, retryReason: null };
}
