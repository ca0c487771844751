import { afterEach, expect, test } from 'vitest';
import { seeded } from './random.ts';
import { discrepancies, type Ledger } from './reconcile.ts';
import { besiege } from './siege.ts';
import type { Dialect } from '../support/databases.ts';
import { openWorld, type World } from './world.ts';

const SEED = Number(process.env['SEED'] ?? 20_260_302);
/** A life of a second and a half each, with what starting takes. */
const LIFE_MS = 1_600;
const TIME_MS = 900_000;
let world: World | undefined;

/** `KILLS` in the environment asks for more or fewer. */
export function testRandomKills(dialect: Dialect, usual: number): void {
  const kills = Number(process.env['KILLS'] ?? usual);

  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  test(
    `killed ${kills} times at any moment of a busy day, the desk on ${dialect} loses nothing and doubles nothing`,
    { timeout: TIME_MS },
    async () => {
      world = await openWorld(dialect, { TIKETTI_HOLD_SECONDS: '1' });
      const ledger: Ledger = { letters: [], posts: [] };
      const { matters } = await besiege(world, ledger, seeded(SEED), { kills, budgetMs: kills * LIFE_MS });
      expect(matters).toBeGreaterThan(kills / 10);
      expect(await discrepancies(world, ledger)).toEqual([]);
    },
  );
}
