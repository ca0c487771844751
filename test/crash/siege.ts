import { setTimeout as wait } from 'node:timers/promises';
import { inArray } from 'drizzle-orm';
import { LIVE_HOLDS } from '#db/words.ts';
import { MINUTE } from '#clock.ts';
import { press, startLoad } from './load.ts';
import type { Random } from './random.ts';
import type { Ledger } from './reconcile.ts';
import { launch, moveClock, restart, settle, type World } from './world.ts';

/** How often it does not even get as far as being open. */
const DEATHS_AT_START = 0.12;
const MIN_LIFE_MS = 400;
const MAX_ROUNDS = 12;
const HURRY_MS = 200;

export interface Siege {
  kills: number;
  /** What all of them may take together: each life gets its share of what is left. */
  budgetMs: number;
}

/** People work, and the server is killed again and again at any moment; then it lives, and everything comes to its end. */
export async function besiege(world: World, ledger: Ledger, random: Random, { kills, budgetMs }: Siege): Promise<{ matters: number }> {
  const end = Date.now() + budgetMs;
  await restart(world);
  const load = startLoad(world, ledger, random);
  for (let left = kills; left > 0; left -= 1) await liveAndDie(world, random, (end - Date.now()) / left);
  await restart(world);
  await hurry(world, load.finish());
  await settle(world);
  await decideAll(world);
  return { matters: load.matters() };
}

async function liveAndDie(world: World, random: Random, shareMs: number): Promise<void> {
  const begin = Date.now();
  if (!world.server.isRunning) launch(world);
  if (random.next() < DEATHS_AT_START) {
    await wait(random.below(Math.max(MIN_LIFE_MS, shareMs / 2)));
    return world.server.kill();
  }
  await world.server.opened();
  redeliver(world);
  const meanMs = Math.max(MIN_LIFE_MS, shareMs - (Date.now() - begin));
  // Many short lives, and some in which much gets done.
  await wait(3 * meanMs * random.next() ** 2);
  if (!world.server.isRunning) throw new Error(`The server ended by itself:\n${world.server.lines.slice(-20).join('\n')}`);
  await world.server.kill();
}

/** Time runs fast while the last matters are brought to their end. */
export async function hurry(world: World, ending: Promise<void>): Promise<void> {
  let isOver = false;
  const over = ending.finally(() => (isOver = true));
  over.catch(() => {});
  while (!isOver) {
    await moveClock(world, Date.now() + world.aheadMs + MINUTE);
    redeliver(world);
    await wait(HURRY_MS);
  }
  await over;
}

/** Slack's clock follows the server's, and what nobody heard is tried again; not what is on its way, for that would count as failed. */
function redeliver(world: World): void {
  if (world.playground.sockets.isQuiet()) world.slackClock.set(new Date(Date.now() + world.aheadMs));
}

/** What waits for a person gets one: every held reply is sent, every failed one tried again. */
export async function decideAll(world: World): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const lines = await undecided(world);
    if (lines.length === 0) return;
    for (const line of lines) await press(world, { as: 'anna', ...line });
    await settle(world);
  }
  throw new Error(`After ${MAX_ROUNDS} rounds of clicks something still waits for a person.`);
}

async function undecided(world: World): Promise<{ channel: string; ts: string; actionId: string }[]> {
  const { holds, deliveries } = world.db.tables;
  const waiting = await world.db
    .select()
    .from(holds)
    .where(inArray(holds.state, [...LIVE_HOLDS]));
  const failed = (await world.db.select().from(deliveries)).filter((one) => one.state === 'failed' && one.commentId !== null);
  const ids = new Set(failed.map((one) => one.commentId));
  const retried = (await world.db.select().from(holds)).filter((hold) => ids.has(hold.commentId));
  return [
    ...waiting.map((hold) => ({ ...placeOf(world, hold.id), actionId: 'line.send' })),
    ...retried.map((hold) => ({ ...placeOf(world, hold.id), actionId: 'line.retry' })),
  ];
}

function placeOf(world: World, holdId: number): { channel: string; ts: string } {
  for (const [channel, messages] of Object.entries(world.playground.state.messages)) {
    const line = messages.find((message) => message.metadata?.event_payload['key'] === `line:${holdId}`);
    if (line) return { channel, ts: line.ts };
  }
  throw new Error(`Hold ${holdId} has no line.`);
}
