import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendMail } from '../support/letters.ts';
import { prepareServer, type Server } from './server.ts';

vi.setConfig({ testTimeout: 90_000 });

const MAILS = 12;
const MAX_STOP_MS = 10_000;
/** For what other processes of a busy machine must get done. */
const PATIENCE_MS = 30_000;

/** A mail server that takes the whole mail and then says nothing, until it is told to. */
async function startSilentServer() {
  let isSilent = true;
  let taken = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    closeTimeout: 10,
    onData(stream, _session, callback) {
      stream.resume().once('end', () => {
        taken += 1;
        if (!isSilent) callback();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.server.address();
  return {
    port: typeof place === 'object' && place ? place.port : 0,
    taken: () => taken,
    speak: () => void (isSilent = false),
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

let silent: Awaited<ReturnType<typeof startSilentServer>>;
let server: Server;
beforeAll(async () => {
  silent = await startSilentServer();
  server = await prepareServer({ MAIL_SMTP_URL: `smtp://127.0.0.1:${silent.port}` });
  await server.start();
});
afterAll(async () => {
  await server.close();
  await silent.close();
});

const sendOne = (number: number) =>
  sendMail(server.mailPort(), {
    from: `customer${number}@asiakas.test`,
    to: 'support@pohjola.test',
    subject: `Kassa ${number}`,
    text: `Kassa numero ${number} ei aukea, voitteko auttaa?`,
  });

const deliveries = () => server.db.select().from(server.db.tables.deliveries);

/** Asks as a probe would, until nobody answers any more. */
async function watchProbe(port: number): Promise<string[]> {
  const heard: string[] = [];
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`);
      heard.push(`${response.status} ${await response.text()}`);
    } catch {
      return heard;
    }
  }
}

test('asked to stop with everything under way, it ends in time, says meanwhile that it is stopping, and leaves what comes right', async () => {
  const { playground } = server;
  playground.faults.calls({ method: 'chat.postMessage', kind: 'hang', times: 4 });
  await Promise.all(Array.from({ length: MAILS }, (_, number) => sendOne(number)));
  // Mails wait for an answer, calls for Slack, one HTTP client is in the middle of its request, another mail client says nothing.
  await eventually(async () => silent.taken() > 0, PATIENCE_MS);
  const half = connect(server.webPort(), '127.0.0.1').on('error', () => {});
  half.write('POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  const idle = connect(server.mailPort(), '127.0.0.1').on('error', () => {});
  await once(idle, 'data');
  const probe = watchProbe(server.webPort());
  const startedAt = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(MAX_STOP_MS);
  expect((await probe).some((heard) => heard.startsWith('503') && heard.includes('The server is stopping.'))).toBe(true);
  expect(server.lines.join('\n')).not.toContain('"level":"error"');

  // Whether a silent server took a mail is not known: it is stated, and nobody is "sending" any more.
  const states = (await deliveries()).map(({ state }) => state);
  expect(states).toContain('unknown');
  expect(states).not.toContain('sending');
  playground.faults.clear();
  silent.speak();
  await server.start();
  const cards = (number: number) =>
    playground.readMessages('support').filter(({ text }) => text.includes(` · Kassa ${number} from`)).length;
  const numbers = Array.from({ length: MAILS }, (_, number) => number);
  await eventually(async () => numbers.every((number) => cards(number) > 0), PATIENCE_MS);
  expect(numbers.map(cards)).toEqual(numbers.map(() => 1));
  expect(await server.db.$count(server.db.tables.tickets)).toBe(MAILS);
  expect(await deliveries()).toHaveLength(MAILS);
});

test('asked to stop before it is open, it ends at once', async () => {
  const slack = createServer(() => {}).listen(0, '127.0.0.1');
  await once(slack, 'listening');
  const asked = once(slack, 'request');
  const opening = await prepareServer({ SLACK_API_URL: `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/` });
  const failed = opening.start().catch((error: unknown) => error);
  await asked;
  const startedAt = performance.now();
  expect(await opening.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(String(await failed)).toContain('did not open');
  await opening.close();
  slack.closeAllConnections();
  slack.close();
});
