import { afterEach, expect, test } from 'vitest';
import { seeded } from './random.ts';
import { discrepancies, type Ledger } from './reconcile.ts';
import { besiege } from './siege.ts';
import { openWorld, type World } from './world.ts';

const KILLS = { sqlite: Number(process.env['KILLS'] ?? 200), postgres: Number(process.env['KILLS_POSTGRES'] ?? 40) };
const BUDGET_MS = { sqlite: 2_000 * KILLS.sqlite, postgres: 2_500 * KILLS.postgres };
const SIEGE_MS = 600_000;
const SEED = Number(process.env['SEED'] ?? 20_260_302);

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

for (const dialect of ['sqlite', 'postgres'] as const) {
  test(
    `killed ${KILLS[dialect]} times at any moment of a busy day, the desk on ${dialect} loses nothing and doubles nothing`,
    async () => {
      world = await openWorld(dialect, { TIKETTI_HOLD_SECONDS: '1' });
      const ledger: Ledger = { letters: [], posts: [] };
      const { matters } = await besiege(world, ledger, seeded(SEED), { kills: KILLS[dialect], budgetMs: BUDGET_MS[dialect] }).catch(
        async (error) => {
          const w = world as World;
          const m = /came to (Matter\d+x)/.exec(String(error))?.[1] ?? '-';
          const ticket = (await w.db.select().from(w.db.tables.tickets)).find((t) => t.subject.includes(m));
          console.log(m, ticket?.id, new Date(Date.now() + w.aheadMs));
          console.log(
            (await w.db.select().from(w.db.tables.deliveries))
              .filter((d) => d.ticketId === ticket?.id)
              .map((d) => ({ ...d, content: 0, bytes: 0, addressing: 0 })),
          );
          console.log(
            (await w.db.select().from(w.db.tables.events))
              .filter((d) => d.ticketId === ticket?.id)
              .map((e) => `${e.at.toISOString()} ${e.type} ${JSON.stringify(e.data)}`),
          );
          console.log(await w.db.select().from(w.db.tables.jobs));
          throw error;
        },
      );
      console.log(await statistics(world, ledger), matters);
      expect(matters).toBeGreaterThan(KILLS[dialect] / 10);
      expect(await discrepancies(world, ledger)).toEqual([]);
    },
    SIEGE_MS,
  );
}

async function statistics(w: World, ledger: Ledger) {
  const t = w.db.tables;
  const d = await w.db.select().from(t.deliveries);
  const e = await w.db.select().from(t.events);
  const c = (rows: string[]) => Object.fromEntries([...new Set(rows)].map((one) => [one, rows.filter((x) => x === one).length]));
  return JSON.stringify({
    letters: ledger.letters.length,
    posts: c(ledger.posts.map((p) => p.becomes)),
    deliveries: c(d.map((x) => x.state)),
    twice: d.filter((x) => x.mayHaveArrivedTwice).length,
    unknown: e.filter((x) => x.data['state'] === 'unknown').length,
    received: w.receiver.mails.length,
    distinct: new Set(w.receiver.mails.map((m) => m.messageId)).size,
    events: c(e.map((x) => x.type)),
    holds: c(e.filter((x) => x.type === 'hold.changed').map((x) => String(x.data['state']))),
    problems: c(w.playground.problems.map((p) => p.kind)),
    errors: c(w.server.lines.filter((l) => /"level":"error"/.test(l)).map((l) => String(/"msg":"([^"]*)"/.exec(l)?.[1]))),
  });
}
