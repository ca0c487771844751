import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { order, stopChild } from './child.ts';
import { OUR_ADDRESS } from './letters.ts';
import { type Server, startServer } from './server.ts';
import { type Watch, watchDatabase } from './watch.ts';

export const TOWN = fileURLToPath(new URL('./town.ts', import.meta.url));
export const ENTRY = fileURLToPath(new URL('../src/cli/index.ts', import.meta.url));
const SECRET = 'b'.repeat(64);

/** A server on a database of its own, with Slack and a mail server around it, each a process. */
export interface House {
  server: Server;
  town: ChildProcess;
  watch: Watch;
  /** What the server was started with. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  /** A database to begin with; a new one if not given. */
  seeded?: string | null;
  /** The mailbox that is read; none if not given. */
  imapUrl?: string;
  /** 1: Slack's own limits. 0: none. */
  rateScale: number;
}

export async function openHouse({ seeded, imapUrl, rateScale }: HouseOptions): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-bench-'));
  const file = join(folder, 'tiketti.db');
  if (seeded) await copyFile(seeded, file);
  const town = fork(TOWN, [String(rateScale)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const shared = await sharedEnvironment(folder, town, `file:${file}`);
    const environment = { ...shared, ...(imapUrl ? { MAIL_IMAP_URL: imapUrl } : {}) };
    const server = await startServer(environment);
    await order(town, 'connected');
    const watch = watchDatabase(file);
    return {
      server,
      town,
      watch,
      environment,
      async stop() {
        watch.close();
        await server.stop();
        await stopChild(town);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stopChild(town);
    throw error;
  }
}

/** What every server of one desk is started with. */
export async function sharedEnvironment(folder: string, town: ChildProcess, databaseUrl: string): Promise<Record<string, string>> {
  const places = await order<{ apiUrl: string; botToken: string; appToken: string; sinkPort: number }>(town, 'places');
  return {
    ...dataEnvironment(databaseUrl),
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_API_URL: places.apiUrl,
    SLACK_BOT_TOKEN: places.botToken,
    SLACK_APP_TOKEN: places.appToken,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${places.sinkPort}`,
    MAIL_LISTEN: '127.0.0.1:0',
    PORT: '0',
    TIKETTI_HOLD_SECONDS: '0',
  };
}

function dataEnvironment(databaseUrl: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, MAIL_FROM: `Bench <${OUR_ADDRESS}>`, TIKETTI_SECRET: SECRET };
}

/** A database with so many invented tickets, made by `tiketti seed`. */
export async function seedDatabase(tickets: number): Promise<{ file: string; seconds: number; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-bench-seed-'));
  const file = join(folder, 'tiketti.db');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [ENTRY, 'seed', '--tickets', String(tickets)], {
    env: { PATH: process.env['PATH'] ?? '', ...dataEnvironment(`file:${file}`), FILES_URL: `file:${join(folder, 'files')}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`tiketti seed ended with ${code}.`);
  return { file, seconds: (performance.now() - startedAt) / 1_000, remove: () => rm(folder, { recursive: true, force: true }) };
}
