import { flushCompileCache } from 'node:module';
import { readConfig } from '#config.ts';
import { failPointFrom } from '../../src/main/fail-point.ts';
import { openHouse } from '../../src/main.ts';

/**
 * The server of the crash tests: `start`, with a clock that can be moved and steps that can be made deadly while it runs.
 * `TEST_CLOCK_AHEAD_MS` is how far its clock is ahead at the start; everything else comes as orders from its parent.
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
const house = await openHouse(readConfig(process.env), {
  clock: { now: () => new Date(Date.now() + aheadMs) },
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
