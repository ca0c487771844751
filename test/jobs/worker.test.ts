import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE, SECOND } from '#clock.ts';
import { tick } from '#jobs/schedule.ts';
import { describeDatabases } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { benchOf, kindOf, nameOf, put, rows, startWorker, type TestBench, wish } from './bench.ts';

/** As a worker leaves it that died after taking a job. */
async function takenByTheDead(bench: TestBench, name: string, worker: string): Promise<void> {
  await put(bench, wish(bench, name));
  const { jobs } = bench.db.tables;
  await bench.db.transaction('test claim', (tx) =>
    tx
      .update(jobs)
      .set({ claimedBy: worker, claimedUntil: later(bench.clock.now(), MINUTE), attempts: 1 })
      .where(eq(jobs.kind, 'work')),
  );
}

describeDatabases('a worker', (subject) => {
  test('keeps a job that failed for good where people can see it, says so once, and goes on with its lane', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'hopeless', { lane: 'a' }), wish(bench, 'behind', { lane: 'a' }));
    const worker = await startWorker(bench, [
      kindOf(bench, {
        prepare: async (_desk, job) => {
          bench.done.push(nameOf(job));
          if (nameOf(job) === 'hopeless') throw new Error('The channel is gone.');
        },
        gaveUp: async (_desk, _tx, job, error) => void bench.done.push(`gave up ${nameOf(job)}: ${(error as Error).message}`),
      }),
    ]);
    await worker.settled();
    bench.clock.advance(10 * DAY);
    await worker.settled();
    expect(bench.done).toEqual(['hopeless', 'gave up hopeless: The channel is gone.', 'behind']);
    expect(await rows(bench)).toMatchObject([{ payload: { name: 'hopeless' }, error: 'Error: The channel is gone.', claimedBy: null }]);
    expect(bench.log.lines.filter((line) => line.level === 'error')).toHaveLength(1);
  });

  test('with patience tries on at its last pace for three days, then stops', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'card'));
    let tries = 0;
    const worker = await startWorker(bench, [
      kindOf(bench, {
        retries: [SECOND, 6 * HOUR],
        isPatient: true,
        prepare: async () => {
          tries += 1;
          throw new Error('Slack is away.');
        },
      }),
    ]);
    await worker.settled();
    bench.clock.advance(SECOND);
    for (let day = 0; day < 4; day += 0.25) {
      await worker.settled();
      bench.clock.advance(6 * HOUR);
    }
    expect(tries).toBe(14);
    expect((await rows(bench))[0]?.stoppedAt).not.toBeNull();
  });

  test('leaves what another took, until the lease of that one is over', async () => {
    const bench = benchOf(subject);
    await takenByTheDead(bench, 'left', 'node-2');
    const worker = await startWorker(bench, [kindOf(bench)]);
    bench.clock.advance(MINUTE - SECOND);
    await worker.settled();
    expect(bench.done).toEqual([]);
    bench.clock.advance(2 * SECOND);
    await worker.settled();
    expect(bench.done).toEqual(['left']);
  });

  test('that starts anew under its name goes on at once with what it had taken', async () => {
    const bench = benchOf(subject);
    await takenByTheDead(bench, 'left', 'server');
    const worker = await startWorker(bench, [kindOf(bench)], 'server');
    await worker.settled();
    expect(bench.done).toEqual(['left']);
  });

  test('never begins again what it is still at, however long that takes', async () => {
    const bench = benchOf(subject);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await put(bench, wish(bench, 'slow'));
    const worker = await startWorker(bench, [
      kindOf(bench, {
        prepare: (_desk, job) => {
          bench.done.push(nameOf(job));
          return finished;
        },
      }),
    ]);
    await eventually(async () => bench.done.length === 1);
    bench.clock.advance(10 * MINUTE);
    await put(bench, wish(bench, 'next'));
    worker.wake();
    await eventually(async () => bench.done.length === 2);
    expect(bench.done).toEqual(['slow', 'next']);
    finish();
    await worker.settled();
    expect(bench.done).toEqual(['slow', 'next']);
  });

  test('writes results together, and one that cannot be written spoils no other', async () => {
    const bench = benchOf(subject);
    const { counters } = bench.db.tables;
    await put(bench, ...['a', 'bad', 'c'].map((name) => wish(bench, name)));
    const worker = await startWorker(bench, [
      kindOf(bench, {
        retries: [HOUR],
        apply: async (_desk, tx, job) => {
          await tx.insert(counters).values({ name: nameOf(job), value: 1 });
          if (nameOf(job) === 'bad') throw new Error('refused');
        },
      }),
    ]);
    await worker.settled();
    expect((await bench.db.select().from(counters)).map((row) => row.name).toSorted()).toEqual(['a', 'c']);
    expect((await rows(bench)).map(nameOf)).toEqual(['bad']);
  });

  test('at its stop finishes what is under way and takes nothing more', async () => {
    const bench = benchOf(subject);
    await put(bench, ...['a', 'b', 'c'].map((name) => wish(bench, name)));
    const worker = await startWorker(bench, [
      kindOf(bench, {
        concurrency: 1,
        prepare: async (_desk, job) => {
          await new Promise((resolve) => setImmediate(resolve));
          bench.done.push(nameOf(job));
        },
      }),
    ]);
    await worker.stop();
    const done = bench.done.length;
    expect((await rows(bench)).map(nameOf)).toEqual(['a', 'b', 'c'].slice(done));
    await put(bench, wish(bench, 'd'));
    worker.wake();
    expect(bench.done).toHaveLength(done);
  });

  test('two workers do each job once', async () => {
    const bench = benchOf(subject);
    const names = Array.from({ length: 60 }, (_, at) => `job ${at}`);
    await put(bench, ...names.map((name, at) => wish(bench, name, { lane: `lane ${at % 7}` })));
    const workers = await Promise.all(['node-1', 'node-2'].map((name) => startWorker(bench, [kindOf(bench)], name)));
    await eventually(async () => (await rows(bench)).length === 0);
    await Promise.all(workers.map((worker) => worker.settled()));
    expect(bench.done.toSorted()).toEqual(names.toSorted());
  });

  test('writes nothing of a job that became another node’s, but keeps what it found out', async () => {
    const bench = benchOf(subject);
    const { jobs } = bench.db.tables;
    await put(bench, wish(bench, 'sent'));
    const began = Promise.withResolvers<void>();
    const kind = kindOf(bench, {
      prepare: async () => '250 taken',
      apply: async () => {
        bench.done.push('apply');
        began.resolve();
        throw Object.assign(new Error('deadlock'), { code: '40P01' });
      },
      salvage: async (_desk, _tx, job, found) => void bench.done.push(`${nameOf(job)}: ${String(found)}`),
    });
    await startWorker(bench, [kind], 'one');
    await began.promise;
    await bench.db.transaction('other node', (tx) => tx.update(jobs).set({ claimedBy: 'two' }));
    await eventually(async () => bench.done.at(-1) === 'sent: 250 taken');
    expect(bench.done.filter((step) => step !== 'apply')).toEqual(['sent: 250 taken']);
    expect(await rows(bench)).toMatchObject([{ claimedBy: 'two' }]);
    expect(bench.log.lines.some(({ message }) => message.includes('became another node’s'))).toBe(true);
  });

  test('a timer is queued once for a minute, by however many nodes', async () => {
    const bench = benchOf(subject);
    bench.clock.set(new Date('2026-11-23T12:00:30Z'));
    await Promise.all([1, 2, 3].map(() => tick(bench, () => {})));
    expect((await rows(bench)).map((job) => job.kind).toSorted()).toEqual(['timer.close', 'timer.late', 'timer.purge', 'timer.stuck']);
    bench.clock.advance(MINUTE);
    await tick(bench, () => {});
    expect((await rows(bench)).filter((job) => job.kind === 'timer.late')).toHaveLength(2);
    expect((await rows(bench)).filter((job) => job.kind === 'timer.close')).toHaveLength(1);
  });
});
