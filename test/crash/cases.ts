import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dialect } from '../support/databases.ts';
import { matter } from './matter.ts';
import { discrepancies, type Ledger } from './reconcile.ts';
import type { Trouble } from './steps.ts';
import { openWorld, restart, type World } from './world.ts';

const CASE_MS = 60_000;

/** One trouble a test, each in a matter of its own; all in one world, which must stay right as a whole. */
export function testTroubles(dialect: Dialect, troubles: Trouble[]): void {
  let world: World;
  const ledger: Ledger = { letters: [], posts: [] };
  beforeAll(async () => {
    world = await openWorld(dialect);
    await restart(world);
  });
  afterAll(() => world.close());

  test.for(troubles.map((trouble, index) => ({ ...trouble, name: `Case${index}x` })))(
    '$stage: $title',
    { timeout: CASE_MS },
    async (trouble) => {
      await matter(world, ledger, trouble.name, trouble);
      expect(await discrepancies(world, ledger)).toEqual([]);
    },
  );
}
