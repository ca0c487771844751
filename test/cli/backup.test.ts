import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Connection from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDataConfig, readPlaces } from '#config.ts';
import { keepPresence } from '#jobs/presence.ts';
import { change } from '#tickets/desk.ts';
import { setUp } from '#tickets/set-up.ts';
import { backUp } from '../../src/cli/backup.ts';
import { doctorBackup } from '../../src/cli/doctor-backup.ts';
import { restore } from '../../src/cli/restore.ts';
import { openDesk } from '../../src/main/open-desk.ts';
import { freshPostgresUrl } from '../support/databases.ts';
import { mailedTicket, person } from '../support/desk.ts';
import { recordLines } from '../support/lines.ts';
import { raw } from '../support/raw.ts';

let home: string;
let here: Record<string, string>;
let elsewhere: Record<string, string>;
let backup: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tiketti-backup-'));
  here = placeIn('here');
  elsewhere = placeIn('elsewhere');
  backup = join(home, 'backup');
});
afterEach(() => rm(home, { recursive: true }));

function placeIn(name: string): Record<string, string> {
  return {
    DATABASE_URL: `file:${join(home, name, 'tiketti.db')}`,
    FILES_URL: `file:${join(home, name, 'files')}`,
    MAIL_FROM: 'Support <support@pohjola.test>',
  };
}

/** A desk with one ticket and one file. */
async function beginDesk(environment = here) {
  const desk = await openDesk({ config: { ...readDataConfig(environment), LOG_LEVEL: 'error' } });
  await setUp(desk, { from: { name: 'Support', address: 'support@pohjola.test' }, language: 'en' });
  await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'));
  return { desk, sha256: await addFile(desk, 'a photograph') };
}

async function addFile(desk: Awaited<ReturnType<typeof openDesk>>, words: string): Promise<string> {
  const bytes = Buffer.from(words);
  const sha256 = await desk.files.put(bytes);
  await change(desk, 'file', (tx) =>
    tx
      .insert(tx.tables.files)
      .values({ sha256, filename: 'a.txt', contentType: 'text/plain', sizeBytes: bytes.length, createdAt: desk.clock.now() }),
  );
  return sha256;
}

const backUpHere = (more: { isForced?: boolean; withSecret?: boolean } = {}, terminal = recordLines(), environment = here) =>
  backUp(backup, { environment, isForced: false, withSecret: false, ...more }, terminal);
const restoreTo = (
  environment: Record<string, string>,
  more: { isForced?: boolean; isDatabaseRestored?: boolean } = {},
  terminal = recordLines(),
) => restore(backup, { places: readPlaces(environment), isForced: false, isDatabaseRestored: false, ...more }, terminal);
const named = async (start: string) => join(backup, (await readdir(backup)).find((name) => name.startsWith(start)) ?? start);

test('a backup is restored whole: rows, files and the secret, each for its owner only', async () => {
  const { desk, sha256 } = await beginDesk();
  expect(await backUpHere()).toBe(0);
  await desk.db.close();
  expect(await doctorBackup(backup, recordLines())).toBe(0);
  expect(await restoreTo(elsewhere)).toBe(0);
  const config = readDataConfig(elsewhere);
  expect(config.secrets).toEqual(readDataConfig(here).secrets);
  const restored = await openDesk({ config: { ...config, LOG_LEVEL: 'error' } });
  expect(await restored.db.select({ subject: restored.db.tables.tickets.subject }).from(restored.db.tables.tickets)).toEqual([
    { subject: 'Printer' },
  ]);
  expect(Buffer.from(await restored.files.get(sha256)).toString()).toBe('a photograph');
  await restored.db.close();
  for (const name of ['secret', 'tiketti.db', join('files', sha256.slice(0, 2), sha256)])
    expect({ name, others: (await stat(join(home, 'elsewhere', name))).mode & 0o077 }).toEqual({ name, others: 0 });
});

test('a folder with something else in it is refused, and an older backup gives way only to --force', async () => {
  const { desk } = await beginDesk();
  await mkdir(backup);
  await writeFile(join(backup, 'holiday.jpg'), 'mine');
  await expect(backUpHere({ isForced: true })).rejects.toThrow('holds no backup');
  await rm(join(backup, 'holiday.jpg'));
  await backUpHere();
  await expect(backUpHere()).rejects.toThrow('--force');
  const sha256 = await addFile(desk, 'another one');
  expect(await backUpHere({ isForced: true })).toBe(0);
  expect((await readdir(backup)).filter((name) => name.startsWith('database-'))).toHaveLength(1);
  expect(existsSync(join(backup, 'files', sha256.slice(0, 2), sha256))).toBe(true);
  await desk.db.close();
});

test('an unfinished backup is known for what it is, and nothing is restored from it', async () => {
  const { desk } = await beginDesk();
  await backUpHere();
  await desk.db.close();
  await rm(join(backup, 'manifest.json'));
  await writeFile(join(backup, 'unfinished'), '');
  await expect(restoreTo(elsewhere)).rejects.toThrow('never finished');
  expect(existsSync(join(home, 'elsewhere'))).toBe(false);
});

test('a file the desk names and nobody has is told, and the rest is saved', async () => {
  const { desk, sha256 } = await beginDesk();
  await desk.files.remove(sha256);
  const terminal = recordLines(true);
  expect(await backUpHere({}, terminal)).toBe(1);
  expect(JSON.parse(terminal.lines[0] ?? '')).toMatchObject({ lost: [sha256], files: { missing: [sha256] }, counts: { tickets: 1 } });
  expect(await doctorBackup(backup, recordLines())).toBe(0);
  await desk.db.close();
});

