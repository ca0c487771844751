import { flushCompileCache } from 'node:module';
import { type Clock, later } from '#clock.ts';
import { readConfig } from '#config.ts';
import { migrate } from '#db/migrate.ts';
import { isPostgres, openDatabase } from '#db/open.ts';
import { createLog } from '#log.ts';
import { failPointFrom } from '../../src/main/fail-point.ts';
import { openHouse } from '../../src/main.ts';
import { sharedClock } from '../../src/main/shared-clock.ts';

/**
 * The server of the crash tests: `start`, with a clock that can be moved and steps that can be made deadly while it runs.
 * `TEST_CLOCK_AHEAD_MS` is how far its clock is ahead at the start, `TEST_MACHINE_OFF_MS` how wrong the clock of its machine;
 * everything else comes as orders from its parent.
 */
interface Order {
  id: number;
  aheadMs?: number;
  /** As in `TIKETTI_FAIL_AT`; empty: no step is deadly. */
  failAt?: string;
}

let aheadMs = Number(process.env['TEST_CLOCK_AHEAD_MS'] ?? 0);
let deadly = failPointFrom({});
const passed: Record<string, number> = {};

process.on('unhandledRejection', (error) => process.stderr.write(`Outside any request: ${String(error)}\n`));
const config = readConfig(process.env);
const clock = await ownClock();
const house = await openHouse(config, {
  clock: { now: () => later(clock.now(), aheadMs) },
  failPoint: (step) => {
    passed[step] = (passed[step] ?? 0) + 1;
    deadly(step);
  },
});

// Node writes its cache at a clean end, and this process will not have one.
flushCompileCache();

process.on('message', (order: Order) => {
  if (order.failAt !== undefined) deadly = failPointFrom({ TIKETTI_FAIL_AT: order.failAt });
  if (order.aheadMs !== undefined) {
    aheadMs = order.aheadMs;
    house.worker.wake();
  }
  process.send?.({ id: order.id, value: passed });
});
// The test is gone: nobody would ever stop this process.
process.on('disconnect', () => process.exit(1));

/** As the house would choose it. */
async function ownClock(): Promise<Clock> {
  const machine = { now: () => new Date(Date.now() + Number(process.env['TEST_MACHINE_OFF_MS'] ?? 0)) };
  if (!isPostgres(config.DATABASE_URL)) return machine;
  const log = createLog({ level: config.LOG_LEVEL, secret: config.secrets[0], plainAddresses: false });
  await migrate(config.DATABASE_URL);
  return sharedClock({ db: await openDatabase(config.DATABASE_URL, { log, maxConnections: 1 }), log, machine });
}
