import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isNull } from 'drizzle-orm';
import { MINUTE, SECOND } from '#clock.ts';
import type { Database } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { type Playground, type SettableClock, settableClock, startPlayground } from '../../playground/workspace.ts';
import { type Dialect, DIALECTS, openUnchecked } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { SERVER_WITH_CLOCK, type ServerProcess, serverProcess } from '../support/process.ts';
import { type Receiver, startReceiver } from './receiver.ts';

export const OUR_ADDRESS = 'support@pohjola.test';
export const CHANNEL = 'support';

/** Longer than a node's silence until it is taken for dead: what it had taken is free when the next one starts. */
const DOWNTIME = MINUTE;
/** Slack repeats an event a minute after, and five minutes after that. */
const REDELIVERIES = [MINUTE + SECOND, 5 * MINUTE + SECOND];
const LOOK_EVERY_MS = 15;
const SETTLE_MS = 40_000;
const MAX_JOBS = 2_000;

/** One server process and where it listens for mail. */
export interface Node {
  server: ServerProcess;
  mailPort: number;
}

/** Everything outside the server, which outlives it: Slack, the customers' mail server, the database; and the server, to be killed. */
export interface World {
  playground: Playground;
  receiver: Receiver;
  /** All nodes on this database. */
  nodes: Node[];
  /** The first of them, and mostly the only one. */
  server: ServerProcess;
  mailPort: number;
  /** What the server is started with. */
  environment: Record<string, string>;
  db: Database;
  databaseUrl: string;
  downtimeMs: number;
  /** How far the server's clock is ahead of ours. */
  aheadMs: number;
  slackClock: SettableClock;
  close(): Promise<void>;
}

/** What there is before the first server starts. */
export interface Beginning {
  /** What each node runs: an entry and its arguments. */
  programs?: string[][];
  /** A desk that somebody else has run: its database, its folder with the files, its workspace, and what the time was. */
  past?: { url: string; folder: string; workspace: string; truth: { now: string } };
  url?: string;
}

export async function openWorld(
  dialect: Dialect,
  environment: Record<string, string> = {},
  { programs = [[SERVER_WITH_CLOCK]], past, url: given }: Beginning = {},
): Promise<World> {
  const folder = past?.folder ?? (await mkdtemp(join(tmpdir(), 'tiketti-crash-')));
  const beginning = past ? new Date(past.truth.now) : new Date();
  const slackClock = settableClock(beginning);
  const playground = await openWorkspace(slackClock, past?.workspace);
  const receiver = await startReceiver();
  const url = past?.url ?? given ?? (await DIALECTS[dialect]());
  const settings = {
    DATABASE_URL: url,
    FILES_URL: `file:${join(folder, 'files')}`,
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_APP_TOKEN: playground.appToken,
    SLACK_API_URL: playground.apiUrl,
    MAIL_SMTP_URL: `smtp://127.0.0.1:${receiver.port}`,
    MAIL_FROM: `Pohjola Support <${OUR_ADDRESS}>`,
    PORT: '0',
    TIKETTI_HOLD_SECONDS: '0',
    TIKETTI_SECRET: 'a'.repeat(64),
    LOG_LEVEL: 'info',
    ...environment,
  };
  const db = await openUnchecked(url, { maxConnections: 2 });
  const nodes = await Promise.all(programs.map((program) => nodeOf(program, settings)));
  const [first] = nodes;
  if (!first) throw new Error('A world has a server.');
  return {
    playground,
    receiver,
    nodes,
    server: first.server,
    mailPort: first.mailPort,
    environment: { ...settings, MAIL_LISTEN: `127.0.0.1:${first.mailPort}` },
    db,
    databaseUrl: url,
    downtimeMs: DOWNTIME,
    slackClock,
    aheadMs: beginning.getTime() - Date.now(),
    async close() {
      await Promise.all(nodes.map(({ server }) => server.kill()));
      await db.close();
      await receiver.stop();
      await playground.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The workspace as it was left, or a new one with two agents in it. */
async function openWorkspace(clock: SettableClock, dataFile: string | undefined): Promise<Playground> {
  if (dataFile) return startPlayground({ manifest: 'manifest.yml', rateScale: 0, clock, dataFile });
  const playground = await startPlayground({ manifest: 'manifest.yml', rateScale: 0, clock });
  playground.addPerson({ name: 'anna', realName: 'Anna Aalto', email: 'anna@pohjola.test', isOwner: true, isAdmin: true });
  playground.addPerson({ name: 'ben', realName: 'Ben Brown', email: 'ben@pohjola.test', isOwner: true, isAdmin: true });
  playground.addChannel({ name: CHANNEL, members: ['anna', 'ben', 'bot'] });
  return playground;
}

async function nodeOf(program: string[], environment: Record<string, string>): Promise<Node> {
  const mailPort = await freePort();
  return { mailPort, server: serverProcess(program, { ...environment, MAIL_LISTEN: `127.0.0.1:${mailPort}` }) };
}

/** Starts every node some minutes later by its clock, as after a power cut. */
export function launch(world: World): void {
  world.aheadMs += world.downtimeMs;
  for (const node of world.nodes) launchNode(world, node);
}

/** Starts one node beside the others: their clocks go on. */
export function launchNode(world: World, { server }: Node): void {
  server.launch({ TEST_CLOCK_AHEAD_MS: String(world.aheadMs) });
}

export async function restart(world: World): Promise<void> {
  launch(world);
  await Promise.all(world.nodes.map(({ server }) => server.opened()));
}

export async function moveClock(world: World, toMs: number): Promise<void> {
  world.aheadMs = Math.max(world.aheadMs, Math.ceil(toMs - Date.now()));
  await Promise.all(world.nodes.map(({ server }) => server.order({ aheadMs: world.aheadMs })));
}

/**
 * Lets everything happen that will ever happen by itself: due jobs, those that wait for their time (the clocks are moved),
 * events Slack delivers again.
 */
export async function settle(world: World): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  await drain(world, deadline);
  for (const pause of REDELIVERIES) {
    world.slackClock.advance(pause);
    await drain(world, deadline);
  }
}

async function drain(world: World, deadline: number): Promise<void> {
  for (;;) {
    await world.playground.settled(SETTLE_MS);
    const jobs = await openJobs(world.db);
    if (jobs.length === 0 && world.playground.sockets.isQuiet()) return;
    if (Date.now() > deadline)
      throw new Error(`Not settled: ${JSON.stringify(jobs.slice(0, 10), null, 1)}\n${world.server.lines.slice(-15).join('\n')}`);
    await step(world, jobs);
    await wait(LOOK_EVERY_MS);
  }
}

/** When everything waits for its time and nothing is under way, the time has come. */
async function step(world: World, jobs: Row<'jobs'>[]): Promise<void> {
  if (jobs.some((job) => job.claimedUntil !== null)) return;
  // Only the first of a lane can be next.
  const heads = jobs.filter((job) => job.lane === null || !jobs.some((other) => other.lane === job.lane && isBefore(other, job)));
  const next = Math.min(...heads.map((job) => job.runAt.getTime()));
  if (Number.isFinite(next) && next > Date.now() + world.aheadMs) await moveClock(world, next + 1);
}

function isBefore(other: Row<'jobs'>, job: Row<'jobs'>): boolean {
  return other.rank < job.rank || (other.rank === job.rank && other.id < job.id);
}

function openJobs(db: Database): Promise<Row<'jobs'>[]> {
  return db.select().from(db.tables.jobs).where(isNull(db.tables.jobs.stoppedAt)).limit(MAX_JOBS);
}
