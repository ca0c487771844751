import { and, eq, gt } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { type FullRow, isUniqueViolation, type Reader } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import { describeDatabases } from '../support/databases.ts';

type Lease = { name: string; until: Date };

const LIVE_LEASE = keep<{ holder: string; now: Date }, Lease[]>((reader, { holder, now }) => {
  const { leases } = reader.tables;
  return reader
    .select({ name: leases.name, until: leases.until })
    .from(leases)
    .where(and(eq(leases.holder, holder), gt(leases.until, now)));
});

const NOW = new Date('2026-11-23T12:00:00.123Z');
const SOON = new Date('2026-11-23T12:00:10.456Z');

const job: FullRow<'jobs'> = {
  kind: 'mail.process',
  key: 'once',
  lane: null,
  rank: '',
  payload: { words: ['Hyvää päivää', 'nul\0'], mailId: 7 },
  runAt: NOW,
  attempts: 0,
  claimedBy: null,
  claimedUntil: null,
  error: null,
  stoppedAt: null,
  createdAt: SOON,
};

describeDatabases('kept statements', (subject) => {
  const jobs = (reader: Reader = subject.db) => reader.select().from(subject.db.tables.jobs).orderBy(subject.db.tables.jobs.id);

  async function lease(name: string, until: Date): Promise<void> {
    await subject.db.transaction('lease', (tx) => tx.insert(tx.tables.leases).values({ name, holder: 'me', until }));
  }

  test('a kept question is answered anew each time, with the values of the time', async () => {
    expect(await subject.db.ask(LIVE_LEASE, { holder: 'me', now: NOW })).toEqual([]);
    await lease('a', SOON);
    expect(await subject.db.ask(LIVE_LEASE, { holder: 'me', now: NOW })).toEqual([{ name: 'a', until: SOON }]);
    expect(await subject.db.ask(LIVE_LEASE, { holder: 'me', now: SOON })).toEqual([]);
    expect(await subject.db.ask(LIVE_LEASE, { holder: 'you', now: NOW })).toEqual([]);
    expect(await subject.db.aside.ask(LIVE_LEASE, { holder: 'me', now: NOW })).toEqual([{ name: 'a', until: SOON }]);
  });

  test('inside a transaction it sees what is not committed, and only there', async () => {
    await subject.db.transaction('asks', async (tx, carried) => {
      await tx.insert(tx.tables.leases).values({ name: 'a', holder: 'me', until: SOON });
      expect(await tx.ask(LIVE_LEASE, { holder: 'me', now: NOW })).toHaveLength(1);
      expect(await carried.ask(LIVE_LEASE, { holder: 'me', now: NOW })).toHaveLength(1);
      await expect(subject.db.ask(LIVE_LEASE, { holder: 'me', now: NOW })).rejects.toThrow(/use the tx/);
    });
  });

  test('a dead transaction answers nothing and adds nothing', async () => {
    let ask: () => Promise<unknown> = async () => [];
    let add: () => Promise<unknown> = async () => 0;
    await subject.db.transaction('over', async (tx) => {
      ask = tx.ask.bind(tx, LIVE_LEASE, { holder: 'me', now: NOW });
      add = tx.add.bind(tx, 'jobs', job);
    });
    await expect(ask()).rejects.toThrow();
    await expect(add()).rejects.toThrow();
    expect(await jobs()).toEqual([]);
  });

  test('an added row is the row that was said, under the number it was given', async () => {
    const id = await subject.db.transaction('adds', (tx) => tx.add('jobs', job));
    expect(await jobs()).toEqual([{ ...job, id, payload: { words: ['Hyvää päivää', 'nul'], mailId: 7 } }]);
  });

  test('bytes and booleans are stored as a builder would store them', async () => {
    const address = { address: 'a@b.test', displayName: 'A', language: null, mailboxId: null, isDefault: true, createdAt: NOW };
    await subject.db.transaction('adds', async (tx) => {
      const groupId = await tx.add('groups', {
        name: 'G',
        isDefault: false,
        isPrivate: true,
        slackChannel: null,
        policy: 'guarded',
        holdSeconds: 0,
        language: null,
        createdAt: NOW,
      });
      const id = await tx.add('addresses', { ...address, groupId });
      const { addresses, groups } = tx.tables;
      expect(await tx.select().from(addresses)).toEqual([{ ...address, groupId, id }]);
      expect(await tx.select({ isPrivate: groups.isPrivate, isDefault: groups.isDefault }).from(groups)).toEqual([
        { isPrivate: true, isDefault: false },
      ]);
    });
  });

  test('what a unique key knows is an error, or is left alone when asked so', async () => {
    await subject.db.transaction('first', (tx) => tx.add('jobs', job));
    const again = subject.db.transaction('again', (tx) => tx.add('jobs', job));
    await expect(again).rejects.toSatisfy(isUniqueViolation);
    expect(await subject.db.transaction('once', (tx) => tx.addOnce('jobs', job))).toBeNull();
    expect(await jobs()).toHaveLength(1);
  });

  test('a refused row spoils its savepoint, and what stands outside is kept', async () => {
    await subject.db.transaction('outer', async (tx, carried) => {
      await tx.add('jobs', job);
      await expect(carried.transaction('inner', (inner) => inner.add('jobs', job))).rejects.toSatisfy(isUniqueViolation);
      await tx.add('jobs', { ...job, key: 'other' });
    });
    expect((await jobs()).map((row) => row.key)).toEqual(['once', 'other']);
  });

  test('nothing is added beside an open savepoint', async () => {
    await subject.db.transaction('outer', async (tx, carried) => {
      await carried.transaction('inner', async () => {
        await expect(tx.add('jobs', job)).rejects.toThrow(/use the tx/);
      });
    });
    expect(await jobs()).toEqual([]);
  });
});
