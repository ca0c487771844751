import { expect, test } from 'vitest';
import type { Database, Writer } from '#db/database.ts';
import { isUniqueViolation } from '#db/database.ts';
import { describeDatabases } from '../support/databases.ts';

const count = (tx: Writer, name: string, value = 1) => tx.insert(tx.tables.counters).values({ name, value });
const names = async (db: Pick<Database, 'select' | 'tables'>) =>
  (await db.select().from(db.tables.counters)).map((row) => row.name).toSorted();

describeDatabases('a savepoint', (subject) => {
  test('that fails takes back only its own rows', async () => {
    await subject.db.transaction('outer', async (tx, carried) => {
      await count(tx, 'a');
      const failing = carried.transaction('inner', async (tx) => {
        await count(tx, 'b');
        await count(tx, 'b');
      });
      expect(isUniqueViolation(await failing.catch((e: unknown) => e))).toBe(true);
      await count(tx, 'c');
    });
    expect(await names(subject.db)).toEqual(['a', 'c']);
  });

  test('goes any depth, and each depth can fail alone', async () => {
    const dig = async (db: Database, depth: number): Promise<void> => {
      await db.transaction(`depth ${depth}`, async (tx, carried) => {
        await count(tx, `kept ${depth}`);
        if (depth === 5) throw new Error('bottom');
        await dig(carried, depth + 1).catch((error: unknown) => {
          if (depth !== 3) throw error;
        });
      });
    };
    await dig(subject.db, 1);
    expect(await names(subject.db)).toEqual(['kept 1', 'kept 2', 'kept 3']);
  });

  test('is lost with the transaction around it', async () => {
    const failing = subject.db.transaction('outer', async (_tx, carried) => {
      await carried.transaction('inner', (tx) => count(tx, 'a'));
      throw new Error('boom');
    });
    await expect(failing).rejects.toThrow('boom');
    expect(await names(subject.db)).toEqual([]);
  });

  test('takes its turn among those opened at once, and the failing one hurts no other', async () => {
    await subject.db.transaction('outer', async (_tx, carried) => {
      const siblings = ['a', 'b', 'a', 'c'].map((name) =>
        carried.transaction(name, async (tx) => {
          await count(tx, name);
          await new Promise(setImmediate);
        }),
      );
      const results = await Promise.allSettled(siblings);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    });
    expect(await names(subject.db)).toEqual(['a', 'b', 'c']);
  });

  test('refuses the tx and the carried database around it', async () => {
    await subject.db.transaction('outer', async (outerTx, outerCarried) => {
      await outerCarried.transaction('inner', async () => {
        expect(() => count(outerTx, 'a')).toThrow('Inside the transaction "inner"');
        await expect(outerCarried.transaction('again', async () => 1)).rejects.toThrow('use the tx');
      });
    });
  });

  test('that nobody awaited takes the whole transaction back', async () => {
    const started = Promise.withResolvers<void>();
    let inner: Promise<unknown> | undefined;
    const careless = subject.db.transaction('careless', async (tx, carried) => {
      await count(tx, 'a');
      inner = carried
        .transaction('forgotten', async (tx) => {
          await count(tx, 'b');
          started.resolve();
          await new Promise(setImmediate);
          await count(tx, 'c');
        })
        .catch((error: unknown) => error);
      await started.promise;
    });
    await expect(careless).rejects.toThrow('await everything in it');
    expect(await inner).toBeInstanceOf(Error);
    expect(await names(subject.db)).toEqual([]);
    await subject.db.transaction('next', (tx) => count(tx, 'next'));
    expect(await names(subject.db)).toEqual(['next']);
  });
});