test('without its secret a desk is not backed up, and no new one is made in its place', async () => {
  const { desk } = await beginDesk();
  await desk.db.close();
  await rm(join(home, 'here', 'secret'));
  await expect(backUpHere()).rejects.toThrow('secret is missing');
  expect(existsSync(join(home, 'here', 'secret'))).toBe(false);
});

test('whatever byte was changed, the backup is refused before anything is touched', async () => {
  const { desk, sha256 } = await beginDesk();
  await backUpHere();
  await desk.db.close();
  for (const path of [
    await named('database-'),
    await named('secret-'),
    await named('files-'),
    join(backup, 'files', sha256.slice(0, 2), sha256),
  ]) {
    const whole = await readFile(path);
    const changed = Buffer.from(whole);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await chmod(path, 0o600);
    await writeFile(path, changed);
    await expect(restoreTo(elsewhere)).rejects.toThrow('damaged');
    expect(await doctorBackup(backup, recordLines())).toBe(1);
    await writeFile(path, whole);
  }
  expect(existsSync(join(home, 'elsewhere'))).toBe(false);
});

test('a desk with data is never written over; --force moves it aside, whole', async () => {
  const { desk } = await beginDesk();
  await backUpHere();
  await desk.db.close();
  const other = await beginDesk(elsewhere);
  await mailedTicket(other.desk, await person(other.desk, 'olli@asiakas.test'), 'Scanner');
  await other.desk.db.close();
  await expect(restoreTo(elsewhere)).rejects.toThrow('has data');
  const terminal = recordLines(true);
  expect(await restoreTo(elsewhere, { isForced: true }, terminal)).toBe(0);
  const { aside } = JSON.parse(terminal.lines[0] ?? '') as { aside: string[] };
  const old = aside.find((path) => path.includes('tiketti.db.before-restore-')) ?? '';
  const connection = new Connection(old);
  expect(connection.prepare('select count(*) from tickets').pluck().get()).toBe(2);
  connection.close();
  expect(aside.some((path) => path.includes('files.before-restore-'))).toBe(true);
  expect(aside.some((path) => path.includes('secret.before-restore-'))).toBe(true);
});

test('beside a running server nothing is restored, not even by force', async () => {
  const { desk } = await beginDesk();
  await backUpHere();
  const lease = keepPresence(desk, 'server');
  await expect.poll(() => desk.db.$count(desk.db.tables.leases)).toBe(1);
  await expect(restoreTo(here, { isForced: true })).rejects.toMatchObject({ exit: 75 });
  await lease.stop();
  await desk.db.close();
});

test('a backup of a newer program is refused with 78, whether its form or its database is newer', async () => {
  const { desk } = await beginDesk();
  await raw(here['DATABASE_URL'] ?? '', "insert into __drizzle_migrations (hash, created_at) values ('to come', 99999999999999)");
  await cp(join(home, 'here'), join(home, 'copy'), { recursive: true });
  await desk.db.close();
  await expect(backUpHere()).rejects.toThrow('newer');
  await raw(here['DATABASE_URL'] ?? '', "delete from __drizzle_migrations where hash = 'to come'");
  await rm(backup, { recursive: true });
  await backUpHere();
  const path = join(backup, 'manifest.json');
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), format: 2, program: '9.0.0' }));
  await expect(restoreTo(elsewhere)).rejects.toMatchObject({ exit: 78 });
});

test('a secret from the environment is not written unless asked for, and only the right one restores', async () => {
  const secret = 'a'.repeat(64);
  const { desk } = await beginDesk({ ...here, TIKETTI_SECRET: secret });
  await desk.db.close();
  const terminal = recordLines();
  await backUpHere({}, terminal, { ...here, TIKETTI_SECRET: secret });
  expect(terminal.lines.join('\n')).toContain('NOT in this backup');
  expect((await readdir(backup)).some((name) => name.startsWith('secret'))).toBe(false);
  await expect(restoreTo(elsewhere)).rejects.toThrow('set TIKETTI_SECRET');
  await expect(restoreTo({ ...elsewhere, TIKETTI_SECRET: 'b'.repeat(64) })).rejects.toThrow('not the one');
  expect(await restoreTo({ ...elsewhere, TIKETTI_SECRET: `${'b'.repeat(64)} ${secret}` })).toBe(0);
  expect(existsSync(join(home, 'elsewhere', 'secret'))).toBe(false);
});

test('on PostgreSQL the command says how to dump and restore, copies the rest, and parks once', async () => {
  const environment = { ...here, DATABASE_URL: await freshPostgresUrl(), TIKETTI_SECRET: 'a'.repeat(64) };
  const { desk } = await beginDesk(environment);
  await desk.db.close();
  const terminal = recordLines();
  expect(await backUpHere({ withSecret: true }, terminal, environment)).toBe(0);
  expect(terminal.lines.join('\n')).toContain('pg_dump --format=custom');
  await writeFile(join(backup, 'database.dump'), 'what pg_dump wrote');
  expect(await backUpHere({ withSecret: true, isForced: true }, recordLines(), environment)).toBe(0);
  expect(await doctorBackup(backup, recordLines())).toBe(0);
  const again = { ...environment, FILES_URL: elsewhere['FILES_URL'] ?? '' };
  const told = recordLines();
  expect(await restoreTo(again, {}, told)).toBe(1);
  expect(told.lines.join('\n')).toContain('pg_restore');
  expect(await restoreTo(again, { isDatabaseRestored: true })).toBe(0);
  await expect(restoreTo(again, { isDatabaseRestored: true, isForced: true })).rejects.toThrow('restored here already');
  const restored = await openDesk({ config: { ...readDataConfig(again), LOG_LEVEL: 'error' } });
  await restored.db.close();
});
