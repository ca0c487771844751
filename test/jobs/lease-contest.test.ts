import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR, later } from '#clock.ts';
import type { Database } from '#db/database.ts';
import { type Contest, contendLease } from '#jobs/lease-contest.ts';
import { describeDatabases } from '../support/databases.ts';
import { benchOf } from './bench.ts';

/** Fast enough to be watched, slow enough for a busy machine. */
const PACE = { beatMs: 20, silenceMs: 1_500, trustMs: 700 };
const PATIENCE = { timeout: 10_000, interval: 10 };

describeDatabases('a contest for a lease', (subject) => {
  let told: string[];
  let contests: { stop(): Promise<void> }[];
  beforeEach(() => {
    told = [];
    contests = [];
  });
  afterEach(async () => {
    await Promise.all(contests.map((contest) => contest.stop()));
  });

  interface Node {
    db?: Database;
    aheadMs?: number;
    onWon?: Contest['onWon'];
  }

  function node(holder: string, { db = subject.db, aheadMs = 0, onWon = works(holder) }: Node = {}) {
    const bench = benchOf(subject);
    const clock = { now: () => later(bench.clock.now(), aheadMs) };
    const contest = contendLease({ ...bench, db, clock }, { name: 'mailbox', holder, onWon, pace: PACE });
    contests.push(contest);
    return contest;
  }

  /** Work without an end, which takes a turn to stop. */
  function works(holder: string): Contest['onWon'] {
    return async (signal) => {
      told.push(`${holder} begins`);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await subject.db.select().from(subject.db.tables.leases);
      told.push(`${holder} ends`);
    };
  }

  const lease = async () => (await subject.db.select().from(subject.db.tables.leases)).find((one) => one.name === 'mailbox');

  /** The row was renewed so often while everybody looked on. */
  async function beats(times: number): Promise<void> {
    for (let left = times; left > 0; left -= 1) {
      const before = (await lease())?.until.getTime();
      await expect.poll(async () => (await lease())?.until.getTime(), PATIENCE).not.toBe(before);
    }
  }

  test('has one winner, and the next begins when that one has ended its work', async () => {
    const nodes = [node('one'), node('two'), node('three')];
    await expect.poll(() => told.length, PATIENCE).toBe(1);
    await beats(5);
    expect(told).toHaveLength(1);
    const first = told[0]?.split(' ')[0] ?? '';
    await nodes[['one', 'two', 'three'].indexOf(first)]?.stop();
    await expect.poll(() => told.length, PATIENCE).toBe(3);
    expect(told.slice(0, 2)).toEqual([`${first} begins`, `${first} ends`]);
    expect(told[2]).not.toContain(first);
  });

  test('tells a holder that cannot renew to stop, before another may begin', async () => {
    const line = breakable(subject.db);
    node('one', { db: line.db });
    await expect.poll(() => told, PATIENCE).toEqual(['one begins']);
    node('two');
    line.cut();
    await expect.poll(() => told, PATIENCE).toEqual(['one begins', 'one ends', 'two begins']);
  });

  test('tells a holder to stop even while its renewal hangs', async () => {
    const line = breakable(subject.db);
    node('one', { db: line.db });
    await expect.poll(() => told, PATIENCE).toEqual(['one begins']);
    line.hang();
    await expect.poll(() => told, PATIENCE).toEqual(['one begins', 'one ends']);
    line.mend();
  });

  test('tells a holder to stop whose lease somebody took away', async () => {
    node('one');
    await expect.poll(() => told, PATIENCE).toEqual(['one begins']);
    await subject.db.transaction('taken away', (tx) => tx.update(tx.tables.leases).set({ holder: 'two' }));
    await expect.poll(() => told, PATIENCE).toEqual(['one begins', 'one ends']);
    // And what is another's stays another's.
    expect((await lease())?.holder).toBe('two');
  });

  test.each([HOUR, -HOUR])('is not won by a node whose clock is %i ms off', async (aheadMs) => {
    node('one');
    await expect.poll(() => told, PATIENCE).toEqual(['one begins']);
    node('two', { aheadMs });
    await beats(10);
    expect(told).toEqual(['one begins']);
  });

  test('is won at once by whoever held the lease under the same name before', async () => {
    const until = later(benchOf(subject).clock.now(), HOUR);
    await subject.db.transaction('before', (tx) => tx.insert(tx.tables.leases).values({ name: 'mailbox', holder: 'server', until }));
    const began = performance.now();
    node('server');
    await expect.poll(() => told, PATIENCE).toEqual(['server begins']);
    expect(performance.now() - began).toBeLessThan(PACE.silenceMs);
  });

  test('begins anew when the work failed', async () => {
    let tries = 0;
    node('one', {
      onWon: async (signal) => {
        tries += 1;
        if (tries === 1) throw new Error('The mailbox is closed.');
        await works('one')(signal);
      },
    });
    await expect.poll(() => told, PATIENCE).toEqual(['one begins']);
    expect(tries).toBe(2);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const contest = node('one');
    await expect.poll(() => told, PATIENCE).toEqual(['one begins']);
    await contest.stop();
    expect(told).toEqual(['one begins', 'one ends']);
    expect(await lease()).toBeUndefined();
  });
});

/** A database whose line can be cut (it says so) or fall silent. */
function breakable(db: Database) {
  let state: 'whole' | 'cut' | 'silent' = 'whole';
  const mended = Promise.withResolvers<void>();
  return {
    db: {
      ...db,
      transaction: async (label, work) => {
        if (state === 'cut') throw Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });
        if (state === 'silent') await mended.promise;
        return db.transaction(label, work);
      },
    } satisfies Database as Database,
    cut: () => void (state = 'cut'),
    hang: () => void (state = 'silent'),
    mend: () => {
      state = 'whole';
      mended.resolve();
    },
  };
}
