import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import type { Database, Writer } from '#db/database.ts';
import { isUniqueViolation } from '#db/database.ts';
import { describeDatabases } from '../support/databases.ts';

const count = (tx: Writer, name: string, value = 1) => tx.insert(tx.tables.counters).values({ name, value });
const names = async (db: Pick<Database, 'select' | 'tables'>) =>
  (await db.select().from(db.tables.counters)).map((row) => row.name).toSorted();

describeDatabases('a transaction', (subject) => {
  test('keeps its rows once it has committed', async () => {
    expect(await subject.db.transaction('test', (tx) => count(tx, 'a').returning())).toEqual([{ name: 'a', value: 1 }]);
    expect(await names(subject.db)).toEqual(['a']);
  });

  test('leaves nothing behind when its work fails, not even after an await', async () => {
    const failing = subject.db.transaction('test', async (tx) => {
      await count(tx, 'a');
      await new Promise(setImmediate);
      throw new Error('boom');
    });
    await expect(failing).rejects.toThrow('boom');
    expect(await names(subject.db)).toEqual([]);
  });

  test('is invisible to readers until it commits', async () => {
    const written = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    const working = subject.db.transaction('test', async (tx) => {
      await count(tx, 'a');
      written.resolve();
      await seen.promise;
    });
    await written.promise;
    expect(await names(subject.db)).toEqual([]);
    seen.resolve();
    await working;
    expect(await names(subject.db)).toEqual(['a']);
  });

  test('reads its own rows through tx and through carried', async () => {
    await subject.db.transaction('test', async (tx, carried) => {
      await count(tx, 'a');
      expect(await names(tx)).toEqual(['a']);
      expect(await names(carried)).toEqual(['a']);
      expect(await tx.$count(tx.tables.counters)).toBe(1);
    });
  });

  test('refuses reads, transactions, search and close of the database that opened it', async () => {
    const { db } = subject;
    const outer = db.select().from(db.tables.counters);
    await db.transaction('outer', async () => {
      expect(() => db.select().from(db.tables.counters)).toThrow('Inside the transaction "outer"');
      expect(() => db.$count(db.tables.counters)).toThrow('use the tx');
      await expect(outer).rejects.toThrow('use the tx');
      await expect(db.search('ticket', 'a', 1)).rejects.toThrow('use the tx');
      await expect(db.transaction('inner', async () => 1)).rejects.toThrow('use the tx');
      await expect(db.close()).rejects.toThrow('use the tx');
    });
  });

  test('lets a promise that was started inside use the database after the commit', async () => {
    const { db } = subject;
    const committed = Promise.withResolvers<void>();
    let late: Promise<string[]> | undefined;
    await db.transaction('test', async (tx) => {
      await count(tx, 'a');
      late = committed.promise.then(() => db.transaction('late', async (tx) => names(tx)));
    });
    committed.resolve();
    expect(await late).toEqual(['a']);
  });

  test('kills its tx, its carried database and statements built with them when it is over', async () => {
    const { db } = subject;
    const stale = await db.transaction('test', async (tx, carried) => ({ tx, carried, statement: () => count(tx, 'late') }));
    expect(() => stale.tx.tables).toThrow('revoked');
    expect(() => stale.carried.transaction).toThrow('revoked');
    let statement: ReturnType<typeof count> | undefined;
    await db.transaction('test', async (tx) => {
      statement = count(tx, 'late');
    });
    await expect(db.transaction('other', async () => statement)).rejects.toThrow('its tx is dead');
    expect(await names(db)).toEqual([]);
  });

  test('passes on the failure of its statement as what it is', async () => {
    const error: unknown = await subject.db
      .transaction('test', async (tx) => {
        await count(tx, 'a');
        await count(tx, 'a');
      })
      .catch((e: unknown) => e);
    expect(isUniqueViolation(error)).toBe(true);
    expect(String(error)).not.toMatch(/params/);
  });

  test('is not committed when a statement failed and nobody minded', async () => {
    const careless = subject.db.transaction('careless', async (tx) => {
      await count(tx, 'a');
      await count(tx, 'a').catch(() => undefined);
    });
    await expect(careless).rejects.toThrow('catch around carried.transaction');
    expect(await names(subject.db)).toEqual([]);
  });

  test('takes its turn: fifty at once count to fifty', async () => {
    const { db } = subject;
    await db.transaction('first', (tx) => count(tx, 'n', 0));
    const { counters } = db.tables;
    const step = async (tx: Writer) =>
      tx
        .update(counters)
        .set({ value: sql`${counters.value} + 1` })
        .returning();
    const values = (await Promise.all(Array.from({ length: 50 }, () => db.transaction('step', step)))).map(([row]) => row?.value ?? 0);
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  test('is the only way to write', async () => {
    const bypass = subject.db as unknown as Writer;
    expect(bypass.insert).toBeUndefined();
    // @ts-expect-error the Database itself has no insert
    void (() => subject.db.insert(subject.db.tables.counters));
    expect(await names(subject.db)).toEqual([]);
  });

  test('stores bytes as they are, and the same can be read aside', async () => {
    const { db } = subject;
    const raw = new Uint8Array([0, 255, 10, 0]);
    const mail = { mailbox: 'm', rawDigest: 'd', envelopeTo: ['a'], sizeBytes: 4, raw, reasons: [], receivedAt: new Date(1_000) };
    const { mails } = db.tables;
    await db.transaction('test', (tx) => tx.insert(mails).values(mail));
    for (const reader of [db, db.aside]) {
      const [row] = await reader.select({ raw: mails.raw, to: mails.envelopeTo, at: mails.receivedAt }).from(mails);
      expect([...(row?.raw ?? [])]).toEqual([...raw]);
      expect(row).toMatchObject({ to: ['a'], at: new Date(1_000) });
      expect(await reader.$count(mails)).toBe(1);
      expect(await reader.search('ticket', '...', 1)).toEqual([]);
    }
    await db.transaction('test', async (tx, carried) => {
      expect(() => db.aside.select()).toThrow('use the tx');
      expect(await carried.aside.$count(mails)).toBe(1);
    });
  });

  test('stores a text without U+0000 on both engines', async () => {
    await subject.db.transaction('test', (tx) => count(tx, 'a\0b'));
    expect(await names(subject.db)).toEqual(['ab']);
  });
});

describeDatabases('an effect after the commit', (subject) => {
  test('runs once the rows can be read, outside the transaction', async () => {
    const { db } = subject;
    const seen = Promise.withResolvers<string[]>();
    const order: string[] = [];
    await db.transaction('test', async (tx) => {
      await count(tx, 'a');
      tx.afterCommit(() => {
        order.push('effect');
        seen.resolve(names(db));
      });
      order.push('work');
    });
    order.push('returned');
    expect(await seen.promise).toEqual(['a']);
    expect(order).toEqual(['work', 'effect', 'returned']);
  });

  test('never runs after a rollback', async () => {
    let hasRun = false;
    const failing = subject.db.transaction('test', async (tx) => {
      tx.afterCommit(() => (hasRun = true));
      throw new Error('boom');
    });
    await expect(failing).rejects.toThrow('boom');
    expect(hasRun).toBe(false);
  });

  test('fails alone: it is logged and the others run', async () => {
    const ran: string[] = [];
    await subject.db.transaction('noisy', async (tx) => {
      tx.afterCommit(() => {
        throw new Error('deaf');
      });
      tx.afterCommit(() => void ran.push('second'));
    });
    expect(ran).toEqual(['second']);
    expect(subject.log.lines).toMatchObject([{ level: 'error', fields: { transaction: 'noisy' } }]);
  });

  test('of a savepoint waits for the outermost commit, and is dropped with the savepoint', async () => {
    const ran: string[] = [];
    await subject.db.transaction('outer', async (tx, carried) => {
      tx.afterCommit(() => void ran.push('outer'));
      await carried.transaction('kept', async (tx) => tx.afterCommit(() => void ran.push('kept')));
      await carried
        .transaction('dropped', async (tx) => {
          tx.afterCommit(() => void ran.push('dropped'));
          throw new Error('boom');
        })
        .catch(() => undefined);
      expect(ran).toEqual([]);
    });
    expect(ran).toEqual(['outer', 'kept']);
  });
});
