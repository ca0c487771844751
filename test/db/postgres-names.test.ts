import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openPostgres } from '#db/postgres.ts';
import { namer } from '#db/postgres-names.ts';
import { freshPostgresUrl, recordLog } from '../support/databases.ts';

test('PostgreSQL keeps what is asked again and again, and nothing else', async () => {
  const db = openPostgres(await freshPostgresUrl(), { log: recordLog(), maxConnections: 1 });
  const kept = () => db.$count(sql`(select 1 from pg_prepared_statements where name like 'kept%') as kept` as never);
  const { counters } = db.tables;
  try {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await db.transaction('test', (tx) => tx.insert(counters).values({ name, value: 1 }));
      expect(await db.select().from(counters).where(eq(counters.name, name))).toEqual([{ name, value: 1 }]);
    }
    expect(await kept()).toBe(2);
  } finally {
    await db.close();
  }
});

test('a name is one statement’s for good, and there are only so many', () => {
  const named = namer();
  const nameOf = (text: string) => (named({ text }, [1]) as { name?: string }).name;
  const askOften = (text: string) => [1, 2, 3].map(() => nameOf(text)).at(-1);
  const first = askOften('select $1');
  expect(first).toMatch(/^kept_/);
  const names = new Set(Array.from({ length: 1_000 }, (_, count) => askOften(`select $1 + ${count}`)));
  expect(names.size).toBe(300);
  expect(names).toContain(undefined);
  expect(nameOf('select $1')).toBe(first);
  expect(named('savepoint level_1', undefined)).toBe('savepoint level_1');
});
