import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { MINUTE } from '#clock.ts';
import { cardOf, deliver, firstLetter, messagesIn, received } from './crash/acts.ts';
import { startLoad } from './crash/load.ts';
import { seeded, type Random } from './crash/random.ts';
import { discrepancies, type Ledger, type Posted } from './crash/reconcile.ts';
import { decideAll, hurry } from './crash/siege.ts';
import { CHANNEL, moveClock, openWorld, restart, settle, type World } from './crash/world.ts';
import { directTo } from './slack/direct.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_128);
/** `DIALECT=postgres` runs the same there. */
const DIALECT = process.env['DIALECT'] === 'postgres' ? 'postgres' : 'sqlite';
const TROUBLE_MS = Number(process.env['TROUBLE_MS'] ?? 40_000);
const TIME_MS = 300_000;
const RECONNECT_MS = 5_000;
const FAULT_MS = 250;
const OFFLINE_MINUTES = 10;
/** One line alone takes seconds to try as often. */
const KNOCKS = 3;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

type Trouble = (world: World, random: Random) => void;

const METHODS = ['chat.postMessage', 'chat.update', 'conversations.replies', 'reactions.add', 'users.info'] as const;

/** Each is nothing anybody did wrong: Slack has such days. */
const TROUBLES: [Trouble, ...Trouble[]] = [
  ({ playground }, random) => playground.faults.calls({ method: random.pick(METHODS), kind: 'http', status: 500, times: 2 }),
  ({ playground }, random) => playground.faults.calls({ method: random.pick(METHODS), kind: 'drop' }),
  ({ playground }, random) => playground.faults.calls({ method: random.pick(METHODS), kind: 'cut' }),
  ({ playground }, random) => playground.faults.calls({ method: random.pick(METHODS), kind: 'slow', delayMilliseconds: 2_000 }),
  ({ playground }) => playground.faults.calls({ method: 'chat.update', kind: 'hang' }),
  ({ playground }) => playground.faults.calls({ method: 'chat.update', kind: 'ratelimited', retryAfterSeconds: 20 }),
  ({ playground }) => playground.faults.events({ type: 'message', kind: 'duplicate' }),
  ({ playground }) => playground.faults.events({ type: 'message.message_changed', kind: 'duplicate' }),
  ({ playground }) => playground.faults.events({ type: 'message', kind: 'delay', delayMilliseconds: 4_000 }),
  ({ playground }) => playground.faults.events({ kind: 'hold', times: 2 }),
  ({ playground }) => playground.sockets.release('backwards'),
];

/** Many things at once, for so long; and a new connection every five seconds. */
async function trouble(world: World, random: Random): Promise<void> {
  const end = Date.now() + TROUBLE_MS;
  let reconnectAt = Date.now() + RECONNECT_MS;
  while (Date.now() < end) {
    random.pick(TROUBLES)(world, random);
    await wait(random.below(2 * FAULT_MS));
    world.slackClock.set(new Date(Date.now() + world.aheadMs));
    if (Date.now() < reconnectAt) continue;
    reconnectAt += RECONNECT_MS;
    if (random.next() < 0.5) world.playground.sockets.disconnect('refresh_requested', 1 + random.below(2));
    else world.playground.sockets.cut(1 + random.below(2));
  }
  world.playground.faults.clear();
  world.playground.sockets.release('backwards');
}

/** Nobody hears Slack, which gives up on all it has to tell; people go on as ever. */
async function offline(world: World, act: () => void): Promise<void> {
  const { playground } = world;
  const knocks = () => playground.calls.filter((call) => call.method === 'apps.connections.open').length;
  const before = knocks();
  playground.faults.events({ kind: 'drop', times: 1_000 });
  playground.sockets.refuse(60 * MINUTE);
  playground.sockets.cut();
  // Only when both of its lines are known to be cut does its clock go on: the gap would seem short.
  await playground.until(() => playground.sockets.count() === 0 && knocks() >= before + KNOCKS, 30_000);
  act();
  await moveClock(world, Date.now() + world.aheadMs + OFFLINE_MINUTES * MINUTE);
  playground.faults.clear();
  playground.sockets.refuse(0);
  await playground.until(() => playground.sockets.count() === 2, 60_000);
}

/** Says something in a matter's thread, and waits until it became what it must. */
function say(world: World, ledger: Ledger, posted: Omit<Posted, 'ts' | 'by'> & { text: string; threadTs: string }): Posted {
  const { text, threadTs, ...rest } = posted;
  const { ts } = world.playground.post({ as: 'anna', channel: CHANNEL, threadTs, text });
  const kept = { ...rest, by: 'anna', ts };
  ledger.posts.push(kept);
  return kept;
}

test(
  'through a bad day of Slack, and ten minutes in which nobody heard it, nothing is doubled, nothing lost, and what can’t be known is said',
  { timeout: TIME_MS },
  async () => {
    const random = seeded(SEED);
    world = await openWorld(DIALECT, { TIKETTI_HOLD_SECONDS: '1' });
    const ledger: Ledger = { letters: [], posts: [] };
    await restart(world);
    const load = startLoad(world, ledger, random);
    await trouble(world, random);
    await hurry(world, load.finish());
    await settle(world);
    expect(load.matters()).toBeGreaterThan(5);
    expect(world.playground.calls.filter((call) => call.status === 429)).not.toEqual([]);

    const letter = firstLetter('Offlinex');
    ledger.letters.push({ letter, name: 'Offlinex', isFirst: true });
    await deliver(world, letter);
    const { ts: threadTs } = await cardOf(world, 'Offlinex');
    const at = { as: 'anna', channel: CHANNEL };
    const about = { name: 'Offlinex', threadTs };
    const sent = say(world, ledger, {
      ...about,
      words: ['Offlinex-word1x'],
      becomes: 'mail or nothing',
      text: 'Hello! Please restart the printer, Offlinex-word1x.',
    });
    await received(world, 'Offlinex', (mail) => mail.raw.includes('word1x'));
    const note = say(world, ledger, {
      ...about,
      words: ['Offlinex-word2x', 'Offlinex-word3x'],
      becomes: 'note',
      text: 'note: call them at nine, Offlinex-word2x',
    });
    const gone = say(world, ledger, { ...about, words: ['Offlinex-word4x'], becomes: 'note', text: 'note: never mind, Offlinex-word4x' });
    await settle(world);
    const { playground } = world;
    await offline(world, () => {
      say(world as World, ledger, {
        ...about,
        words: ['Offlinex-word5x'],
        becomes: 'mail',
        text: 'Hello! Please change the cable, Offlinex-word5x.',
      });
      playground.edit({ ...at, ts: note.ts, text: 'note: call them at ten, Offlinex-word3x' });
      playground.deleteMessage({ ...at, ts: gone.ts });
      playground.deleteMessage({ ...at, ts: sent.ts });
    });
    await received(world, 'Offlinex', (mail) => mail.raw.includes('word5x')).catch(() => undefined);
    await settle(world);
    await decideAll(world);

    const known = await world.db.select().from(world.db.tables.threadMessages);
    expect(known.find(({ ts }) => ts === gone.ts)?.deletedAt).not.toBeNull();
    expect(JSON.stringify(await world.db.select().from(world.db.tables.comments))).toContain('call them at ten, Offlinex-word3x');
    expect(messagesIn(world).some((message) => message.text.includes('🪦'))).toBe(true);
    expect(directTo(playground, 'anna').filter((text) => text.includes('I could not hear Slack from'))).not.toEqual([]);
    expect(await discrepancies(world, ledger)).toEqual([]);
  },
);
