import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConfigError } from '#config.ts';
import { freshPostgresUrl } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { type S3Server, startS3 } from '../support/s3.ts';

vi.setConfig({ testTimeout: 60_000 });

const LIISA = 'liisa@asiakas.test';
const PICTURE = randomBytes(300_000);
const MANUAL = randomBytes(50_000);

let server: S3Server;
let house: TestHouse | undefined;
beforeEach(async () => {
  server = await startS3();
});
afterEach(async () => {
  await house?.stop();
  house = undefined;
  await server.stop();
});

const keyOf = (bytes: Uint8Array) => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `desk/${sha256.slice(0, 2)}/${sha256}`;
};

const mailIn = (house: TestHouse) =>
  sendMail(house.mailPort ?? 0, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    subject: 'Tulostin ei toimi',
    text: 'Hei, kuva on liitteenä. Tulostin ei tulosta mitään aamusta lähtien.',
    attachments: [{ filename: 'kuva.png', content: PICTURE }],
  });

test('on PostgreSQL with its files in a bucket, a mail with a picture comes in and an answer with a manual goes out', async () => {
  const databaseUrl = await freshPostgresUrl();
  house = await startTestHouse({ databaseUrl, environment: server.environment });
  const { playground, sink } = house;
  await mailIn(house);
  const card = await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-1')));
  expect(server.objects.get(keyOf(PICTURE))?.bytes.equals(PICTURE)).toBe(true);
  // The whole mail was too large for a row; it lies in the bucket beside its picture.
  const [mail] = await house.desk.db.select().from(house.desk.db.tables.mails);
  expect(server.objects.has(`desk/${mail?.rawFile?.slice(0, 2)}/${mail?.rawFile}`)).toBe(true);
  await eventually(async () => [...playground.bytes.values()].some((bytes) => Buffer.from(bytes).equals(PICTURE)));

  const files = [{ name: 'ohje.pdf', bytes: MANUAL }];
  playground.post({ as: 'anna', channel: 'support', threadTs: card.ts, text: 'Hei Liisa, ohje on liitteenä. Kokeile sitä.', files });
  const answer = await sink.mail((one) => one.to.includes(LIISA) && one.mail.attachments.some((file) => file.filename === 'ohje.pdf'));
  const sent = answer.mail.attachments.find((file) => file.filename === 'ohje.pdf');
  expect(Buffer.from(sent?.content as ArrayBuffer).equals(MANUAL)).toBe(true);
  expect(server.objects.get(keyOf(MANUAL))?.bytes.equals(MANUAL)).toBe(true);
});

test('a large mail that the bucket cannot take now is asked for again later, not lost and not acknowledged', async () => {
  house = await startTestHouse({ environment: server.environment });
  server.refuse('PUT', { status: 403, code: 'AccessDenied' });
  await expect(mailIn(house)).rejects.toThrow('451 4.3.0');
  expect(await house.desk.db.$count(house.desk.db.tables.mails)).toBe(0);
  const refusal = house.lines.find((line) => line.includes('A mail could not be stored')) ?? '';
  expect(refusal).toContain('does not allow PUT');
  for (const secret of [server.environment['AWS_SECRET_ACCESS_KEY'], server.environment['AWS_ACCESS_KEY_ID']])
    expect(house.lines.join()).not.toContain(secret);
  await mailIn(house);
  await eventually(async () => (await house?.desk.db.$count(house.desk.db.tables.tickets)) === 1);
});

test('a desk does not open on a bucket it may not use, and opens on one that is only away', async () => {
  await expect(startTestHouse({ environment: { ...server.environment, FILES_URL: 's3://another-bucket' } })).rejects.toThrow(ConfigError);
  server.refuse('PUT', { status: 503, code: 'SlowDown' });
  house = await startTestHouse({ environment: server.environment });
  expect(house.lines.find((line) => line.includes('Files cannot be stored at this moment'))).toContain('503 SlowDown');
});
