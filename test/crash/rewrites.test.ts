import { afterEach, expect, test } from 'vitest';
import { MINUTE } from '#clock.ts';
import type { Database } from '#db/database.ts';
import type { Bench, JobKind } from '#jobs/job-kind.ts';
import { enqueue } from '#jobs/queue.ts';
import { createWorker, type Worker } from '#jobs/worker.ts';
import { describeDatabases, recordLog } from '../support/databases.ts';

describeDatabases('a result that the database would not take at once', (subject) => {
  const now = new Date('2026-03-02T09:00:00Z');
  let worker: Worker | undefined;
  afterEach(() => worker?.stop());

  test('is written again without doing the work again: a mail that was taken is not sent twice for a deadlock', async () => {
    const desk: Bench = { db: subject.db, log: recordLog(), clock: { now: () => now } };
    const done: string[] = [];
    const kind: JobKind = {
      kind: 'send',
      concurrency: 4,
      leaseSeconds: 60,
      retries: [MINUTE],
      prepare: async () => void done.push('sent'),
      apply: async () => {
        done.push('written');
        if (done.length < 4) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      },
    };
    worker = createWorker(desk, [kind], 'one', (same) => same);
    await worker.start();
    await subject.db.transaction('wish', (tx) => enqueue(tx, now, { kind: 'send', payload: {}, runAt: now }));
    worker.wake();
    await expect.poll(() => subject.db.select().from(subject.db.tables.jobs)).toEqual([]);
    expect(done).toEqual(['sent', 'written', 'written', 'written']);
  });

  test('is not written twice when the commit had succeeded, and only its answer was lost', async () => {
    const desk: Bench = { db: lossy(subject.db), log: recordLog(), clock: { now: () => now } };
    const kind: JobKind = {
      kind: 'send',
      concurrency: 4,
      leaseSeconds: 60,
      retries: [MINUTE],
      apply: (_desk, tx) => enqueue(tx, now, { kind: 'written', payload: {}, runAt: now }),
    };
    worker = createWorker(desk, [kind], 'one', (same) => same);
    await worker.start();
    await subject.db.transaction('wish', (tx) => enqueue(tx, now, { kind: 'send', payload: {}, runAt: now }));
    worker.wake();
    await worker.settled();
    const jobs = await subject.db.select().from(subject.db.tables.jobs);
    expect(jobs.map((job) => job.kind)).toEqual(['written']);
  });
});

/** The first result is committed, and the connection breaks before anybody hears of it. */
function lossy(db: Database): Database {
  let isLost = false;
  return {
    ...db,
    transaction: async (label, work) => {
      const value = await db.transaction(label, work);
      if (isLost || !label.startsWith('apply')) return value;
      isLost = true;
      throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    },
  };
}
