import { expect, test } from 'vitest';
import { DAY, later, MINUTE, SECOND } from '#clock.ts';
import { isServed, keepPresence } from '#jobs/presence.ts';
import { describeDatabases } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { claim } from '#jobs/queue.ts';
import { benchOf, put, rows, type TestBench, wish } from './bench.ts';

const namesIn = async ({ db }: TestBench) => (await db.select().from(db.tables.leases)).map((lease) => lease.name).toSorted();

describeDatabases('the presence of nodes', (subject) => {
  test('says that somebody is here, until they leave or fall silent', async () => {
    const bench = benchOf(subject);
    const presence = keepPresence(bench, 'one');
    await eventually(() => isServed(bench.db, bench.clock.now()));
    expect(await isServed(bench.db, later(bench.clock.now(), MINUTE))).toBe(false);
    await presence.stop();
    expect(await isServed(bench.db, bench.clock.now())).toBe(false);
  });

  test('lasts as long as any of them lives', async () => {
    const bench = benchOf(subject);
    const [one, two] = [keepPresence(bench, 'one'), keepPresence(bench, 'two')];
    await eventually(async () => (await namesIn(bench)).length === 2);
    await one.stop();
    expect(await isServed(bench.db, bench.clock.now())).toBe(true);
    await two.stop();
    expect(await isServed(bench.db, bench.clock.now())).toBe(false);
  });

  test('is seen of a node of the previous release too', async () => {
    const bench = benchOf(subject);
    const until = later(bench.clock.now(), MINUTE);
    await bench.db.transaction('previous release', (tx) => tx.insert(tx.tables.leases).values({ name: 'server', holder: 'node-1', until }));
    expect(await isServed(bench.db, bench.clock.now())).toBe(true);
  });

  test('leaves no row behind for ever when a node was killed', async () => {
    const bench = benchOf(subject);
    const until = later(bench.clock.now(), -2 * DAY);
    await bench.db.transaction('killed', (tx) => tx.insert(tx.tables.leases).values({ name: 'server/dead', holder: 'dead', until }));
    const presence = keepPresence(bench, 'one');
    await eventually(async () => (await namesIn(bench)).includes('server/one'));
    expect(await namesIn(bench)).toEqual(['server/one']);
    await presence.stop();
  });

  test('takes nobody for dead right after a time in which it could not speak itself', async () => {
    const bench = benchOf(subject);
    let passed = 0;
    await put(bench, wish(bench, 'taken'));
    const presence = keepPresence(bench, 'one', { beat: 10, life: 10 * SECOND, stopwatch: () => passed });
    await presence.begun;
    const now = bench.clock.now();
    await bench.db.transaction('other node', async (tx) => {
      await tx.insert(tx.tables.leases).values({ name: 'server/two', holder: 'two', until: later(now, 10 * SECOND) });
      await claim(tx, { kind: 'work', worker: 'two', now, until: later(now, MINUTE), limit: 1, except: [] });
    });
    const claimedBy = async () => (await rows(bench))[0]?.claimedBy;
    // The database was away: nobody could say anything.
    passed += 12 * SECOND;
    bench.clock.advance(12 * SECOND);
    const isBack = async () => isServed(bench.db, later(bench.clock.now(), 9 * SECOND));
    await eventually(isBack);
    expect(await claimedBy()).toBe('two');
    for (let beats = 0; beats < 3; beats += 1) {
      passed += 4 * SECOND;
      bench.clock.advance(4 * SECOND);
      await eventually(isBack);
    }
    await eventually(async () => (await claimedBy()) === null);
    await presence.stop();
  });
});
