import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, readConfig, readDataConfig } from '#config.ts';

let folder: string;
let complete: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiketti-config-'));
  complete = {
    DATABASE_URL: `file:${join(folder, 'tiketti.db')}`,
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    MAIL_SMTP_URL: 'smtp://127.0.0.1:25',
    MAIL_FROM: 'Support <support@example.com>',
  };
});
afterAll(() => rm(folder, { recursive: true }));

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('everything that is missing is named at once, and where to get it', () => {
  const problems = problemsOf({ DATABASE_URL: 'postgres://user@host/db' });
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'SLACK_BOT_TOKEN',
    'MAIL_SMTP_URL',
    'MAIL_FROM',
    'SLACK_APP_TOKEN',
    'TIKETTI_SECRET',
  ]);
  expect(problems.join()).toContain('api.slack.com/apps');
  expect(problems.join()).toContain('openssl rand -hex 32');
});

test.each([
  ['DATABASE_URL', 'mysql://host/db'],
  ['FILES_URL', 'ftp://host'],
  ['SLACK_BOT_TOKEN', 'xoxp-1'],
  ['SLACK_APP_TOKEN', 'xoxb-1'],
  ['SLACK_SIGNING_SECRET', 'short'],
  ['SLACK_API_URL', 'not a url'],
  ['MAIL_SMTP_URL', 'mail.example.com'],
  ['MAIL_SMTP_URL', 'smtp://mail.example.com:99999'],
  ['MAIL_SMTP_URL', 'smtps://user:100%sure@mail.example.com'],
  ['MAIL_IMAP_URL', 'https://mail.example.com'],
  ['MAIL_IMAP_URL', 'imaps://'],
  ['MAIL_TRUSTED_SERVERS', 'mx example com!'],
  ['MAIL_FROM', 'support'],
  ['MAIL_LISTEN', '2525'],
  ['MAIL_LISTEN', '127.0.0.1:99999'],
  ['HOST', 'http://127.0.0.1'],
  ['PORT', '65536'],
  ['PORT', 'http'],
  ['PUBLIC_URL', 'desk.example.com'],
  ['TIKETTI_SECRET', 'short'],
  ['TIKETTI_LOCALE', 'de'],
  ['TIKETTI_TIME_ZONE', 'Europe/Nowhere'],
  ['TIKETTI_ADMINS', '@anna'],
  ['TIKETTI_HOLD_SECONDS', '181'],
  ['TIKETTI_HOLD_SECONDS', 'soon'],
  ['TIKETTI_HOLD_SECONDS', '-1'],
  ['TIKETTI_HOLD_SECONDS', '1.5'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_ADDRESSES', 'perhaps'],
])('%s=%s is refused in words that say what it should be', (name, value) => {
  const problems = problemsOf({ ...complete, [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name} must `));
});

test('wrong settings are listed together with missing ones', () => {
  const { MAIL_FROM: _, ...rest } = complete;
  expect(problemsOf({ ...rest, TIKETTI_LOCALE: 'de', LOG_LEVEL: 'loud' })).toHaveLength(3);
});

test('a setting of blanks is a missing one', () => {
  expect(problemsOf({ ...complete, MAIL_FROM: ' ' })).toEqual([expect.stringContaining('MAIL_FROM is missing')]);
});

test('any setting may be the name of a file that holds it; one that cannot be read is told', async () => {
  const path = join(folder, 'token');
  await writeFile(path, 'xoxb-from-a-file\n');
  const { SLACK_BOT_TOKEN: _, ...rest } = complete;
  expect(readConfig({ ...rest, SLACK_BOT_TOKEN_FILE: path }).SLACK_BOT_TOKEN).toBe('xoxb-from-a-file');
  const problems = problemsOf({ ...complete, MAIL_SMTP_URL_FILE: join(folder, 'none') });
  expect(problems).toEqual([expect.stringMatching(/^MAIL_SMTP_URL_FILE names .* cannot be read \(ENOENT\)/)]);
});

test('the secret is made once, kept beside the database, and readable by nobody else', async () => {
  const [made] = readConfig(complete).secrets;
  const [again] = readConfig(complete).secrets;
  expect(again).toBe(made);
  const path = join(folder, 'secret');
  expect((await readFile(path, 'utf8')).trim()).toBe(made);
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect((await readdir(folder)).filter((name) => name.startsWith('secret'))).toEqual(['secret']);
});

test('a damaged secret is told, not replaced: every address signed with it would be void', async () => {
  const place = await mkdtemp(join(folder, 'damaged-'));
  await writeFile(join(place, 'secret'), 'abc');
  expect(() => readConfig({ ...complete, DATABASE_URL: `file:${join(place, 'tiketti.db')}` })).toThrow(/is damaged: restore it/);
});

test('commands that touch only the data ask for neither Slack nor a mail server', () => {
  expect(readDataConfig({ DATABASE_URL: complete['DATABASE_URL'] ?? '' })).toMatchObject({ TIKETTI_HOLD_SECONDS: 15 });
});

test('a mail server is read from its address: port, encryption, login and folder', () => {
  const { MAIL_IMAP_URL, MAIL_SMTP_URL, MAIL_TRUSTED_SERVERS } = readConfig({
    ...complete,
    MAIL_IMAP_URL: 'imaps://support%40example.com:p%40ss@imap.example.com/Asiakkaat',
    MAIL_SMTP_URL: 'smtp://mail.example.com',
    MAIL_TRUSTED_SERVERS: 'mx.google.com, *.Example.com',
  });
  expect(MAIL_IMAP_URL).toEqual({
    host: 'imap.example.com',
    port: 993,
    security: 'tls',
    userName: 'support@example.com',
    password: 'p@ss',
    folder: 'Asiakkaat',
  });
  expect(MAIL_SMTP_URL).toMatchObject({ host: 'mail.example.com', port: 587, security: 'offered', userName: '' });
  expect(MAIL_TRUSTED_SERVERS).toEqual(['mx.google.com', '*.example.com']);
  expect(readConfig(complete).MAIL_SMTP_URL).toMatchObject({ port: 25, security: 'none' });
});

test('Slack is connected to by an app token, or comes by itself with its signing secret; one of them must be given', () => {
  const { SLACK_APP_TOKEN, ...neither } = complete;
  expect(problemsOf(neither)).toEqual([expect.stringMatching(/^SLACK_APP_TOKEN is missing\..* SLACK_SIGNING_SECRET .*HTTP mode\.$/)]);
  expect(problemsOf({ ...neither, SLACK_SIGNING_SECRET: 'f'.repeat(32) })).toEqual([]);
  expect(problemsOf({ ...neither, SLACK_APP_TOKEN: SLACK_APP_TOKEN ?? '' })).toEqual([]);
});

test('the web server is for this machine only until somebody says otherwise', () => {
  expect(readConfig(complete)).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, PUBLIC_URL: 'http://127.0.0.1:3000' });
  expect(readConfig({ ...complete, HOST: '::1', PORT: '8080' }).PUBLIC_URL).toBe('http://[::1]:8080');
  expect(readConfig({ ...complete, PUBLIC_URL: 'https://desk.example.com/' }).PUBLIC_URL).toBe('https://desk.example.com');
});
