import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freshSqliteUrl } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { raw } from '../support/raw.ts';

vi.setConfig({ testTimeout: 60_000 });

let house: TestHouse;
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await freshSqliteUrl();
  house = await startTestHouse({ databaseUrl });
});
afterAll(async () => {
  await house.stop();
});

const MEGABYTE = 1024 * 1024;

/** Sends these very bytes, and answers with what became of them. */
async function post(bytes: string | Buffer, from = 'sender@asiakas.test') {
  const { response } = await sendMail(house.mailPort ?? 0, { envelope: { from, to: OUR_ADDRESS }, raw: bytes });
  const id = Number(/Stored as (\d+)/.exec(response)?.[1]);
  const { mails } = house.desk.db.tables;
  return eventually(async () => {
    const rows = await house.desk.db.select().from(mails).orderBy(desc(mails.id));
    return rows.find((mail) => mail.id === id && mail.state !== 'stored');
  });
}

const letter = (from: string, ...rest: string[]) => [`From: ${from}@asiakas.test`, `To: ${OUR_ADDRESS}`, ...rest].join('\r\n');
const multipart = 'Content-Type: multipart/mixed; boundary=x';
const nested = (depth: number): string =>
  Array.from({ length: depth }, (_, at) => `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`).join('');

test.each([
  ['a multipart that never ends', letter('a1', multipart, '', '--x', 'Content-Type: text/plain', '', 'Printer is on fi')],
  ['a multipart without its boundary', letter('a2', 'Content-Type: multipart/mixed', '', 'Printer')],
  ['a boundary that never comes', letter('a3', multipart, '', 'Printer is on fire')],
  ['base64 that is none', letter('a4', 'Content-Transfer-Encoding: base64', '', '%%%% not base64 ????')],
  ['a charset nobody knows', letter('a5', 'Content-Type: text/plain; charset=klingon-8', '', 'Printer')],
  ['a subject that breaks off', letter('a6', 'Subject: =?utf-8?B?VHVsb3N0?= =?utf-8?Q?=F0=9F', '', 'Printer')],
  ['zero bytes in the middle', letter('a7', 'Subject: Prin\0ter', '', 'On\0 fire')],
  ['two senders and no date', letter('a8', 'From: other@asiakas.test', 'Date: yesterday', '', 'Printer')],
  ['a header of 300 kB', letter('a9', `X-Trace: ${'x'.repeat(300_000)}`, 'Subject: Printer', '', 'On fire')],
  ['20,000 headers', letter('b1', ...Array.from({ length: 20_000 }, (_, at) => `X-H${at}: v`), '', 'Printer')],
  ['parts within parts within parts', letter('b2', 'Content-Type: multipart/mixed; boundary=b0', '', nested(400))],
  ['an attached mail that is broken', letter('b3', multipart, '', '--x', 'Content-Type: message/rfc822', '', ':::', '--x--')],
  ['bytes of no charset', Buffer.concat([Buffer.from(letter('b4', '', '')), randomBytes(3_000)])],
  ['lines of 500 kB', letter('b5', 'Content-Type: text/html', '', `<p>${'<b>x'.repeat(100_000)}</p>`)],
])('%s becomes a ticket', async (_what, bytes) => {
  const mail = await post(bytes);
  expect(mail).toMatchObject({ state: 'processed', outcome: 'created' });
  expect(mail.ticketId).not.toBeNull();
});

test.each([
  ['random bytes', randomBytes(5_000)],
  ['no sender', 'Subject: Printer\r\n\r\nOn fire'],
  ['a sender that is no address', 'From: <<<>>>\r\nSubject: Printer\r\n\r\nIn flames'],
  ['nothing at all', '\r\n'],
])('%s is kept for a person to judge, with the reason', async (_what, bytes) => {
  const mail = await post(bytes);
  expect(mail).toMatchObject({ state: 'quarantined', ticketId: null });
  expect(mail.reasons.length).toBeGreaterThan(0);
});

test('empty mails of two people are two tickets, each with a card', async () => {
  const first = await post(letter('empty1', '', ''));
  const second = await post(letter('empty2', '', ''));
  expect([first.outcome, second.outcome]).toEqual(['created', 'created']);
  expect(first.ticketId).not.toBe(second.ticketId);
  await house.playground.until(() => {
    const text = JSON.stringify(house.playground.readMessages('support'));
    return text.includes('empty1@asiakas.test') && text.includes('empty2@asiakas.test');
  });
});

test('a mail of 30 MB arrives whole, its file byte for byte in Slack; small ones are not kept waiting', async () => {
  const bytes = randomBytes(21 * MEGABYTE);
  const large = sendMail(house.mailPort ?? 0, {
    from: 'large@asiakas.test',
    to: OUR_ADDRESS,
    subject: 'The plans',
    text: 'Here are the plans.',
    attachments: [{ filename: 'plans.bin', content: bytes }],
  });
  const small = await post(letter('small', 'Subject: Small', '', 'Quick question'));
  expect(small.outcome).toBe('created');
  await large;
  const digest = (one: Uint8Array) => createHash('sha256').update(one).digest('hex');
  await eventually(async () => [...house.playground.bytes.values()].some((one) => digest(one) === digest(bytes)), 30_000);
  await house.playground.until(() =>
    house.playground.calls.some(
      (call) => call.method === 'files.completeUploadExternal' && JSON.stringify(call.body).includes('plans.bin'),
    ),
  );
});

test('a mail that cannot be stored is asked for again, and taken as soon as it can be', async () => {
  const mail = letter('patient', 'Subject: Patience', '', 'I can wait');
  await raw(databaseUrl, "create trigger full before insert on mails begin select raise(abort, 'no room'); end");
  await expect(post(mail)).rejects.toMatchObject({ responseCode: 451 });
  await raw(databaseUrl, 'drop trigger full');
  expect((await post(mail)).outcome).toBe('created');
  // Said once, and not ours.
  const said = house.lines.findIndex((line) => line.includes('A mail could not be stored'));
  house.lines.splice(said, 1);
});

test('a mail over the limit is refused for good, and its sender is told the limit', async () => {
  const endless = Readable.from([
    Buffer.from(letter('huge', '', '')),
    ...Array.from({ length: 36 }, () => Buffer.alloc(MEGABYTE, 'x\r\n')),
  ]);
  const refused = sendMail(house.mailPort ?? 0, { envelope: { from: 'huge@asiakas.test', to: OUR_ADDRESS }, raw: endless });
  await expect(refused).rejects.toMatchObject({ responseCode: 552, response: expect.stringContaining('36700160') });
});

test('after all that the house works, and nothing of it was an error of ours', async () => {
  const mail = await post(letter('last', 'Subject: Still there?', '', 'Hello?'));
  expect(mail.outcome).toBe('created');
  await eventually(async () => (await house.desk.db.$count(house.desk.db.tables.jobs)) === 0);
  expect(house.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  expect(house.playground.problems).toEqual([]);
});
