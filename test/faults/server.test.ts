import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendMail } from '../support/letters.ts';
import { prepareServer, type Server } from './server.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: Server;
beforeAll(async () => {
  server = await prepareServer();
  await server.start();
});
afterAll(async () => {
  await server.close();
});

const help = () => server.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'help' });

test('Slack saying that we get too many events ends nothing: it is logged, and commands go on', async () => {
  server.playground.rateLimitEvents();
  await eventually(async () => server.lines.some((line) => line.includes('Something failed outside any request')));
  expect(server.isRunning()).toBe(true);
  expect((await help()).isAcked).toBe(true);
});

test('tokens, passwords and the words of a mail never stand in the log', async () => {
  const { playground, sink } = server;
  sink.refuse(450, '4.2.0 <liisa@asiakas.test> greylisted, come again');
  await sendMail(server.mailPort(), {
    from: 'liisa@asiakas.test',
    to: 'support@pohjola.test',
    subject: 'Salaisuus',
    text: 'Kassakaapin numero on tasan nelonen.',
  });
  await eventually(async () => server.lines.some((line) => line.includes('A mail was not taken') && line.includes('greylisted')));
  await playground.until(() => playground.readMessages('support').some((message) => message.text.includes('TK-1')));
  const log = server.lines.join('\n');
  for (const secret of [playground.botToken, playground.appToken, 'aaaaaaaa', 'nelonen', 'liisa@asiakas.test'])
    expect(log).not.toContain(secret);
});

test('asked to stop while Slack lets it wait, it stops at once; what waited comes after the next start', async () => {
  const { playground, sink } = server;
  playground.faults.calls({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterSeconds: 600 });
  await sendMail(server.mailPort(), { from: 'matti@asiakas.test', to: 'support@pohjola.test', subject: 'Lasku', text: 'Lasku puuttuu.' });
  await sink.mail((mail) => mail.to.includes('matti@asiakas.test'));
  await eventually(async () => server.lines.some((line) => line.includes('Slack asks to slow down')));
  const startedAt = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  expect(playground.sockets.count()).toBe(0);
  await server.start();
  await playground.until(() => playground.readMessages('support').some((message) => message.text.includes('TK-2')), 20_000);
  expect(playground.readMessages('support').filter((message) => message.text.includes('TK-2'))).toHaveLength(1);
});
