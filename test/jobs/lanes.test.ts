import { afterEach, expect, test } from 'vitest';
import { later, MINUTE } from '#clock.ts';
import type { Database } from '#db/database.ts';
import { keepPresence } from '#jobs/presence.ts';
import { claim } from '#jobs/queue.ts';
import { describeDatabases, freshPostgres, recordLog } from '../support/databases.ts';
import { settableClock } from '../support/desk.ts';
import { eventually } from '../support/eventually.ts';
import { benchOf, kindOf, nameOf, put, rows, startWorker, type TestBench, wish } from './bench.ts';

describeDatabases('a lane that several nodes work on', (subject) => {
  test('lets what came late wait for what overtook it, wherever that is under way', async () => {
    const bench = benchOf(subject);
    const gate = Promise.withResolvers<void>();
    const kind = kindOf(bench, {
      prepare: async (_desk, job) => {
        bench.done.push(`${nameOf(job)} begins`);
        if (nameOf(job) === 'second') await gate.promise;
        bench.done.push(`${nameOf(job)} ends`);
      },
    });
    const one = await startWorker(bench, [kind], 'one');
    await put(bench, wish(bench, 'second', { lane: 'thread:1', rank: '2' }));
    one.wake();
    await eventually(async () => bench.done.length > 0);
    await put(bench, wish(bench, 'first', { lane: 'thread:1', rank: '1' }), wish(bench, 'elsewhere', { lane: 'thread:2' }));
    const two = await startWorker(bench, [kind], 'two');
    await two.settled();
    gate.resolve();
    await one.settled();
    await eventually(async () => (await rows(bench)).length === 0);
    expect(bench.done.filter((step) => !step.startsWith('elsewhere'))).toEqual([
      'second begins',
      'second ends',
      'first begins',
      'first ends',
    ]);
  });

  test('need not wait for one that failed, where its kind says so', async () => {
    const bench = benchOf(subject);
    const kind = kindOf(bench, {
      retries: [MINUTE],
      leavesLane: true,
      prepare: async (_desk, job) => {
        bench.done.push(nameOf(job));
        if (nameOf(job) === 'broken' && job.attempts === 1) throw new Error('not this time');
      },
    });
    await put(bench, wish(bench, 'broken', { lane: 'sender:1' }), wish(bench, 'behind', { lane: 'sender:1' }));
    const worker = await startWorker(bench, [kind]);
    await worker.settled();
    expect(bench.done).toEqual(['broken', 'behind']);
    bench.clock.advance(MINUTE);
    await worker.settled();
    expect(bench.done).toEqual(['broken', 'behind', 'broken']);
  });

  test('goes on soon after the node that was at it has died', async () => {
    const bench = benchOf(subject);
    await put(bench, wish(bench, 'taken', { lane: 'thread:1' }), wish(bench, 'behind', { lane: 'thread:1' }));
    const until = later(bench.clock.now(), MINUTE / 6);
    await bench.db.transaction('dead node', (tx) => tx.insert(tx.tables.leases).values({ name: 'server/dead', holder: 'dead', until }));
    await bench.db.transaction('test claim', (tx) => claim(tx, claimOf(bench, 'dead')));
    bench.clock.advance(MINUTE / 2);
    const worker = await startWorker(bench, [kindOf(bench)], 'alive');
    await worker.settled();
    expect(bench.done).toEqual([]);
    const own = keepPresence(bench, 'alive');
    await own.begun;
    await worker.settled();
    expect(bench.done).toEqual(['taken', 'behind']);
    await own.stop();
  });
});

function claimOf(bench: TestBench, worker: string) {
  const now = bench.clock.now();
  return { kind: 'work', worker, now, until: later(now, 3 * MINUTE), limit: 10, except: [] };
}

let db: Database | undefined;
afterEach(() => db?.close());

test('two nodes that take jobs of one lane in the same moment do not both get one', async () => {
  db = await freshPostgres();
  const bench: TestBench = { db, clock: settableClock(), log: recordLog(), done: [] };
  await put(bench, wish(bench, 'second', { lane: 'thread:1', rank: '2' }));
  const taken = Promise.withResolvers<string[]>();
  const gate = Promise.withResolvers<void>();
  const slow = db.transaction('slow claim', async (tx) => {
    taken.resolve((await claim(tx, claimOf(bench, 'one'))).map(nameOf));
    await gate.promise;
  });
  expect(await taken.promise).toEqual(['second']);
  await put(bench, wish(bench, 'first', { lane: 'thread:1', rank: '1' }));
  const claimed = () => bench.db.transaction('claim', async (tx) => (await claim(tx, claimOf(bench, 'two'))).map(nameOf));
  expect(await claimed()).toEqual([]);
  gate.resolve();
  await slow;
  expect(await claimed()).toEqual([]);
});
