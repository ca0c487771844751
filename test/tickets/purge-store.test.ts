import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, DAY, later, MINUTE } from '#clock.ts';
import { readDataConfig } from '#config.ts';
import { openFileStore } from '#files/open.ts';
import { createWorker } from '#jobs/worker.ts';
import { removeBytesJob, unname } from '#tickets/erase-files.ts';
import { purgeExpired } from '#tickets/purge.ts';
import { freshSqlite } from '../support/databases.ts';
import { mailedTicket, person, testDesk } from '../support/desk.ts';
import { startS3 } from '../support/s3.ts';
import { plantFile } from './erase.plant.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Where files lie: their ages are counted by the desk's clock, or by the bucket's. */
const PLACES: Record<string, (clock: Clock) => Promise<Record<string, string>>> = {
  async folder() {
    const folder = await mkdtemp(join(tmpdir(), 'tiketti-purge-'));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    return { FILES_URL: `file:${folder}` };
  },
  async bucket(clock) {
    const server = await startS3({ clock });
    ends.push(server.stop);
    return server.environment;
  },
};

describe.each(Object.keys(PLACES))('in a %s', (place) => {
  async function scene() {
    const made = await testDesk(await freshSqlite());
    const environment = (await PLACES[place]?.(made.clock)) ?? {};
    return { ...made, files: await openFileStore(readDataConfig({ TIKETTI_SECRET: 's'.repeat(64), ...environment }), made.clock) };
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
    await desk.db.transaction('show', (tx) =>
      tx.insert(tx.tables.commentFiles).values({ commentId: comment?.id ?? 0, fileId, position: 0 }),
    );
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

  test('bytes that lost their name leave by their job, unless somebody stored them again since', async () => {
    const desk = await scene();
    const [gone, again] = [await desk.files.put(Buffer.from('gone')), await desk.files.put(Buffer.from('again'))];
    desk.clock.advance(DAY);
    await desk.db.transaction('unname', (tx) => unname(desk, tx, [gone, again]));
    desk.clock.advance(MINUTE / 2);
    // The same bytes came by another mail, whose row is not written yet.
    await desk.files.put(Buffer.from('again'));
    desk.clock.advance(MINUTE);
    const worker = createWorker(desk, [removeBytesJob], 'server', (desk, db) => ({ ...desk, db }));
    await worker.start();
    await worker.settled();
    await worker.stop();
    expect([await desk.files.has(gone), await desk.files.has(again)]).toEqual([false, true]);
  });
});
