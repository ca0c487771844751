import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { measureBacklog } from './backlog.ts';
import { measureBackup } from './backup.ts';
import { order } from './child.ts';
import { median, rounded } from './figures.ts';
import { type House, openHouse, seedDatabase } from './house.ts';
import { measureMail, runBurst } from './mail.ts';
import { measureNodes } from './nodes.ts';
import { measureCreate, measureRequesterSearch, measureThread, measureTicketSearch } from './slack.ts';

/** What the desk should manage on two cores with `synchronous = full`. */
const AIMS = {
  storedPerSecond: 300,
  confirmedPerSecond: 150,
  backlogStoredPerSecond: 200,
  slowdownAtManyTicketsPercent: 20,
  viewsOpenP99Ms: 100,
  searchP95Ms: 100,
  startMs: 1_500,
  idleMegabytes: 220,
};

const FULL = {
  tickets: 100_000,
  mails: 2_000,
  runs: 3,
  many: 10_000,
  backlog: 10_000,
  samples: 300,
  threads: 60,
  starts: 5,
  backups: 3,
  idleMs: 10_000,
};
const QUICK = {
  tickets: 2_000,
  mails: 300,
  runs: 1,
  many: 500,
  backlog: 500,
  samples: 40,
  threads: 8,
  starts: 2,
  backups: 1,
  idleMs: 2_000,
};
const NAMES = ['mail', 'mail-many', 'create', 'search', 'thread', 'start', 'memory', 'backlog', 'backup', 'nodes'] as const;
type Name = (typeof NAMES)[number];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    mails: { type: 'string' },
    runs: { type: 'string' },
    backlog: { type: 'string' },
    tickets: { type: 'string' },
  },
});
const size = {
  ...(values.quick ? QUICK : FULL),
  ...numbersOf({ mails: values.mails, runs: values.runs, backlog: values.backlog, tickets: values.tickets }),
};
const wanted = new Set<string>(values.only ?? NAMES);
for (const name of wanted) if (!(NAMES as readonly string[]).includes(name)) throw new Error(`--only knows: ${NAMES.join(', ')}`);

const isWanted = (...names: Name[]) => names.some((name) => wanted.has(name));
const tell = (words: string) => process.stderr.write(`${words}\n`);
const machine = describeMachine();
const figures: Record<string, unknown> = {};

const seeded = isWanted('mail-many', 'create', 'search', 'thread', 'start', 'backup') ? await seed() : null;
try {
  if (isWanted('mail')) figures['mail'] = await measured('mail', () => measureMail({ ...size, seeded: null, tickets: 0 }));
  if (isWanted('mail-many'))
    figures['mailWithManyTickets'] = await measured('mail-many', () => measureMail({ ...size, seeded: seeded?.file ?? null }));
  if (isWanted('create', 'search', 'thread')) await withHouse(measureSlack);
  if (isWanted('start')) figures['start'] = await measured('start', measureStart);
  if (isWanted('memory')) figures['memory'] = await measured('memory', measureMemory);
  if (isWanted('backup'))
    await withHouse(async (house) => {
      figures['backup'] = await measured('backup', () => measureBackup(house, size.backups));
    });
  if (isWanted('nodes')) figures['nodes'] = await measured('nodes', () => measureNodes(size));
  if (isWanted('backlog')) figures['imapBacklog'] = await measured('backlog', measureBacklogOrSay);
} finally {
  await seeded?.remove();
}
console.log(JSON.stringify({ machine: { ...machine, loadAfter: load() }, options: size, figures, aims: AIMS }, null, 2));

async function seed() {
  const made = await measured(`seed ${size.tickets}`, () => seedDatabase(size.tickets));
  figures['seed'] = { tickets: size.tickets, seconds: rounded(made.seconds) };
  return made;
}

async function measureSlack(house: House): Promise<void> {
  if (isWanted('create')) figures['createToViewsOpen'] = await measured('create', () => measureCreate(house, size.samples));
  if (isWanted('search')) {
    figures['requesterSearch'] = await measured('requester search', () => measureRequesterSearch(house, size.samples));
    figures['ticketSearch'] = await measured('ticket search', () => measureTicketSearch(house, size.samples));
  }
  if (isWanted('thread')) figures['threadMessage'] = await measured('thread', () => measureThread(house, size.threads));
  const problems = await order<string[]>(house.town, 'problems');
  if (problems.length > 0) figures['problemsInSlack'] = problems.slice(0, 5);
}

/** Slack without its limits: this is about the desk's own time. */
async function withHouse(work: (house: House) => Promise<void>): Promise<void> {
  const house = await openHouse({ seeded: seeded?.file ?? null, rateScale: 0 });
  try {
    await work(house);
  } finally {
    await house.stop();
  }
}

/** From the process's beginning to its word that it is open. */
async function measureStart() {
  const empty = await startsWith(null);
  const full = await startsWith(seeded?.file ?? null);
  return { emptyMs: rounded(median(empty), 0), withTicketsMs: rounded(median(full), 0), tickets: size.tickets, starts: size.starts };
}

async function startsWith(file: string | null): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < size.starts; run += 1) {
    const house = await openHouse({ seeded: file, rateScale: 1 });
    times.push(house.server.startMs);
    await house.stop();
  }
  return times;
}

/** Resident memory of the whole server process, idle after its start, and idle again after many mails. */
async function measureMemory() {
  const house = await openHouse({ seeded: null, rateScale: 1 });
  try {
    await wait(size.idleMs);
    const idle = await house.server.ask();
    await runBurst(house, size.many, 'many');
    const busy = await house.server.ask();
    // Longer than a mail thread lives without work.
    await wait(size.idleMs + 30_000);
    const after = await house.server.ask();
    const megabytes = (bytes: number) => rounded(bytes / 2 ** 20, 0);
    return {
      idleMegabytes: megabytes(idle.residentBytes),
      mails: size.many,
      rightAfterMailsMegabytes: megabytes(busy.residentBytes),
      idleAfterMailsMegabytes: megabytes(after.residentBytes),
    };
  } finally {
    await house.stop();
  }
}

/** Dovecot takes root and its package; the other figures need neither. */
async function measureBacklogOrSay() {
  const isWantedAlone = wanted.size === 1;
  return measureBacklog(size.backlog).catch((error: unknown) => {
    if (isWantedAlone) throw error;
    return { notMeasured: String(error) };
  });
}

async function measured<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  tell(`${name} … (load ${load().join(' ')})`);
  const result = await work();
  tell(`${name}: ${rounded((performance.now() - startedAt) / 1_000)} s`);
  return result;
}

function describeMachine() {
  return {
    at: new Date().toISOString(),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim(),
    memoryMegabytes: rounded(totalmem() / 2 ** 20, 0),
    node: process.version,
    commit: commitOf(),
    loadBefore: load(),
    alongside: 'on the same cores: this load generator, and one process with the pretend Slack and the mail sink',
  };
}

function numbersOf(given: Record<string, string | undefined>): Record<string, number> {
  const entries = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, Number(value)] as const]));
  for (const [name, value] of entries) if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a number above 0.`);
  return Object.fromEntries(entries);
}

function load(): number[] {
  return loadavg().map((average) => rounded(average, 2));
}

function commitOf(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
