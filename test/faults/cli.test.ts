import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Playground, startPlayground } from '../../playground/workspace.ts';
import { freshSqliteUrl } from '../support/databases.ts';
import { raw } from '../support/raw.ts';
import { run } from './command.ts';

// A process of its own takes its time where many run.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let playground: Playground;
let complete: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiketti-cli-'));
  playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0 });
  complete = {
    DATABASE_URL: `file:${join(folder, 'tiketti.db')}`,
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    SLACK_API_URL: playground.apiUrl,
    MAIL_SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'Support <support@pohjola.test>',
    MAIL_LISTEN: '127.0.0.1:0',
    PORT: '0',
  };
});
afterAll(async () => {
  await playground.stop();
  await rm(folder, { recursive: true, force: true });
});

const NOWHERE = 'file:/dev/null/tiketti.db';
const MAIL = 'From: Liisa <liisa@asiakas.test>\nTo: support@pohjola.test\nSubject: Tulostin\n\nTulostin ei toimi.\n';

/** A database that a program to come has changed. */
async function newerDatabase(): Promise<string> {
  const url = await freshSqliteUrl();
  await raw(url, "insert into __drizzle_migrations (hash, created_at) values ('to come', 99999999999999)");
  return url;
}

describe.concurrent('start', () => {
  test('lists every setting that is missing, and exits 78', async () => {
    const { code, out, err } = await run(['start']);
    expect({ code, out }).toEqual({ code: 78, out: '' });
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'MAIL_SMTP_URL', 'MAIL_FROM']) expect(err).toContain(`- ${name} is missing`);
  });

  test('says that Slack refuses the bot token, where to get another, never the token, and exits 78', async () => {
    const { code, out, err } = await run(['start'], { environment: { ...complete, SLACK_BOT_TOKEN: 'xoxb-not-the-one' } });
    expect({ code, err }).toEqual({
      code: 78,
      err: expect.stringMatching(/refuses the bot token \(invalid_auth\).*api\.slack\.com\/apps/),
    });
    expect(out + err).not.toContain('not-the-one');
  });

  test('refuses a database that was made for another workspace, and exits 78', async () => {
    const url = await freshSqliteUrl();
    await raw(url, `insert into settings (key, value, updated_at) values ('slack.team', '"T0ELSEWHERE"', 0)`);
    const { code, err } = await run(['start'], { environment: { ...complete, DATABASE_URL: url } });
    expect({ code, err }).toEqual({ code: 78, err: expect.stringContaining('was made for the Slack workspace T0ELSEWHERE') });
  });

  test('says that Slack cannot be reached, and exits 75: a supervisor tries again', async () => {
    const environment = { ...complete, DATABASE_URL: await freshSqliteUrl(), SLACK_API_URL: 'http://127.0.0.1:1/api/' };
    const { code, err } = await run(['start'], { environment });
    expect({ code, err }).toEqual({ code: 75, err: expect.stringMatching(/^Slack can't be reached at http:\/\/127\.0\.0\.1:1\/api\/ /) });
  });

  test('says which port somebody else has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const place = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const environment = { ...complete, DATABASE_URL: await freshSqliteUrl(), MAIL_LISTEN: place };
    const { code, err } = await run(['start'], { environment });
    other.close();
    expect({ code, err }).toEqual({ code: 75, err: expect.stringContaining(`Can't listen on ${place} (EADDRINUSE). Check MAIL_LISTEN`) });
  });

  test('says so of the web port too, before any door is open', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const environment = { ...complete, DATABASE_URL: await freshSqliteUrl(), PORT: String(port) };
    const { code, err, out } = await run(['start'], { environment });
    other.close();
    const words = `Can't listen on 127.0.0.1:${port} (EADDRINUSE). Check HOST and PORT, and that no other Tiketti runs here.\n`;
    expect({ code, err }).toEqual({ code: 75, err: words });
    expect(out).not.toContain('Tiketti is open');
  });

  test('says that an address is not one of this machine, and exits 78', async () => {
    const environment = { ...complete, DATABASE_URL: await freshSqliteUrl(), HOST: '192.0.2.1' };
    const { code, err } = await run(['start'], { environment });
    expect({ code, err }).toEqual({ code: 78, err: expect.stringContaining("Can't listen on 192.0.2.1:0 (EADDRNOTAVAIL)") });
  });

  test('refuses a database that a newer program made, and exits 78', async () => {
    const { code, err } = await run(['start'], { environment: { ...complete, DATABASE_URL: await newerDatabase() } });
    expect({ code, err }).toEqual({ code: 78, err: expect.stringMatching(/^The database is newer than this program/) });
  });
});

