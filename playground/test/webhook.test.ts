import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { once } from 'node:events';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readBytes } from '../body.ts';
import { openPlayground } from './support/api.ts';

test('in HTTP mode commands and events are signed posts that Bolt accepts', async () => {
  const { playground, support } = await openPlayground();
  const heard: string[] = [];
  const receiver = new HTTPReceiver({ signingSecret: playground.signingSecret, logLevel: LogLevel.ERROR });
  const clientOptions = { slackApiUrl: playground.apiUrl };
  const app = new App({ token: playground.botToken, receiver, clientOptions, convoStore: false, logLevel: LogLevel.ERROR });
  app.command('/ticket', async ({ ack, command }) => ack(`You said ${command.text}`));
  app.message(async ({ message }) => void heard.push(message.channel));
  const server = await app.start(0);
  onTestFinished(async () => void (await app.stop()));
  await playground.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);

  const typed = { as: 'liisa', channel: support, command: '/ticket', text: 'hello' };
  expect(await playground.command(typed)).toMatchObject({ isAcked: true, text: 'You said hello' });
  playground.post({ as: 'liisa', channel: support, text: 'x' });
  await expect.poll(() => heard).toEqual([support]);
  expect(playground.problems).toEqual([]);
});

test('in HTTP mode an event answered with an error comes again, with its number and the reason', async () => {
  const { playground, support } = await openPlayground();
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    void readBytes(request).then((bytes) => {
      const { challenge } = JSON.parse(bytes.toString('utf8')) as { challenge?: string };
      if (!challenge) seen.push(request.headers);
      response.writeHead(challenge || seen.length > 1 ? 200 : 500).end(challenge ?? '');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  await playground.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  playground.post({ as: 'liisa', channel: support, text: 'x' });
  await expect.poll(() => seen.map((headers) => headers['x-slack-retry-reason'])).toEqual([undefined, 'http_error']);
  expect(seen[1]).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-signature': expect.stringMatching(/^v0=[0-9a-f]{64}$/) });
});

test('a request URL that does not echo the challenge is not taken', async () => {
  const { playground } = await openPlayground();
  await expect(playground.deliverTo(`${playground.url}/nowhere`)).rejects.toThrow(/did not echo the challenge: 404/);
});
