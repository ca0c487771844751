import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { askPostgres } from '../test/support/ask-postgres.ts';
import { type PostgresServer, startPostgres } from '../test/support/postgres-server.ts';
import { order, stopChild } from './child.ts';
import { median, rounded } from './figures.ts';
import { sharedEnvironment, TOWN } from './house.ts';
import { type Letter, makeLetters, MIX } from './letters.ts';
import { CONNECTIONS, sendAll } from './send.ts';
import { type Server, startServer } from './server.ts';

const WARM_UP = 100;
const SETTLE_MS = 30_000;
/** A rate so low that the run is given up. */
const WORST_PER_SECOND = 5;
const LOOK_EVERY_MS = 25;

interface Town {
  town: ChildProcess;
  servers: Server[];
  books: Client;
  stop(): Promise<void>;
}

/** One burst of mails over SMTP on one PostgreSQL, handed to one node, or by turns to two. */
export async function measureNodes({ mails, runs }: { mails: number; runs: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-bench-postgres-'));
  try {
    const postgres = await startPostgres(folder, { isDurable: true });
    try {
      const bursts = { one: [] as Burst[], two: [] as Burst[] };
      for (let run = 0; run < runs; run += 1) {
        bursts.one.push(await measureRun(postgres, { nodes: 1, mails, run }));
        bursts.two.push(await measureRun(postgres, { nodes: 2, mails, run }));
      }
      return {
        mails,
        runs,
        connections: CONNECTIONS,
        sizes: MIX,
        one: figuresOf(bursts.one),
        two: figuresOf(bursts.two),
        meaning: MEANING,
      };
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const MEANING =
  'as under mail, but on a PostgreSQL that writes to the disk before it answers, by one node or by two; PostgreSQL runs on the same cores too. Medians of the runs.';

interface Burst {
  storedPerSecond: number;
  confirmedPerSecond: number;
  cpuMsPerMail: number;
}

function figuresOf(bursts: Burst[]) {
  const middle = (figure: (one: Burst) => number, digits = 1) => rounded(median(bursts.map(figure)), digits);
  return {
    storedPerSecond: middle((one) => one.storedPerSecond),
    confirmedPerSecond: middle((one) => one.confirmedPerSecond),
    nodesCpuMsPerMail: middle((one) => one.cpuMsPerMail, 2),
    each: bursts.map((one) => ({ storedPerSecond: rounded(one.storedPerSecond), confirmedPerSecond: rounded(one.confirmedPerSecond) })),
  };
}

async function measureRun(postgres: PostgresServer, { nodes, mails, run }: { nodes: number; mails: number; run: number }): Promise<Burst> {
  const town = await openTown(postgres, `bench_${nodes}_${run}`, nodes);
  try {
    await burst(town, makeLetters(WARM_UP, `warm${run}`));
    return await burst(town, makeLetters(mails, `run${run}`));
  } finally {
    await town.stop();
  }
}

async function openTown(postgres: PostgresServer, name: string, nodes: number): Promise<Town> {
  await askPostgres(`${postgres.url}/postgres`, `create database ${name}`);
  const url = `${postgres.url}/${name}`;
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-bench-nodes-'));
  const town = fork(TOWN, ['1'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const servers: Server[] = [];
  const stop = async () => {
    for (const server of servers) await server.stop();
    await stopChild(town);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const environment = await sharedEnvironment(folder, town, url);
    for (let node = 0; node < nodes; node += 1) servers.push(await startServer(environment));
    await order(town, 'connected');
    const books = new Client({ connectionString: url });
    await books.connect();
    return { town, servers, books, stop: () => books.end().then(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function burst({ town, servers, books }: Town, letters: Letter[]): Promise<Burst> {
  const deadlineMs = SETTLE_MS + (letters.length / WORST_PER_SECOND) * 1_000;
  const taken = await order<number>(town, 'taken');
  const cpuBefore = await cpuOf(servers);
  const before = await countsOf(books);
  const startedAt = performance.now();
  const seconds = (at: number) => (at - startedAt) / 1_000;
  const confirmed = order<{ agoMs: number }>(town, 'takenAll', { count: taken + letters.length, deadlineMs }, deadlineMs + 5_000).then(
    ({ agoMs }) => performance.now() - agoMs,
  );
  const stored = untilStored(books, before.deliveries + letters.length, deadlineMs);
  const parts = servers.map((_, node) => letters.filter((_letter, index) => index % servers.length === node));
  const sent = servers.map(({ mailPort }, node) => sendAll(mailPort, parts[node] ?? [], CONNECTIONS / servers.length));
  const [storedAt, confirmedAt] = await Promise.all([stored, confirmed, ...sent]);
  return {
    storedPerSecond: letters.length / seconds(storedAt),
    confirmedPerSecond: letters.length / seconds(confirmedAt),
    cpuMsPerMail: ((await cpuOf(servers)) - cpuBefore) / letters.length,
  };
}

async function cpuOf(servers: Server[]): Promise<number> {
  const all = await Promise.all(servers.map((server) => server.ask()));
  return all.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

async function countsOf(books: Client): Promise<{ undecided: number; deliveries: number }> {
  const { rows } = await books.query(
    `select (select count(*)::int from mails where state <> 'processed') as undecided, (select count(*)::int from deliveries) as deliveries`,
  );
  return rows[0] as { undecided: number; deliveries: number };
}

/** Every mail is a ticket with its confirmation queued. */
async function untilStored(books: Client, deliveries: number, deadlineMs: number): Promise<number> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const now = await countsOf(books);
    if (now.undecided === 0 && now.deliveries >= deliveries) return performance.now();
    if (performance.now() > deadline) throw new Error(`Waited ${deadlineMs} ms in vain; there is ${JSON.stringify(now)}.`);
    await wait(LOOK_EVERY_MS);
  }
}
