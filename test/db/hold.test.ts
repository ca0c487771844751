import { expect, test } from 'vitest';
import { HeldTooLong } from '#db/scope.ts';
import type { Writer } from '#db/database.ts';
import { describeDatabases } from '../support/databases.ts';

const forever = new Promise<never>(() => undefined);
const count = (tx: Writer, name: string) => tx.insert(tx.tables.counters).values({ name, value: 1 });

describeDatabases(
  'a transaction that holds the writer',
  (subject) => {
    test('for long is logged with its name', async () => {
      const told = subject.log.next('holds the writer');
      await subject.db.transaction('slow', async () => void (await told));
      expect((await told).fields).toMatchObject({ transaction: 'slow' });
    });

    test('for too long is rolled back, its tx is dead, and the next one gets its turn', async () => {
      const { db } = subject;
      const rolledBack = Promise.withResolvers<void>();
      let late: Promise<unknown> | undefined;
      const stuck = db.transaction('stuck', async (tx) => {
        await count(tx, 'stuck');
        late = rolledBack.promise.then(() => count(tx, 'late'));
        return late;
      });
      await expect(stuck).rejects.toThrow(HeldTooLong);
      rolledBack.resolve();
      await expect(late).rejects.toThrow(/revoked|held the writer/);
      await db.transaction('next', (tx) => count(tx, 'next'));
      expect(await db.select().from(db.tables.counters)).toEqual([{ name: 'next', value: 1 }]);
    });

    test('for too long inside a savepoint takes everything back', async () => {
      const { db } = subject;
      const stuck = db.transaction('outer', async (tx, carried) => {
        await count(tx, 'outer');
        await carried.transaction('inner', async (tx) => {
          await count(tx, 'inner');
          await forever;
        });
      });
      await expect(stuck).rejects.toThrow('"outer" held the writer');
      expect(await db.select().from(db.tables.counters)).toEqual([]);
    });

    test('with statement after statement, leaving no timer a turn, is rolled back too', async () => {
      const { db } = subject;
      const busy = db.transaction('busy', async (tx) => {
        for (;;) await tx.select().from(tx.tables.counters);
      });
      await expect(busy).rejects.toThrow(HeldTooLong);
      expect(subject.log.lines.map((line) => line.fields.transaction)).toContain('busy');
    });
  },
  { hold: { warnMilliseconds: 20, limitMilliseconds: 150 } },
);
