import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, readDataConfig } from '#config.ts';
import { placeOf } from '#config/files.ts';
import { DAY, HOUR, later, MINUTE, systemClock } from '#clock.ts';
import { openBucket } from '#files/s3.ts';
import type { FileStore } from '#files/store.ts';
import { explain } from '../../src/cli/explain.ts';
import { eventually } from '../support/eventually.ts';
import { BUCKET, type S3Server, startS3 } from '../support/s3.ts';

const BYTES = Buffer.from('Hei, tulostin on tulessa.');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const KEY = `desk/${SHA256.slice(0, 2)}/${SHA256}`;
const OBJECT = new RegExp(`^${KEY}$`);
const HURRIED = { answerMs: 150, bodyMs: 150, waitsMs: [1, 1, 1], hurryMs: 50 };

let server: S3Server;
let files: FileStore;
beforeEach(async () => {
  server = await startS3();
  files = bucket();
});
afterEach(() => server.stop());

function bucket(changed: Record<string, string> = {}, patience = HURRIED): FileStore {
  const place = placeOf(readDataConfig({ TIKETTI_SECRET: 's'.repeat(64), ...server.environment, ...changed }));
  if (!place) throw new Error('No bucket is named.');
  return openBucket(place, systemClock, patience);
}

async function wordsOf(act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.then(
    () => new Error('It went well.'),
    (error: unknown) => error,
  );
  const words = error instanceof Error ? error.message : String(error);
  for (const secret of Object.entries(server.environment)
    .filter(([name]) => /KEY/.test(name))
    .map(([, value]) => value))
    expect(words).not.toContain(secret);
  return words;
}

test.each([
  ['500', { status: 500, code: 'InternalError' }],
  ['503 without a word', { status: 503 }],
  ['SlowDown', { status: 503, code: 'SlowDown' }],
  ['429', { status: 429, code: 'TooManyRequests' }],
])('a server that answers %s is asked again until it can', async (_what, answer) => {
  server.refuse('PUT', answer, 3);
  expect(await files.put(BYTES)).toBe(SHA256);
  server.refuse('GET', answer, 2);
  expect(await files.get(SHA256)).toEqual(new Uint8Array(BYTES));
});

test('a server that never can is given up, by its name', async () => {
  server.refuse('PUT', { status: 500, code: 'InternalError' }, 99);
  expect(await wordsOf(files.put(BYTES))).toMatch(new RegExp(`^Bucket "${BUCKET}" at 127.0.0.1:\\d+ answered PUT with 500 InternalError`));
  expect(server.asked).toHaveLength(1 + HURRIED.waitsMs.length);
});

test('an answer that never comes is waited for once, then asked for again', async () => {
  server.fallSilent('PUT');
  expect(await files.put(BYTES)).toBe(SHA256);
  server.fallSilent('GET', 99);
  expect(await wordsOf(files.get(SHA256))).toContain('gave no whole answer to GET: it took too long. Check AWS_ENDPOINT_URL_S3');
});

test.each([
  ['that is silent', (one: S3Server) => one.fallSilent('GET', 99)],
  ['to be asked again', (one: S3Server) => one.refuse('GET', { status: 503 }, 99)],
])('a desk that closes does not wait for a bucket %s', async (_how, hinder) => {
  const patient = bucket({}, { ...HURRIED, answerMs: 60_000, waitsMs: [60_000, 60_000, 60_000] });
  server.objects.set(KEY, { bytes: BYTES, at: new Date() });
  hinder(server);
  const words = wordsOf(patient.get(SHA256));
  await eventually(async () => server.asked.length > 0);
  patient.hurry();
  expect(await words).toContain(`Bucket "${BUCKET}"`);
  expect(server.asked.length).toBeLessThanOrEqual(2);
});

test('an answer that breaks off half-way is asked for again', async () => {
  await files.put(BYTES);
  server.breakOff();
  expect(Buffer.from(await files.get(SHA256)).equals(BYTES)).toBe(true);
});

