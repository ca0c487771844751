import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { filePath } from '#config.ts';
import { isPostgres } from '#db/open.ts';
import { type Check, ok, skipped, warning, wrong } from './check.ts';

const GIGABYTE = 1024 ** 3;
const LEAST_BYTES = GIGABYTE / 2;
const LOW_SHARE = 0.1;

export const disk: Check = {
  name: 'disk',
  run: async ({ settings: { DATABASE_URL, FILES_URL } }) => {
    const places = [
      ...(DATABASE_URL && !isPostgres(DATABASE_URL) ? [dirname(filePath(DATABASE_URL))] : []),
      ...(FILES_URL?.startsWith('file:') ? [filePath(FILES_URL)] : []),
    ];
    if (places.length === 0) return skipped('nothing is kept on this machine');
    const disks = await Promise.all(places.map(async (place) => spaceAt(nearest(resolve(place)))));
    const tightest = disks.toSorted((a, b) => a.free - b.free)[0];
    if (!tightest) return skipped('nothing is kept on this machine');
    const words = `${(tightest.free / GIGABYTE).toFixed(1)} GB free at ${tightest.place}`;
    const todo = 'Make room: a full disk keeps mail from being stored, and servers that bring it wait some days only.';
    if (tightest.free < LEAST_BYTES) return wrong(words, todo);
    return tightest.free / tightest.size < LOW_SHARE ? warning(words, todo) : ok(words);
  },
};

async function spaceAt(place: string) {
  const { bavail, bsize, blocks } = await statfs(place);
  return { place, free: bavail * bsize, size: blocks * bsize };
}

/** What is not there yet will be on the disk of what is above it. */
function nearest(place: string): string {
  return existsSync(place) || dirname(place) === place ? place : nearest(dirname(place));
}
