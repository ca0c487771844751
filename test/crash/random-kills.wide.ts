import { afterEach, expect, test } from 'vitest';
import { seeded } from './random.ts';
import { discrepancies, type Ledger } from './reconcile.ts';
import { besiege } from './siege.ts';
import { openWorld, type World } from './world.ts';

const SEED = Number(process.env['SEED'] ?? 20_260_302);
/** A life of a second and a half each, with what starting takes. `KILLS=200` asks as much of PostgreSQL. */
const LIFE_MS = 1_600;
const TIME_MS = 900_000;
const SIEGES = (['sqlite', 'postgres'] as const).map((dialect) => {
  const kills = Number(process.env['KILLS'] ?? (dialect === 'sqlite' ? 200 : 40));
  return { dialect, kills, budgetMs: kills * LIFE_MS };
});

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

test.for(SIEGES)(
  'killed $kills times at any moment of a busy day, the desk on $dialect loses nothing and doubles nothing',
  { timeout: TIME_MS },
  async ({ dialect, ...siege }) => {
    world = await openWorld(dialect, { TIKETTI_HOLD_SECONDS: '1' });
    const ledger: Ledger = { letters: [], posts: [] };
    const { matters } = await besiege(world, ledger, seeded(SEED), siege);
    expect(matters).toBeGreaterThan(siege.kills / 10);
    expect(await discrepancies(world, ledger)).toEqual([]);
  },
);