test('a file that was cut short in the bucket is told, and mended by storing it again', async () => {
  await files.put(BYTES);
  server.objects.set(KEY, { bytes: BYTES.subarray(0, 9), at: new Date() });
  await expect(files.get(SHA256)).rejects.toThrow(`File ${SHA256} is damaged: its 9 bytes`);
  await files.put(BYTES);
  expect(Buffer.from(await files.get(SHA256)).equals(BYTES)).toBe(true);
});

test.each([
  ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'another' }, 'refused the signature: AWS_SECRET_ACCESS_KEY does not belong'],
  ['an unknown key', { AWS_ACCESS_KEY_ID: 'AKIOTHER' }, 'does not know this AWS_ACCESS_KEY_ID'],
  ['a missing bucket', { FILES_URL: 's3://no-such-bucket' }, 'Bucket "no-such-bucket" at'],
  ['another region', { AWS_REGION: 'us-west-2' }, 'is in another region: set AWS_REGION to "eu-north-1"'],
  ['a session nobody opened', { AWS_SESSION_TOKEN: 'old' }, 'refused AWS_SESSION_TOKEN'],
])('%s is not tried again, and told as a setting to mend', async (_what, changed, words) => {
  const wrong = bucket(changed);
  expect(await wordsOf(wrong.put(BYTES))).toContain(words);
  expect(server.asked).toHaveLength(1);
  await expect(wrong.check()).rejects.toThrow(ConfigError);
  await expect(wrong.has(SHA256)).rejects.toThrow(words);
});

test('a command that fails for its bucket says so in one line, and whether trying again helps', async () => {
  const isWrong = await bucket({ AWS_SECRET_ACCESS_KEY: 'another' }).get(SHA256).catch(explain);
  expect(isWrong).toEqual({ words: expect.stringMatching(/^Bucket "desk-files" at .*refused the signature/), code: 78 });
  server.refuse('GET', { status: 503 }, 99);
  const isAway = await files.get(SHA256).catch(explain);
  expect(isAway).toEqual({ words: expect.stringMatching(/^Bucket "desk-files" at .* answered GET with 503\./), code: 75 });
});

test('a key that may not is told which rights it needs', async () => {
  server.refuse('PUT', { status: 403, code: 'AccessDenied' });
  expect(await wordsOf(files.put(BYTES))).toContain(
    `does not allow PUT. The key needs s3:GetObject, s3:PutObject and s3:DeleteObject on ${BUCKET}/desk/*`,
  );
});

test('clocks that differ too much are told with how much', async () => {
  server.clock.skewMs = HOUR;
  expect(await wordsOf(files.put(BYTES))).toMatch(/the time of this machine, which is 3[56]\d\d s away from its own/);
});

test('a session is named in every request', async () => {
  await server.stop();
  server = await startS3({ sessionToken: 'today+1/2=' });
  files = bucket({ AWS_SESSION_TOKEN: 'today+1/2=' });
  expect(await files.get(await files.put(BYTES))).toEqual(new Uint8Array(BYTES));
});

test('a bucket nobody listens for is passing trouble: the desk may open without it', async () => {
  const { url } = server;
  await server.stop();
  const words = await wordsOf(files.check());
  expect(words).toContain(`Bucket "${BUCKET}" at ${new URL(url).host} gave no whole answer to PUT`);
  expect(words).toContain('ECONNREFUSED');
  await expect(files.check()).rejects.not.toThrow(ConfigError);
  server = await startS3();
});

test('1,200 files under two letters are all listed', async () => {
  const names = Array.from({ length: 1_200 }, (_, number) => `ab${number.toString(16).padStart(62, '0')}`);
  for (const name of names) server.objects.set(`desk/ab/${name}`, { bytes: BYTES, at: new Date() });
  server.objects.set('desk/ab/notes.txt', { bytes: BYTES, at: new Date() });
  expect((await files.list('ab')).toSorted()).toEqual(names);
  expect(server.asked).toHaveLength(2);
});

