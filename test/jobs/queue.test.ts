import { expect, test } from 'vitest';
import { HOUR, later, MINUTE, SECOND } from '#clock.ts';
import { hurry } from '#jobs/hurry.ts';
import { Later } from '#jobs/job-kind.ts';
import { claim, enqueue } from '#jobs/queue.ts';
import { describeDatabases } from '../support/databases.ts';
import { benchOf, kindOf, nameOf, put, rows, startWorker, type TestBench, wish } from './bench.ts';

const take = (bench: TestBench, worker = 'node-2') =>
  bench.db.transaction('test claim', (tx) =>
    claim(tx, { kind: 'work', worker, now: bench.clock.now(), until: later(bench.clock.now(), MINUTE), limit: 10, except: [] }),
  );

describeDatabases('a queue', (subject) => {
  test('makes one job of two wishes with one key, until it is taken', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'first', { key: 'card:1' }), wish(bench, 'second', { key: 'card:1' }));
    await put(bench, wish(bench, 'third', { key: 'card:1' }));
    expect((await take(bench)).map(nameOf)).toEqual(['first']);
    await put(bench, wish(bench, 'fourth', { key: 'card:1' }));
    expect((await take(bench)).map(nameOf)).toEqual(['fourth']);
  });

  test('hands out a job only once those who wished for it anew have written what it is about', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'first', { key: 'line:1' }));
    const wished = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    let isWritten = false;
    const slow = bench.db.transaction('slow', async (tx) => {
      await enqueue(tx, bench.clock.now(), wish(bench, 'again', { key: 'line:1' }));
      wished.resolve();
      await Promise.race([seen.promise, new Promise((resolve) => setTimeout(resolve, 300))]);
      isWritten = true;
    });
    await wished.promise;
    const early = await take(bench).then((jobs) => ({ jobs, isWritten }));
    seen.resolve();
    await slow;
    const late = await take(bench, 'node-3');
    // Where there is one writer, the first look itself waits.
    expect(early.isWritten ? early.jobs.map(nameOf) : late.map(nameOf)).toEqual(['first']);
    expect(early.isWritten ? late : early.jobs).toEqual([]);
  });

  test('has a job if and only if what it follows from was committed', async () => {
    const bench = benchOf(subject);
    const rolledBack = bench.db.transaction('never', async (tx) => {
      await enqueue(tx, bench.clock.now(), wish(bench, 'never'));
      throw new Error('The ticket could not be opened.');
    });
    await expect(rolledBack).rejects.toThrow('could not be opened');
    expect(await rows(bench)).toEqual([]);
  });

  test('hands a job to one worker, however many ask at once', async () => {
    const bench = benchOf(subject);
    await put(bench, ...Array.from({ length: 20 }, (_, at) => wish(bench, `job ${at}`)));
    const taken = await Promise.all(['a', 'b', 'c', 'd'].map((worker) => take(bench, worker)));
    const names = taken.flat().map(nameOf);
    expect(names).toHaveLength(new Set(names).size);
  });

  test('runs a lane one at a time, by rank and then by making; other lanes are not kept waiting', async () => {
    const bench = benchOf(subject);
    const lane = { lane: 'thread:1' };
    await put(bench, wish(bench, 'later', { ...lane, rank: '2' }), wish(bench, 'sooner', { ...lane, rank: '1' }));
    await put(bench, wish(bench, 'last', { ...lane, rank: '2' }), wish(bench, 'elsewhere', { lane: 'thread:2' }));
    let underWay = 0;
    const worker = await startWorker(bench, [
      kindOf(bench, {
        prepare: async (_desk, job) => {
          if (job.lane === lane.lane) underWay += 1;
          expect(underWay).toBeLessThan(2);
          await new Promise((resolve) => setImmediate(resolve));
          bench.done.push(nameOf(job));
        },
        apply: async (_desk, _tx, job) => {
          if (job.lane === lane.lane) underWay -= 1;
        },
      }),
    ]);
    await worker.settled();
    expect(bench.done.filter((name) => name !== 'elsewhere')).toEqual(['sooner', 'later', 'last']);
    expect(bench.done.indexOf('elsewhere')).toBeLessThan(2);
  });

  test('keeps the order of a lane across kinds, and a job that is not due holds up those behind it', async () => {
    const bench = benchOf(subject);
    const soon = later(bench.clock.now(), 10 * SECOND);
    await put(bench, wish(bench, 'card', { lane: 'thread:1', runAt: soon }), wish(bench, 'comment', { lane: 'thread:1', kind: 'other' }));
    const worker = await startWorker(bench, [kindOf(bench), kindOf(bench, { kind: 'other' })]);
    await worker.settled();
    expect(bench.done).toEqual([]);
    bench.clock.advance(10 * SECOND);
    await worker.settled();
    expect(bench.done).toEqual(['card', 'comment']);
  });

  test('lets a failed job wait as long as its kind says, and keeps its lane behind it', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'shaky', { lane: 'a' }), wish(bench, 'behind', { lane: 'a' }));
    let failures = 2;
    const worker = await startWorker(bench, [
      kindOf(bench, {
        retries: [MINUTE, HOUR],
        prepare: async (_desk, job) => {
          bench.done.push(nameOf(job));
          if (nameOf(job) === 'shaky' && failures-- > 0) throw new Error('Slack is away.');
        },
      }),
    ]);
    await worker.settled();
    expect((await rows(bench))[0]).toMatchObject({
      error: 'Error: Slack is away.',
      claimedBy: null,
      runAt: later(bench.clock.now(), MINUTE),
    });
    bench.clock.advance(MINUTE);
    await worker.settled();
    bench.clock.advance(HOUR - SECOND);
    await worker.settled();
    expect(bench.done).toEqual(['shaky', 'shaky']);
    bench.clock.advance(SECOND);
    await worker.settled();
    expect(bench.done).toEqual(['shaky', 'shaky', 'shaky', 'behind']);
    expect(await rows(bench)).toEqual([]);
  });

  test('ends the waiting of what was mended', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'card', { runAt: later(bench.clock.now(), HOUR) }));
    const worker = await startWorker(bench, [kindOf(bench)]);
    await hurry({ ...bench, wake: () => worker.wake() }, 'work');
    await worker.settled();
    expect(bench.done).toEqual(['card']);
  });

  test('comes again for nothing: a job that asks for a later time has not failed', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'early'), wish(bench, 'paced'));
    let asked = 0;
    const worker = await startWorker(bench, [
      kindOf(bench, {
        prepare: async (desk, job) => {
          bench.done.push(nameOf(job));
          if (nameOf(job) === 'early' && (asked += 1) < 5) throw new Later(later(desk.clock.now(), SECOND), 'its message is not here yet');
        },
        apply: async (desk, _tx, job) => (nameOf(job) === 'paced' && bench.done.length < 9 ? later(desk.clock.now(), SECOND) : undefined),
      }),
    ]);
    for (let second = 0; second < 6; second += 1) {
      await worker.settled();
      expect((await rows(bench)).map((job) => job.attempts)).toEqual((await rows(bench)).map(() => 0));
      bench.clock.advance(SECOND);
    }
    expect(await rows(bench)).toEqual([]);
    expect(bench.done.filter((name) => name === 'early')).toHaveLength(5);
  });
});
