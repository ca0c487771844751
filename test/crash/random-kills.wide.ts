import { afterEach, expect, test } from 'vitest';
import { seeded } from './random.ts';
import { discrepancies, type Ledger } from './reconcile.ts';
import { besiege } from './siege.ts';
import { openWorld, type World } from './world.ts';

const SEED = Number(process.env['SEED'] ?? 20_260_302);
const SIEGES = [
  { dialect: 'sqlite', kills: 200, budgetMs: 320_000 },
  { dialect: 'postgres', kills: 40, budgetMs: 80_000 },
] as const;
const TIME_MS = 700_000;

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
