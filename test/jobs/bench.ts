import { afterEach } from 'vitest';
import type { Database, Writer } from '#db/database.ts';
import type { Bench, JobKind } from '#jobs/job-kind.ts';
import { enqueue, type Job, type Wish } from '#jobs/queue.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { type Subject } from '../support/databases.ts';
import { settableClock, type SettableClock } from '../support/desk.ts';

export interface TestBench extends Bench {
  clock: SettableClock;
  log: Subject['log'];
  /** What was begun and ended, in order. */
  done: string[];
}

const running: Worker[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
});

export function benchOf(subject: Subject): TestBench {
  return { db: subject.db, clock: settableClock(), log: subject.log, done: [] };
}

/** A kind whose jobs write down their names. */
export function kindOf(bench: TestBench, more: Partial<JobKind<TestBench>> = {}): JobKind<TestBench> {
  return {
    kind: 'work',
    concurrency: 4,
    leaseSeconds: 60,
    retries: [],
    prepare: async (_desk, job) => void bench.done.push(nameOf(job)),
    ...more,
  };
}

export const nameOf = (job: Job) => String(job.payload['name']);

export async function startWorker(bench: TestBench, kinds: JobKind<TestBench>[], name = 'node-1'): Promise<Worker> {
  const worker = createWorker(bench, kinds, name, (desk: TestBench, db: Database) => ({ ...desk, db }));
  running.push(worker);
  await worker.start();
  return worker;
}

export function wish(bench: TestBench, name: string, more: Partial<Wish> = {}): Wish {
  return { kind: 'work', payload: { name }, runAt: bench.clock.now(), ...more };
}

export function put(bench: TestBench, ...wishes: Wish[]): Promise<void> {
  return bench.db.transaction('test wishes', (tx: Writer) => enqueue(tx, bench.clock.now(), wishes));
}

export function rows(bench: TestBench): Promise<Job[]> {
  const { jobs } = bench.db.tables;
  return bench.db
    .select()
    .from(jobs)
    .orderBy(jobs.id)
    .then((all) => all);
}
