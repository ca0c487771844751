import { existsSync } from 'node:fs';
import Connection from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { join } from 'node:path';
import { migrate, NewerDatabase, OlderDatabase, versions } from '#db/migrate.ts';
import { migrate as migrateSqlite } from '#db/migrate.sqlite.ts';
import { knownMigrations } from '#db/migrations.ts';
import { openDatabase } from '#db/open.ts';
import { freshPostgresUrl, freshSqliteUrl, recordLog } from '../support/databases.ts';

const log = recordLog();
const FUTURE = 99_999_999_999_999;
const next = (...sql: string[]) => [...knownMigrations('sqlite'), { sql, folderMillis: FUTURE, hash: 'next', bps: true }];

describe('migrating SQLite', () => {
  let n = 0;
  const newUrl = () => `file:${join(inject('databaseFolder'), `migrate-${process.pid}-${(n += 1)}`, 'new.db')}`;
  const run = (url: string, sql: string) => {
    const connection = new Connection(url.replace('file:', ''));
    connection.exec(sql);
    connection.close();
  };

  test('makes the folder and the database, and has nothing to do the second time', async () => {
    const url = newUrl();
    const { pending } = await versions(url);
    expect(pending).toBeGreaterThan(0);
    await expect(openDatabase(url, { log })).rejects.toThrow(OlderDatabase);
    expect(await migrate(url)).toEqual({ applied: pending, pending: 0 });
    expect(await migrate(url)).toEqual({ applied: pending, pending: 0 });
    const db = await openDatabase(url, { log });
    expect(await db.$count(db.tables.tickets)).toBe(0);
    await db.close();
    expect(existsSync(`${url.replace('file:', '')}.before-1`)).toBe(false);
  });

  test('copies an older database aside before it changes it', async () => {
    const url = await freshSqliteUrl();
    const { applied } = await versions(url);
    run(url, "insert into counters values ('a', 1)");
    await migrateSqlite(url, next('update counters set value = 2'));
    const read = (file: string) => {
      const connection = new Connection(file, { readonly: true });
      const values = connection.prepare('select value from counters').pluck().all();
      connection.close();
      return values;
    };
    expect(read(`${url.replace('file:', '')}.before-${applied + 1}`)).toEqual([1]);
    expect(read(url.replace('file:', ''))).toEqual([2]);
  });

  test('rebuilds a table without losing the rows that point at it', async () => {
    const url = await freshSqliteUrl();
    run(url, "insert into organizations values (1, 'Acme', 0); insert into organization_domains values (1, 1, 'acme.example', null)");
    await migrateSqlite(
      url,
      next(
        'create table o (id integer primary key, name text not null, created_at integer not null)',
        'insert into o select id, name, created_at from organizations',
        'drop table organizations',
        'alter table o rename to organizations',
      ),
    );
    const db = new Connection(url.replace('file:', ''));
    expect(db.prepare('select count(*) from organization_domains').pluck().get()).toBe(1);
    db.close();
  });

  test('changes nothing when it would leave rows without their parent', async () => {
    const url = await freshSqliteUrl();
    const orphans = migrateSqlite(url, next('insert into group_members values (99, 99)'));
    await expect(orphans).rejects.toThrow('rows without their parent');
    expect((await versions(url)).pending).toBe(0);
    const db = await openDatabase(url, { log });
    expect(await db.$count(db.tables.groupMembers)).toBe(0);
    await db.close();
  });

  test('refuses a database that a newer program made', async () => {
    const url = await freshSqliteUrl();
    run(url, `insert into __drizzle_migrations (hash, created_at) values ('future', ${FUTURE})`);
    await expect(migrate(url)).rejects.toThrow(NewerDatabase);
    await expect(openDatabase(url, { log })).rejects.toThrow('newer than this program');
  });

  test('is safe when two start at once', async () => {
    const url = newUrl();
    const [first, second] = await Promise.all([migrate(url), migrate(url)]);
    expect(first).toEqual(second);
  });
});

describe('migrating PostgreSQL', () => {
  const run = async (url: string, sql: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };

  test('is safe from many nodes at once, and has nothing to do the second time', async () => {
    const url = await freshPostgresUrl({ isEmpty: true });
    const { pending } = await versions(url);
    expect(pending).toBeGreaterThan(0);
    await expect(openDatabase(url, { log })).rejects.toThrow(OlderDatabase);
    const done = await Promise.all([1, 2, 3].map(() => migrate(url)));
    expect(done).toEqual(done.map(() => ({ applied: pending, pending: 0 })));
    expect(await versions(url)).toEqual({ applied: pending, pending: 0 });
  });

  test('refuses a database that a newer program made', async () => {
    const url = await freshPostgresUrl();
    await run(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('future', ${FUTURE})`);
    await expect(migrate(url)).rejects.toThrow(NewerDatabase);
    await expect(openDatabase(url, { log })).rejects.toThrow(NewerDatabase);
  });

  test('changes nothing when it fails half way', async () => {
    const url = await freshPostgresUrl({ isEmpty: true });
    await run(url, 'create table tickets (id int)');
    await expect(migrate(url)).rejects.toThrow('already exists');
    expect((await versions(url)).applied).toBe(0);
  });
});
