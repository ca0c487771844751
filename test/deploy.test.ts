import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '#config.ts';
import { stepsOf } from './support/image.ts';

/** What an operator would have made by docs/install.md. */
const SECRETS: Record<string, string> = {
  database_url: 'postgres://tiketti:abc123@database/tiketti',
  postgres_password: 'abc123',
  tiketti_secret: 's'.repeat(64),
  slack_bot_token: 'xoxb-1',
  slack_app_token: 'xapp-1',
  mail_smtp_url: 'smtps://user:password@mail.example.com',
};
const FROM = 'Support <support@example.com>';
const STOP_SECONDS = 10;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiketti-deploy-'));
  for (const [name, value] of Object.entries(SECRETS)) await writeFile(join(folder, name), `${value}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const service = z.object({
  image: z.string(),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string().regex(/^\d+s$/),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
  volumes: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()),
});
const compose = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

async function readCompose() {
  const { services, ...rest } = compose.parse(parse(await readFile('compose.yml', 'utf8')));
  const { tiketti, database } = services;
  if (!tiketti || !database) throw new Error('A service is missing.');
  return { ...rest, services, tiketti, database };
}

test('what compose hands to the desk is a whole configuration', async () => {
  const { tiketti } = await readCompose();
  const environment = Object.entries(tiketti.environment).map(([name, value]) => {
    const given = name === 'MAIL_FROM' ? FROM : value.replace(/^\$\{\w+:-(.*)\}$/, '$1');
    return [name, given.replace('/run/secrets', folder)];
  });
  // The image has its own idea of where the data lies.
  const config = readConfig({ DATABASE_URL: 'file:/data/tiketti.db', ...Object.fromEntries(environment) });
  expect(config).toMatchObject({ DATABASE_URL: SECRETS['database_url'], SLACK_BOT_TOKEN: 'xoxb-1', TIKETTI_LOCALE: 'en' });
});

test('compose knows no password: each is a file the operator made, and starts nothing without one', async () => {
  const { services, secrets } = await readCompose();
  const named = Object.values(services).flatMap((one) => one.secrets);
  expect(Object.keys(secrets).toSorted()).toEqual([...new Set(named)].toSorted());
  for (const [name, { file }] of Object.entries(secrets)) expect(file).toBe(`./secrets/${name}`);
  for (const { environment, secrets } of Object.values(services))
    for (const [name, value] of Object.entries(environment).filter(([name]) => /TOKEN|SECRET|PASSWORD|URL/.test(name))) {
      expect(name).toMatch(/_FILE$/);
      expect(secrets.map((secret) => `/run/secrets/${secret}`)).toContain(value);
    }
  expect((await readFile('.gitignore', 'utf8')).split('\n')).toEqual(expect.arrayContaining(['/secrets/', '/.env']));
});

test('compose starts the desk when its database answers, keeps both, and lets the desk write to its volume alone', async () => {
  const { tiketti, database, volumes } = await readCompose();
  expect(tiketti.depends_on?.['database']?.condition).toBe('service_healthy');
  expect(database.healthcheck?.test).toContain('pg_isready');
  expect(Object.keys(volumes)).toEqual([tiketti, database].map((one) => one.volumes[0]?.split(':')[0]));
  expect(tiketti).toMatchObject({ read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'] });
  expect(tiketti.security_opt).toContain('no-new-privileges:true');
  expect(Number.parseInt(tiketti.stop_grace_period, 10)).toBeGreaterThan(STOP_SECONDS);
  // The web door has no login of its own: a proxy stands before it.
  expect(tiketti.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
  expect(database.ports).toBeUndefined();
});

/** Each name with all its values; a later line adds to an earlier one, as for systemd. */
async function readUnit(): Promise<Record<string, string[]>> {
  const lines = (await readFile('deploy/tiketti.service', 'utf8')).split('\n').filter((line) => line && !/^[#[]/.test(line));
  const settings: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (!name) throw new Error(`Not a setting: ${line}`);
    (settings[name] ??= []).push(value);
  }
  return settings;
}

test('what systemd hands to the desk is a whole configuration', async () => {
  const unit = await readUnit();
  const credentials = unit['LoadCredential']?.map((line) => line.split(':')[0]) ?? [];
  const inUnit = unit['Environment']?.flatMap((line) => line.split(' ')) ?? [];
  const inFile = (await readFile('deploy/tiketti.env', 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));
  const environment = Object.fromEntries(
    [...inUnit, ...inFile].map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  for (const value of Object.values(environment).filter((value) => value.startsWith('%d/'))) expect(credentials).toContain(value.slice(3));
  const values = Object.entries(environment).map(([name, value]) => [name, value.replace('%d', folder)]);
  const config = readConfig({ ...Object.fromEntries(values), TIKETTI_SECRET: SECRETS['tiketti_secret'] });
  expect(config).toMatchObject({
    DATABASE_URL: 'file:/var/lib/tiketti/tiketti.db',
    SLACK_APP_TOKEN: 'xapp-1',
    MAIL_FROM: { name: 'Support' },
  });
});

test('systemd runs the desk as nobody special, starts it again unless its settings are wrong, and gives it time to stop', async () => {
  const unit = await readUnit();
  expect(unit).toMatchObject({
    User: ['tiketti'],
    StateDirectory: ['tiketti'],
    NoNewPrivileges: ['yes'],
    ProtectSystem: ['strict'],
    ProtectHome: ['yes'],
    PrivateTmp: ['yes'],
    CapabilityBoundingSet: [''],
    Restart: ['always'],
    RestartPreventExitStatus: ['78'],
    UMask: ['0077'],
  });
  expect(Number(unit['TimeoutStopSec'])).toBeGreaterThan(STOP_SECONDS);
  // It could not compile.
  expect(unit['MemoryDenyWriteExecute']).toBeUndefined();
});

test('the unit and the image start the same program in the same way', async () => {
  const [start = ''] = (await readUnit())['ExecStart'] ?? [];
  const command = stepsOf(await readFile('Dockerfile', 'utf8')).findLast(({ word }) => word === 'CMD')?.rest ?? '[]';
  expect(start.split(' ').slice(1)).toEqual((JSON.parse(command) as string[]).slice(1));
});

test('systemd finds nothing wrong with the unit, where there is a systemd to ask', async () => {
  const analyze = await programIn('systemd-analyze');
  const unit = await readFile('deploy/tiketti.service', 'utf8');
  // The program it names is not installed here.
  const copy = join(folder, 'tiketti.service');
  await writeFile(copy, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  const { stderr } = analyze ? await verified(analyze, copy) : { stderr: '' };
  // It may have things to say of other units of this machine.
  expect(stderr.split('\n').filter((line) => line.includes('tiketti'))).toEqual([]);
});

function verified(analyze: string, unit: string): Promise<{ stderr: string }> {
  return promisify(execFile)(analyze, ['verify', '--man=no', unit]).catch((error: { stderr: string }) => error);
}

async function programIn(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const isThere = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return join(folder, name);
  }
  return null;
}