describe.concurrent('migrate', () => {
  test('makes the database, and has nothing to do the second time', async () => {
    const environment = { DATABASE_URL: `file:${join(folder, 'new', 'tiketti.db')}` };
    const first = await run(['migrate', '--json'], { environment });
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(await run(['migrate', '--json'], { environment })).toEqual(first);
  });

  test.each([
    ['newer', 78, /^The database is newer than this program/],
    ['no database', 78, /^DATABASE_URL names a file that is no database/],
    ['no folder', 78, /^A file or folder can't be used: .*\/dev\/null.* Check DATABASE_URL/],
    ['no server', 75, /^The database can't be reached: .*ECONNREFUSED/],
  ])('in front of what is %s exits %i and says so in one line', async (what, expected, words) => {
    const text = join(folder, 'text.db');
    await writeFile(text, 'These are words. '.repeat(100));
    const urls: Record<string, string> = {
      newer: await newerDatabase(),
      'no database': `file:${text}`,
      'no folder': NOWHERE,
      'no server': 'postgres://nobody:secret@127.0.0.1:1/tiketti',
    };
    const { code, err } = await run(['migrate'], { environment: { DATABASE_URL: urls[what] ?? '', TIKETTI_SECRET: 'a'.repeat(64) } });
    expect({ code, err }).toEqual({ code: expected, err: expect.stringMatching(words) });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).not.toContain('secret@');
  });
});

describe.concurrent('receive', () => {
  const environment = async () => ({ ...complete, DATABASE_URL: await freshSqliteUrl() });

  test('answers 0 and one line once a mail is stored; the same mail again is stored once', async () => {
    const own = await environment();
    const first = await run(['receive', '--to', 'support@pohjola.test'], { environment: own, input: MAIL });
    expect({ ...first, out: JSON.parse(first.out) as unknown }).toMatchObject({
      code: 0,
      err: '',
      out: { outcome: 'created', ticket: 'TK-1' },
    });
    const second = await run(['receive', '--to', 'support@pohjola.test'], { environment: own, input: MAIL });
    expect({ ...second, out: JSON.parse(second.out) as unknown }).toMatchObject({
      code: 0,
      err: '',
      out: { outcome: 'duplicate', ticket: 'TK-1' },
    });
  });

  test.each([
    ['the settings are wrong', { TIKETTI_LOCALE: 'de' }],
    ['the folder cannot be used', { DATABASE_URL: NOWHERE }],
  ])('answers 75 when %s, so the mail server keeps the mail', async (_why, wrong) => {
    const { code, out, err } = await run(['receive'], { environment: { ...complete, ...wrong }, input: MAIL });
    expect({ code, out, err }).toEqual({ code: 75, out: '', err: expect.stringMatching(/^Not stored, try again\. \S/) });
  });

  test('answers 75 on a full disk, and 0 when there is room again', async () => {
    const own = await environment();
    // Only a file can hold it, and that may have 64 kB.
    const input = `${MAIL}${'Lorem ipsum dolor sit amet. '.repeat(12_000)}\n`;
    const full = await run(['receive'], { environment: own, input, maxFileKilobytes: 64 });
    expect(full).toEqual({ code: 75, out: '', err: expect.stringMatching(/Nothing more can be written: .* Is the disk full\?/) });
    const { code, out } = await run(['receive'], { environment: own, input });
    expect({ code, out: JSON.parse(out) as unknown }).toMatchObject({ code: 0, out: { outcome: 'created', ticket: 'TK-1' } });
  });

  test('refuses for good what is no mail at all', async () => {
    const { code, out, err } = await run(['receive'], { environment: await environment() });
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining('A mail of 0 bytes is not taken') });
  });
});

test('a command nobody knows is a usage error', async () => {
  const { code, err } = await run(['frobnicate']);
  expect({ code, err }).toEqual({ code: 64, err: expect.stringContaining("unknown command 'frobnicate'") });
});
