import { afterEach, expect, test } from 'vitest';
import { HOUR, later, SECOND } from '#clock.ts';
import type { Database } from '#db/database.ts';
import type { Bench, JobKind } from '#jobs/job-kind.ts';
import { enqueue } from '#jobs/queue.ts';
import { tick } from '#jobs/schedule.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { sharedClock } from '../../src/main/shared-clock.ts';
import { freshPostgresUrl, openTest, recordLog } from '../support/databases.ts';

let workers: Worker[] = [];
let databases: Database[] = [];
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all(databases.map((db) => db.close()));
  [workers, databases] = [[], []];
});

/** A node on a machine whose own clock is off. */
async function node(url: string, offMs: number): Promise<Bench & { log: ReturnType<typeof recordLog> }> {
  const db = await openTest(url);
  databases.push(db);
  const log = recordLog();
  const clock = await sharedClock({ db, log, machine: { now: () => later(new Date(), offMs) } });
  return { db, log, clock };
}

async function startWorker(bench: Bench, kind: JobKind, name: string): Promise<void> {
  const worker = createWorker(bench, [kind], name, (same) => same);
  workers.push(worker);
  await worker.start();
}

const jobsIn = (bench: Bench) => bench.db.select().from(bench.db.tables.jobs);

test('nodes whose machines disagree by an hour agree on the time', async () => {
  const url = await freshPostgresUrl();
  const [ahead, behind] = [await node(url, HOUR), await node(url, -HOUR)];
  expect(Math.abs(ahead.clock.now().getTime() - behind.clock.now().getTime())).toBeLessThan(500);
  for (const { log } of [ahead, behind])
    expect(log.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining("machine's clock is not the database's") }]);
});

test('a claim lasts as long for a node whose machine is ahead', async () => {
  const url = await freshPostgresUrl();
  const [one, two] = [await node(url, 0), await node(url, HOUR)];
  const began: string[] = [];
  const gate = Promise.withResolvers<void>();
  const kindOf = (name: string): JobKind => ({
    kind: 'slow',
    concurrency: 1,
    leaseSeconds: 60,
    retries: [],
    prepare: async () => {
      began.push(name);
      await gate.promise;
    },
  });
  await startWorker(one, kindOf('one'), 'one');
  await one.db.transaction('wish', (tx) => enqueue(tx, one.clock.now(), { kind: 'slow', payload: {}, runAt: one.clock.now() }));
  await expect.poll(() => began, { timeout: 5_000 }).toEqual(['one']);
  await startWorker(two, kindOf('two'), 'two');
  await workers[1]?.settled();
  gate.resolve();
  await workers[0]?.settled();
  expect(began).toEqual(['one']);
  expect(await jobsIn(one)).toEqual([]);
});

test('what is due in five seconds is not done sooner by a node whose machine is ahead', async () => {
  const url = await freshPostgresUrl();
  const [one, two] = [await node(url, 0), await node(url, 10 * SECOND)];
  const runAt = later(one.clock.now(), 5 * SECOND);
  await one.db.transaction('wish', (tx) => enqueue(tx, one.clock.now(), { kind: 'hold', payload: {}, runAt }));
  await startWorker(two, { kind: 'hold', concurrency: 1, leaseSeconds: 60, retries: [] }, 'two');
  await workers[0]?.settled();
  expect(await jobsIn(one)).toHaveLength(1);
});

test('a timer is queued once a minute when nodes tick in the same moment and their machines disagree', async () => {
  const url = await freshPostgresUrl();
  const nodes = await Promise.all([0, HOUR, -HOUR, 5 * SECOND].map((offMs) => node(url, offMs)));
  await Promise.all(nodes.flatMap((bench) => [tick(bench, () => {}), tick(bench, () => {})]));
  const made = (await jobsIn(nodes[0] as Bench)).map((job) => `${job.kind} ${String(job.payload['minute'])}`);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made).size).toBe(made.length);
});
