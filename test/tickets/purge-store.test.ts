import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { DAY, later } from '#clock.ts';
import { openFileStore } from '#files/store.ts';
import { purgeExpired } from '#tickets/purge.ts';
import { freshSqlite } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { plantFile } from './erase.plant.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function scene() {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-purge-'));
  folders.push(folder);
  const desk = { ...(await testDesk(await freshSqlite())), files: openFileStore(folder) };
  desk.clock.set(new Date());
  const age = async (sha256: string, days: number) => {
    const at = later(new Date(), -days * DAY);
    await utimes(join(folder, sha256.slice(0, 2), sha256), at, at);
  };
  return { desk, age };
}

test('bytes nobody ever named leave after a day; what was stored lately may still get its name', async () => {
  const { desk, age } = await scene();
  const [old, fresh] = [await desk.files.put(Buffer.from('old')), await desk.files.put(Buffer.from('fresh'))];
  await age(old, 2);
  expect(await purgeExpired(desk)).toMatchObject({ orphansRemoved: 1 });
  expect([await desk.files.has(old), await desk.files.has(fresh)]).toEqual([false, true]);
});

test('old bytes that a row names stay', async () => {
  const { desk, age } = await scene();
  await plantFile(desk, 'named', 'a');
  const named = createHash('sha256').update('named').digest('hex');
  await age(named, 2);
  await purgeExpired(desk);
  expect(await desk.files.has(named)).toBe(true);
});

test('storing old bytes again makes them young: whoever did is about to name them', async () => {
  const { desk, age } = await scene();
  const bytes = Buffer.from('a logo');
  const sha256 = await desk.files.put(bytes);
  await age(sha256, 2);
  await desk.files.put(bytes);
  expect(await desk.files.removeOlder(sha256, later(new Date(), -DAY))).toBe(false);
  await purgeExpired(desk);
  expect(await desk.files.has(sha256)).toBe(true);
});
