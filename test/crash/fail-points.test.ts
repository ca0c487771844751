import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matter } from './matter.ts';
import { discrepancies, type Ledger } from './reconcile.ts';
import { DEATHS, LAST_MOMENTS, STEPS } from './steps.ts';
import { openWorld, restart, type World } from './world.ts';

const CASE_MS = 60_000;

let world: World;
const ledger: Ledger = { letters: [], posts: [] };
beforeAll(async () => {
  world = await openWorld('sqlite');
  await restart(world);
});
afterAll(() => world.close());

describe('killed once at a step and started again, the server loses nothing and doubles nothing', () => {
  test.for([...DEATHS, ...LAST_MOMENTS].map((trouble, index) => ({ ...trouble, index })))(
    '$title',
    { timeout: CASE_MS },
    async (trouble) => {
      await matter(world, ledger, `Case${trouble.index}x`, trouble);
      expect(await discrepancies(world, ledger)).toEqual([]);
    },
  );
});

test('every deadly step the server has is tried', async () => {
  const folder = new URL('../../src/', import.meta.url).pathname;
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const steps = new Set(sources.flatMap((source) => [...source.matchAll(/failPoint\('([^']+)'\)/g)].map((match) => match[1])));
  expect(steps).toEqual(new Set([...STEPS.mail, ...STEPS.reply]));
});