test('what lies elsewhere in the bucket is no file of the desk', async () => {
  await bucket({ FILES_URL: `s3://${BUCKET}` }).put(BYTES);
  expect(server.objects.has(KEY.replace('desk/', ''))).toBe(true);
  expect([await files.has(SHA256), await files.list(SHA256.slice(0, 2))]).toEqual([false, []]);
});

const old = () => server.objects.set(KEY, { bytes: BYTES, at: later(systemClock.now(), -DAY) });
const anHourAgo = () => later(systemClock.now(), -HOUR);

test('bytes stored while the same old ones are being removed are there in the end', async () => {
  old();
  const patient = bucket({}, { ...HURRIED, waitsMs: [20, 100, 500] });
  let storing: Promise<string> | undefined;
  // The removal has looked and found them old; its order to delete arrives after the new bytes.
  server.before('DELETE', OBJECT, async () => {
    storing = patient.put(BYTES);
    await eventually(async () => server.asked.includes(`PUT ${KEY}`));
  });
  expect(await files.removeOlder(SHA256, anHourAgo())).toBe(true);
  expect(await storing).toBe(SHA256);
  expect(Buffer.from(await files.get(SHA256)).equals(BYTES)).toBe(true);
});

test('bytes stored just before a removal looks make it leave them', async () => {
  old();
  server.before('PUT', /removing/, async () => void (await files.put(BYTES)));
  expect(await files.removeOlder(SHA256, anHourAgo())).toBe(false);
  expect([...server.objects.keys()]).toEqual([KEY]);
});

test('bytes that are gone before their storing is over are stored again', async () => {
  server.before('GET', /removing/, async () => void server.objects.delete(KEY));
  expect(await files.put(BYTES)).toBe(SHA256);
  expect(server.objects.has(KEY)).toBe(true);
});

test('two removals at once do not hide each other from whoever stores', async () => {
  old();
  const patient = bucket({}, { ...HURRIED, waitsMs: [20, 100, 500] });
  let storing: Promise<string> | undefined;
  server.before('DELETE', OBJECT, async () => {
    // The second one begins and ends while the first waits to delete.
    server.objects.set(KEY, { bytes: BYTES, at: later(systemClock.now(), -DAY) });
    await files.removeOlder(SHA256, anHourAgo());
    storing = patient.put(BYTES);
    await eventually(async () => server.asked.filter((one) => one === `PUT ${KEY}`).length > 0);
  });
  await files.removeOlder(SHA256, anHourAgo());
  expect(await storing).toBe(SHA256);
  expect([...server.objects.keys()]).toEqual([KEY]);
});

test('an order to delete that got no answer may still arrive, so nothing is stored there for some minutes', async () => {
  old();
  server.fallSilent('DELETE');
  await expect(files.removeOlder(SHA256, anHourAgo())).rejects.toThrow('gave no whole answer to DELETE');
  await expect(files.put(BYTES)).rejects.toThrow('is just being removed by another process');
  for (const [key, object] of server.objects) if (key.includes('removing')) object.at = later(systemClock.now(), -6 * MINUTE);
  expect(await files.put(BYTES)).toBe(SHA256);
  expect([...server.objects.keys()]).toEqual([KEY]);
});

test.each([-10, 10])('young bytes stay and old ones leave when the clocks differ by %i minutes', async (minutes) => {
  server.clock.skewMs = minutes * MINUTE;
  await files.put(BYTES);
  expect(await files.removeOlder(SHA256, later(systemClock.now(), -MINUTE))).toBe(false);
  server.objects.set(KEY, { bytes: BYTES, at: later(systemClock.now(), server.clock.skewMs - 5 * MINUTE) });
  expect(await files.removeOlder(SHA256, later(systemClock.now(), -MINUTE))).toBe(true);
});
