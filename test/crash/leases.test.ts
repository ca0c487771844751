import { afterEach, beforeEach, expect, test } from 'vitest';
import { later, SECOND } from '#clock.ts';
import type { Bench, JobKind } from '#jobs/job-kind.ts';
import { enqueue } from '#jobs/queue.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { describeDatabases, recordLog } from '../support/databases.ts';

const LEASE_SECONDS = 60;

describeDatabases('a job that takes longer than its lease', (subject) => {
  let now: Date;
  let began: string[];
  let gate: PromiseWithResolvers<void>;
  let workers: Worker[];
  beforeEach(() => {
    now = new Date('2026-03-02T09:00:00Z');
    began = [];
    gate = Promise.withResolvers();
    workers = [];
  });
  afterEach(async () => {
    gate.resolve();
    for (const worker of workers) await worker.stop();
  });

  async function startNode(name: string): Promise<Worker> {
    const desk: Bench = { db: subject.db, log: recordLog(), clock: { now: () => now } };
    const kind: JobKind = {
      kind: 'slow',
      concurrency: 4,
      leaseSeconds: LEASE_SECONDS,
      retries: [],
      prepare: async (_desk, job) => {
        began.push(`${String(job.payload['name'])} by ${name}`);
        await gate.promise;
      },
    };
    const worker = createWorker(desk, [kind], name, (same) => same);
    workers.push(worker);
    await worker.start();
    return worker;
  }

  async function wish(name: string): Promise<void> {
    await subject.db.transaction('wish', (tx) => enqueue(tx, now, { kind: 'slow', payload: { name }, runAt: now }));
    for (const worker of workers) worker.wake();
    await expect.poll(() => began.some((one) => one.startsWith(name))).toBe(true);
  }

  test('is not begun again by the process that is at it', async () => {
    await startNode('one');
    await wish('first');
    now = later(now, LEASE_SECONDS * SECOND + 1);
    await wish('second');
    expect(began).toEqual(['first by one', 'second by one']);
  });

  test('is not taken by another node while its own is alive', async () => {
    await startNode('one');
    await wish('first');
    const [{ id } = { id: 0 }] = await subject.db.select().from(subject.db.tables.jobs);
    for (let step = 0; step < 4; step += 1) {
      now = later(now, (LEASE_SECONDS / 2) * SECOND);
      await expect.poll(() => claimedUntil(id), { timeout: 4_000 }).toBeGreaterThan(now.getTime() + (LEASE_SECONDS / 2 - 1) * SECOND);
    }
    await startNode('two');
    await wish('second');
    expect(began.filter((one) => one.startsWith('first'))).toEqual(['first by one']);
  });

  async function claimedUntil(id: number): Promise<number> {
    const rows = await subject.db.select().from(subject.db.tables.jobs);
    return rows.find((job) => job.id === id)?.claimedUntil?.getTime() ?? 0;
  }
});
