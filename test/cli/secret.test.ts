import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY, later, MINUTE } from '#clock.ts';
import { readDataConfig } from '#config.ts';
import { keptSecrets, readSecrets, secretsIn } from '#config/secret.ts';
import { createTokens } from '#tokens.ts';
import { keepPresence } from '#jobs/presence.ts';
import { rotateSecret } from '../../src/cli/secret.ts';
import { openDesk } from '../../src/main/open-desk.ts';
import { recordLines } from '../support/lines.ts';

let folder: string;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiketti-secret-'));
  environment = { DATABASE_URL: `file:${join(folder, 'tiketti.db')}`, FILES_URL: `file:${join(folder, 'files')}` };
});
afterEach(() => rm(folder, { recursive: true }));

const keep = { keepDays: 90, forgetOld: false };
const secrets = () => readDataConfig(environment).secrets;

test('after a rotation the new secret is current, and what the old one signed is accepted until its time is over', async () => {
  const [before] = secrets();
  const { out, lines } = recordLines();
  expect(await rotateSecret(environment, keep, out)).toBe(0);
  const after = secrets();
  expect(after).toHaveLength(2);
  expect(after[0]).not.toBe(before);
  expect(after[1]).toBe(before);
  const old = createTokens([before], 'pohjola.test');
  const tokens = createTokens(after, 'pohjola.test');
  expect(tokens.readReplyAddress(old.replyAddress('support@pohjola.test', 7))).toEqual({ address: 'support@pohjola.test', ticketId: 7 });
  expect(tokens.readMessageId(old.messageId(7))).toBe(7);
  expect(tokens.isOwnInstance(old.instance)).toBe(true);
  expect(keptSecrets(join(folder, 'tiketti.db'), later(new Date(), 91 * DAY))).toEqual([after[0]]);
  expect(lines.join('\n')).not.toContain(after[0]);
});

test('each rotation keeps the ones before, for its owner only, and drops those that are over', async () => {
  await rotateSecret(environment, { ...keep, keepDays: 1 }, recordLines().out);
  await rotateSecret(environment, keep, recordLines().out);
  expect(secrets()).toHaveLength(3);
  const path = join(folder, 'secret');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const [current, newest, oldest] = (await readFile(path, 'utf8')).trim().split('\n');
  await writeFile(path, `${current}\n${newest}\n${oldest?.split(' ')[0]} 2026-01-01T00:00:00.000Z 2026-01-02T00:00:00.000Z\n`);
  expect(secrets()).toHaveLength(2);
  await rotateSecret(environment, keep, recordLines().out);
  expect(readSecrets(path).older).toHaveLength(2);
});

test('--forget-old accepts nothing that was signed before', async () => {
  const [before] = secrets();
  await rotateSecret(environment, { ...keep, forgetOld: true }, recordLines().out);
  expect(secrets()).toHaveLength(1);
  expect(secrets()[0]).not.toBe(before);
});

test('beside a running server nothing is forgotten under its feet, and a restart is asked for', async () => {
  const config = readDataConfig(environment);
  const desk = await openDesk({ config: { ...config, LOG_LEVEL: 'error' } });
  const lease = keepPresence(desk, 'server');
  await expect.poll(() => desk.db.$count(desk.db.tables.leases)).toBe(1);
  expect(await rotateSecret(environment, { ...keep, forgetOld: true }, recordLines().out)).toBe(75);
  expect(secrets()).toEqual(config.secrets);
  const { out, lines } = recordLines(true);
  expect(await rotateSecret(environment, keep, out)).toBe(0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ rotated: true, restart: true, resealed: null });
  await lease.stop();
  await desk.db.close();
});

test('two rotations at once are one; a lock that a crash left is taken over after ten minutes', async () => {
  secrets();
  const lock = join(folder, 'secret.rotating');
  await writeFile(lock, '1');
  await expect(rotateSecret(environment, keep, recordLines().out)).rejects.toThrow(lock);
  const before = later(new Date(), -11 * MINUTE);
  await utimes(lock, before, before);
  expect(await rotateSecret(environment, keep, recordLines().out)).toBe(0);
});

test('a secret from the environment is left there: the command says what to set, where, and in which order', async () => {
  const own = 'a'.repeat(64);
  const { out, lines } = recordLines(true);
  expect(await rotateSecret({ DATABASE_URL: 'postgres://desk@127.0.0.1/none', TIKETTI_SECRET: own }, keep, out)).toBe(0);
  const { steps } = JSON.parse(lines[0] ?? '') as { steps: { value: string }[] };
  const next = steps[2]?.value ?? '';
  // Every node must know the new one before any node signs with it.
  expect(steps.map(({ value }) => value)).toEqual([`${own} ${next}`, `${next} ${own}`, next]);
  for (const { value } of steps) expect(readDataConfig({ ...environment, TIKETTI_SECRET: value }).secrets).toEqual(value.split(' '));
});

test('several secrets may stand in TIKETTI_SECRET; a sentence as a secret stays one', () => {
  const [one, two] = ['a'.repeat(32), 'b'.repeat(40)];
  expect(secretsIn(`${one}, ${two}`)).toEqual([one, two]);
  expect(secretsIn('four words make one secret, long enough')).toEqual(['four words make one secret, long enough']);
});
