import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDataConfig } from '#config.ts';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { doctor } from '../../src/cli/doctor.ts';
import { type Check, ok } from '../../src/cli/doctor/check.ts';
import { clock } from '../../src/cli/doctor/clock.ts';
import { CHECKS } from '../../src/cli/doctor/checks.ts';
import { openDesk } from '../../src/main/open-desk.ts';
import { recordLines } from '../support/lines.ts';
import { raw } from '../support/raw.ts';
import { type Sink, startSink } from '../support/sink.ts';

let home: string;
let playground: Playground;
let sink: Sink;
let complete: Record<string, string>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tiketti-doctor-'));
  playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0 });
  sink = await startSink();
  complete = {
    DATABASE_URL: `file:${join(home, 'tiketti.db')}`,
    FILES_URL: `file:${join(home, 'files')}`,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    SLACK_API_URL: playground.apiUrl,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_FROM: 'Support <support@pohjola.test>',
    PORT: '0',
  };
  const desk = await openDesk({ config: { ...readDataConfig(complete), LOG_LEVEL: 'error' } });
  await desk.db.close();
});
afterAll(async () => {
  await sink.stop();
  await playground.stop();
  await rm(home, { recursive: true });
});

type Told = { name: string; state: string; words: string; todo?: string };

async function examine(environment: Record<string, string>, checks: readonly Check[] = CHECKS) {
  const terminal = recordLines(true);
  const code = await doctor(environment, terminal, checks);
  const { checks: told } = JSON.parse(terminal.lines[0] ?? '') as { checks: Told[] };
  return { code, told, of: (name: string) => told.find((one) => one.name === name) };
}

test('where everything is well it says so line by line, and exits 0', async () => {
  const { code, told } = await examine(complete);
  expect(told.filter(({ state }) => state !== 'ok' && state !== 'warning').map(({ name }) => name)).toEqual(['IMAP']);
  expect(code).toBe(0);
  expect(sink.mails).toEqual([]);
});

test.each([
  ['configuration', { MAIL_FROM: 'support' }, 'MAIL_FROM'],
  ['Slack', { SLACK_BOT_TOKEN: 'xoxb-not-the-one' }, 'Copy it again'],
  ['Slack', { SLACK_API_URL: 'http://127.0.0.1:9/api/' }, 'SLACK_API_URL'],
  ['Slack', { SLACK_APP_TOKEN: 'xapp-not-the-one' }, 'SLACK_APP_TOKEN'],
  ['SMTP', { MAIL_SMTP_URL: 'smtp://127.0.0.1:9' }, 'Check host, port'],
  ['IMAP', { MAIL_IMAP_URL: 'imap://127.0.0.1:9' }, 'Check host, port'],
  ['files', { FILES_URL: 'file:/dev/null/files' }, 'FILES_URL'],
  ['database', { DATABASE_URL: 'postgres://desk@127.0.0.1:9/none', TIKETTI_SECRET: 'a'.repeat(64) }, 'DATABASE_URL'],
])('%s that is wrong (%o) is told with what to do, beside everything else, and the exit is 1', async (name, settings, todo) => {
  const { code, told, of } = await examine({ ...complete, ...settings });
  expect(code).toBe(1);
  expect(told).toHaveLength(CHECKS.length);
  expect(of(name)).toMatchObject({ state: 'wrong', todo: expect.stringContaining(todo) });
  expect(JSON.stringify(told)).not.toMatch(/xoxb-|xapp-not|a{64}/);
});

test('a database that is older, newer or damaged is three different things', async () => {
  const desk = await openDesk({
    config: { ...readDataConfig({ ...complete, DATABASE_URL: `file:${join(home, 'other.db')}` }), LOG_LEVEL: 'error' },
  });
  await desk.db.close();
  const url = `file:${join(home, 'other.db')}`;
  await raw(url, "insert into __drizzle_migrations (hash, created_at) values ('to come', 99999999999999)");
  expect((await examine({ ...complete, DATABASE_URL: url })).of('database')).toMatchObject({
    state: 'wrong',
    words: 'newer than this program',
  });
  await raw(url, 'delete from __drizzle_migrations where id > 7');
  expect((await examine({ ...complete, DATABASE_URL: url })).of('database')).toMatchObject({
    state: 'wrong',
    todo: expect.stringContaining('tiketti migrate'),
  });
  await writeFile(join(home, 'broken.db'), 'SQLite format 3\0 and then nothing that makes sense'.repeat(200));
  expect((await examine({ ...complete, DATABASE_URL: `file:${join(home, 'broken.db')}` })).of('integrity')).toMatchObject({
    state: 'wrong',
  });
});

test('a secret others can read is wrong', async () => {
  await chmod(join(home, 'secret'), 0o644);
  expect((await examine(complete)).of('secret')).toMatchObject({ state: 'wrong', todo: expect.stringContaining('chmod 600') });
  await chmod(join(home, 'secret'), 0o600);
});

test('a secret that is missing beside its database is told, and no new one is made in its place', async () => {
  const secret = join(home, 'secret');
  await rename(secret, `${secret}.aside`);
  expect((await examine(complete)).of('secret')).toMatchObject({ state: 'wrong', todo: expect.stringContaining('from a backup') });
  expect(existsSync(secret)).toBe(false);
  await rename(`${secret}.aside`, secret);
});

test('a check that hangs or breaks does not hide the others', async () => {
  const hanging: Check = { name: 'hanging', limitMs: 30, run: () => new Promise(() => {}) };
  const broken: Check = { name: 'broken', run: () => Promise.reject(new Error('a bug')) };
  const fine: Check = { name: 'fine', run: async () => ok('yes') };
  const { code, of } = await examine(complete, [hanging, broken, fine]);
  expect(code).toBe(1);
  expect(of('hanging')?.words).toBe('no answer in 0.03 s');
  expect(of('broken')?.words).toBe('a bug');
  expect(of('fine')?.state).toBe('ok');
});

test('a clock that is more than half a minute off is told', async () => {
  const late = createServer((_request, response) =>
    response.setHeader('date', new Date(Date.now() - 60_000).toUTCString()).end('{"ok":true}'),
  );
  late.listen(0, '127.0.0.1');
  await once(late, 'listening');
  const { port } = late.address() as AddressInfo;
  const finding = await clock.run({ environment: {}, settings: { SLACK_API_URL: `http://127.0.0.1:${port}/api/` } });
  late.close();
  expect(finding).toMatchObject({ state: 'wrong', words: expect.stringMatching(/^6[01] s ahead of Slack's$/) });
});

test('a port that something else has is told, and our own server is known by its answer', async () => {
  let answer = 'something else';
  const other = createServer((_request, response) => response.end(answer));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const environment = { ...complete, PORT: String((other.address() as AddressInfo).port) };
  expect((await examine(environment)).of('web')).toMatchObject({ state: 'wrong', todo: expect.stringContaining('PORT') });
  answer = 'alive\n';
  expect((await examine(environment)).of('web')).toMatchObject({ state: 'ok' });
  other.close();
});
