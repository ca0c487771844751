import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { gather } from './crash/crowd.ts';
import { disorders } from './crash/order.ts';
import { seeded } from './crash/random.ts';
import { discrepancies, type Ledger } from './crash/reconcile.ts';
import { decideAll } from './crash/siege.ts';
import { askPostgres } from './support/ask-postgres.ts';
import { SERVER_WITH_CLOCK } from './support/process.ts';
import { launchNode, openWorld, restart, settle, type World } from './crash/world.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_128);
const CROWD = { letters: 1_375, matters: 125, mailsEach: 4, repliesEach: 4 };
const LIFE_MS = 4_000;
/** Then they live, and what is left is brought to its end. */
const SIEGE_MS = 90_000;
const TIME_MS = 280_000;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

test('two nodes of which one is killed every few seconds do each thing once and in order', { timeout: TIME_MS }, async () => {
  world = await openWorld('postgres', { TIKETTI_HOLD_SECONDS: '1' }, { programs: [[SERVER_WITH_CLOCK], [SERVER_WITH_CLOCK]] });
  await watchTimers(world.databaseUrl);
  await restart(world);
  const ledger: Ledger = { letters: [], posts: [] };
  const random = seeded(SEED);
  const kills = killInTurn(world, Date.now() + SIEGE_MS);
  const rows = await gather(world, ledger, { crowd: CROWD, random });
  const deaths = await kills.stop();
  for (const { server } of world.nodes) await server.kill();
  await restart(world);
  await settle(world);
  await decideAll(world);
  expect(deaths).toBeGreaterThan(8);
  expect(ledger.letters).toHaveLength(2_000);
  expect(ledger.posts.filter((one) => one.becomes === 'mail')).toHaveLength(500);
  expect(await discrepancies(world, ledger)).toEqual([]);
  expect(await disorders(world, rows)).toEqual([]);
  expect(await timersTwice(world.databaseUrl)).toEqual([]);
});

/** One node after the other dies and comes back, while the other one goes on. */
function killInTurn(world: World, end: number): { stop(): Promise<number> } {
  let isOver = false;
  let deaths = 0;
  const killing = (async () => {
    for (let turn = 0; !isOver && Date.now() < end; turn += 1) {
      await wait(LIFE_MS);
      const node = world.nodes[turn % world.nodes.length];
      if (!node || isOver) continue;
      if (!node.server.isRunning) throw new Error(`A node ended by itself:\n${node.server.lines.slice(-20).join('\n')}`);
      await node.server.kill();
      deaths += 1;
      launchNode(world, node);
      await node.server.opened();
    }
    return deaths;
  })();
  killing.catch(() => {});
  return {
    stop: () => {
      isOver = true;
      return killing;
    },
  };
}

/** Jobs of timers are gone once they are done; the database writes down each that was made. */
async function watchTimers(url: string): Promise<void> {
  await askPostgres(
    url,
    `create table timers_made (kind text not null, minute bigint not null);
     create function note_timer() returns trigger language plpgsql as $$ begin
       insert into timers_made values (new.kind, (new.payload ->> 'minute')::bigint); return new; end $$;
     create trigger note_timer after insert on jobs for each row when (new.kind like 'timer.%') execute function note_timer()`,
  );
}

async function timersTwice(url: string): Promise<unknown[]> {
  return askPostgres(url, 'select kind, minute, count(*) from timers_made group by kind, minute having count(*) > 1');
}
