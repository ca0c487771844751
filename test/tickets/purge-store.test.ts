import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { DAY, later } from '#clock.ts';
import { openFolder } from '#files/folder.ts';
import { purgeExpired } from '#tickets/purge.ts';
import { freshSqlite } from '../support/databases.ts';
import { mailedTicket, person, testDesk } from '../support/desk.ts';
import { plantFile } from './erase.plant.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function scene() {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-purge-'));
  folders.push(folder);
  const made = await testDesk(await freshSqlite());
  return { ...made, files: openFolder(folder, made.clock) };
}

test('bytes nobody ever named leave after a day; what was stored lately may still get its name', async () => {
  const desk = await scene();
  const old = await desk.files.put(Buffer.from('old'));
  desk.clock.advance(2 * DAY);
  const fresh = await desk.files.put(Buffer.from('fresh'));
  expect(await purgeExpired(desk)).toMatchObject({ orphansRemoved: 1 });
  expect([await desk.files.has(old), await desk.files.has(fresh)]).toEqual([false, true]);
});

test('old bytes that a row names stay', async () => {
  const desk = await scene();
  const fileId = await plantFile(desk, 'named', 'a');
  await mailedTicket(desk, await person(desk, 'liisa@asiakas.test', 'Liisa'));
  const [comment] = await desk.db.select().from(desk.db.tables.comments);
  await desk.db.transaction('show', (tx) => tx.insert(tx.tables.commentFiles).values({ commentId: comment?.id ?? 0, fileId, position: 0 }));
  const named = createHash('sha256').update('named').digest('hex');
  desk.clock.advance(2 * DAY);
  await purgeExpired(desk);
  expect(await desk.files.has(named)).toBe(true);
});

test('storing old bytes again makes them young: whoever did is about to name them', async () => {
  const desk = await scene();
  const bytes = Buffer.from('a logo');
  const sha256 = await desk.files.put(bytes);
  desk.clock.advance(2 * DAY);
  await desk.files.put(bytes);
  expect(await desk.files.removeOlder(sha256, later(desk.clock.now(), -DAY))).toBe(false);
  await purgeExpired(desk);
  expect(await desk.files.has(sha256)).toBe(true);
});
