import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendMail } from '../support/letters.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { prepareServer, type Server } from './server.ts';

vi.setConfig({ testTimeout: 60_000 });

const PASSWORD = 'parooli-jota-ei-kerrota';
const CANARY = 'Kassakaapin numero on tasan nelonen';
const ANSWER = 'Hei Liisa! Irrottakaa kaapin virtajohto minuutiksi, niin se alkaa taas toimia.';

let server: Server;
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
  const url = `smtp://desk:${PASSWORD}@127.0.0.1:${sink.port}`;
  server = await prepareServer({ MAIL_SMTP_URL: url, TIKETTI_HOLD_SECONDS: '0', LOG_LEVEL: 'debug' });
  await server.start();
});
afterAll(async () => {
  await server.close();
  await sink.stop();
});

type Line = Record<string, unknown> & { level: string; msg: string };

/** As an operator greps: `"delivery":12`. */
const about = (name: string, id: unknown) =>
  server.lines.filter((line) => line.includes(`"${name}":${String(id)},`)).map((line) => JSON.parse(line) as Line);
const said = (lines: Line[], words: string) => lines.find(({ msg }) => msg === words);

test('a mail and the reply to it can be followed from line to line, by numbers alone', async () => {
  const { playground } = server;
  await sendMail(server.mailPort(), {
    from: 'Liisa Virtanen <liisa@asiakas.test>',
    to: 'support@pohjola.test',
    subject: 'Salaisuus',
    text: `Hei,\n\nkassakaappi ei aukea mitenkään aamusta lähtien. ${CANARY}. Voitteko auttaa meitä?\n\nTerveisin Liisa`,
  });
  const card = await playground.until(() => playground.readMessages('support').find(({ text }) => text.includes('TK-1')), 20_000);
  playground.post({ as: 'anna', channel: 'support', text: ANSWER, threadTs: card.ts });
  const sent = await sink.mail(({ mail }) => (mail.text ?? '').includes('kaapin virtajohto'), 20_000);
  await eventually(async () => server.lines.filter((line) => line.includes('"A delivery was taken."')).length === 2, 20_000);

  const stored = JSON.parse(server.lines.find((line) => line.includes('"A mail is stored."')) ?? '{}') as Line;
  const mail = about('mail', stored['mail']);
  const understood = said(mail, 'A mail is understood.');
  expect(understood).toMatchObject({ outcome: 'created', kind: 'message', ticket: expect.any(Number), number: 1 });
  const held = said(about('ticket', understood?.['ticket']), 'A reply is held.');
  const released = said(about('hold', held?.['hold']), 'A held reply is released.');
  const taken = said(about('delivery', released?.['delivery']), 'A delivery was taken.');
  expect(taken).toMatchObject({ ticket: understood?.['ticket'], state: 'accepted', response: expect.stringMatching(/^250 /) });
  expect(sent.mail.messageId).toBe(taken?.['messageId']);
  // Logs are kept and paid for: a mail says two things of itself.
  expect(mail.filter(({ level }) => level === 'info')).toHaveLength(2);
});

test('of what people wrote, who they are and how we log in, not even the loudest log says a word', () => {
  const log = server.lines.join('\n');
  const { botToken, appToken } = server.playground;
  for (const secret of [
    PASSWORD,
    CANARY,
    'nelonen',
    'Salaisuus',
    'virtajohto',
    'Liisa',
    'Virtanen',
    'liisa@asiakas.test',
    'aaaaaaaa',
    botToken,
    appToken,
  ])
    expect(log).not.toContain(secret);
});
