import { writeFile } from 'node:fs/promises';
import Connection from 'better-sqlite3';
import { expect, test } from 'vitest';
import { later, SECOND } from '#clock.ts';
import { openTest, freshPostgres, freshSqlite, freshSqliteUrl } from '../support/databases.ts';
import { personErase, personExport } from '../../src/cli/person.ts';
import { person, type TestDesk, testDesk } from '../support/desk.ts';
import { singingFiles } from '../tickets/erase.canary.ts';
import { ADDRESS, plant } from '../tickets/erase.plant.ts';

function recordLines(isJson = false) {
  const lines: string[] = [];
  return { lines, out: Object.assign((line: string) => void lines.push(line), { isJson }) };
}

async function planted(): Promise<TestDesk> {
  const desk = await testDesk(await freshSqlite());
  await plant(desk);
  return desk;
}

test('an export is one JSON document', async () => {
  const desk = await planted();
  const { lines, out } = recordLines();
  expect(await personExport(desk, ADDRESS, out)).toBe(0);
  expect(JSON.parse(lines.join('\n'))).toMatchObject({ identities: expect.arrayContaining([expect.objectContaining({ value: ADDRESS })]) });
});

test('an erasure says what went, and links what only people can delete', async () => {
  const desk = await planted();
  const { lines, out } = recordLines();
  expect(await personErase(desk, ADDRESS, out)).toBe(0);
  expect(lines[0]).toBe(`${ADDRESS} was erased.`);
  expect(lines).toContain('1 ticket was emptied: TK-1');
  expect(lines).toContain('  https://slack.com/archives/C1/p1764000001000100');
  expect(lines).toContain('The database file was rewritten: nothing erased can be read from it.');
});

test('with JSON it is one line that a script can read', async () => {
  const desk = await planted();
  const { lines, out } = recordLines(true);
  await personErase(desk, ADDRESS, out);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    tickets: ['TK-1'],
    isClean: true,
    slackMessages: expect.arrayContaining(['https://slack.com/archives/CCANARY/p1764000000000100']),
  });
});

test('an unknown address is a failure an operator can read', async () => {
  const desk = await planted();
  await expect(personErase(desk, 'nobody@asiakas.test', recordLines().out)).rejects.toMatchObject({
    key: 'person.unknown',
    params: { address: 'nobody@asiakas.test' },
  });
  await expect(personExport(desk, 'nobody@asiakas.test', recordLines().out)).rejects.toMatchObject({ key: 'person.unknown' });
});

test('copies made before upgrades are named, for they still hold the person', async () => {
  const url = await freshSqliteUrl();
  const file = url.replace('file:', '');
  const desk = await testDesk(await openTest(url));
  await person(desk, 'liisa@asiakas.test', 'Liisa');
  await writeFile(`${file}.before-2`, 'an old database');
  const { lines, out } = recordLines();
  await personErase(desk, 'liisa@asiakas.test', out);
  expect(lines.find((line) => line.includes('before-2'))).toContain(`${file}.before-2`);
});

test('a file another process kept busy is rewritten by the next try', async () => {
  const url = await freshSqliteUrl();
  const file = url.replace('file:', '');
  const desk = await testDesk(await openTest(url, { busyMilliseconds: 100 }));
  await plant(desk);
  const other = new Connection(file);
  // A read transaction that never ends: the log beside the file can't be emptied.
  other.exec('begin');
  other.prepare('select count(*) from people').get();
  const first = recordLines(true);
  await personErase(desk, ADDRESS, first.out);
  expect(JSON.parse(first.lines[0] ?? '')).toMatchObject({ isClean: false });
  expect(singingFiles(file)).not.toEqual([]);
  other.close();
  await expect(personErase(desk, ADDRESS, recordLines().out)).rejects.toMatchObject({ key: 'person.unknown' });
  expect(singingFiles(file)).toEqual([]);
});

test('beside a running server only a small file is rewritten at once', async () => {
  const desk = await planted();
  await desk.db.transaction('server', (tx) =>
    tx.insert(tx.tables.leases).values({ name: 'server', holder: 'server', until: later(desk.clock.now(), 30 * SECOND) }),
  );
  const asked: number[] = [];
  const { scrub } = desk.db;
  if (!scrub) throw new Error('SQLite can be scrubbed.');
  const watched = { ...desk, db: { ...desk.db, scrub: (maxBytes: number) => (asked.push(maxBytes), scrub(maxBytes)) } };
  await personErase(watched, ADDRESS, recordLines().out);
  expect(asked).toEqual([256 * 1024 * 1024]);
});

test('PostgreSQL clears its files by itself, and the report says so', async () => {
  const desk = await testDesk(await freshPostgres());
  await person(desk, 'liisa@asiakas.test', 'Liisa');
  const { lines, out } = recordLines();
  expect(await personErase(desk, 'liisa@asiakas.test', out)).toBe(0);
  expect(lines).toContain('PostgreSQL itself clears the old rows from its files with its next vacuum.');
  await desk.db.close();
});
