import { and, desc, eq, gt, like, lt, ne, or } from 'drizzle-orm';
import { DAY, later, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Bench } from './job-kind.ts';
import { releaseClaims } from './queue.ts';

/** A node that was silent for a life is dead, and what it had taken is free. Where there is one server only, nobody waits for that. */
const PACE = {
  postgres: { beat: 2 * SECOND, life: 10 * SECOND },
  sqlite: { beat: 10 * SECOND, life: 35 * SECOND },
};
/** Somebody may ask what nodes there were lately. */
const REMEMBERED = DAY;
const MAX_DEAD = 100;
/** What the release before this one wrote, for all nodes together. */
const SHARED_NAME = 'server';

interface Pace {
  beat: number;
  life: number;
  /** Milliseconds of this process alone: no clock of others, and none that is set. */
  stopwatch: () => number;
}

/**
 * Says "this node is here" until stopped, in a row of its own: the command line sees whether a server runs, and what a dead
 * node was at need not wait for the end of its claims. `begun` resolves when it was said first.
 */
export function keepPresence(desk: Bench, node: string, own: Partial<Pace> = {}): { begun: Promise<void>; stop(): Promise<void> } {
  const name = `${SHARED_NAME}/${node}`;
  const pace: Pace = { ...PACE[desk.db.dialect], stopwatch: () => performance.now(), ...own };
  let beatAt: number | null = null;
  let judgeFrom = 0;
  const beat = async () => {
    await desk.db.transaction('presence', (tx) => write(tx, { name, holder: node, now: desk.clock.now(), life: pace.life }));
    const now = pace.stopwatch();
    // Who could not say it themselves for a while knows nothing of others: perhaps nobody could.
    if (beatAt !== null && now - beatAt > pace.life / 2) judgeFrom = now + pace.life;
    beatAt = now;
    // Apart from the beat, which must not wait for what a frozen node has locked.
    if (now >= judgeFrom) await desk.db.transaction('dead nodes', (tx) => releaseDead(tx, name, desk.clock.now()));
  };
  let under: Promise<void> | null = null;
  const next = () =>
    (under ??= beat()
      .catch((error: unknown) => desk.log.warn({ error, name }, 'The presence of this node could not be renewed.'))
      .finally(() => (under = null)));
  const begun = next();
  const timer = setInterval(() => void next(), pace.beat);
  return {
    begun,
    async stop() {
      clearInterval(timer);
      // A beat that is still under way would say "here" once more.
      await under;
      await desk.db.transaction('presence ends', (tx) => {
        const { leases } = tx.tables;
        return tx.update(leases).set({ until: desk.clock.now() }).where(eq(leases.name, name));
      });
    },
  };
}

interface Presence {
  name: string;
  holder: string;
  now: Date;
  life: number;
}

async function write(tx: Writer, { name, holder, now, life }: Presence): Promise<void> {
  const { leases } = tx.tables;
  const until = later(now, life);
  await tx.insert(leases).values({ name, holder, until }).onConflictDoUpdate({ target: leases.name, set: { holder, until } });
}

async function releaseDead(tx: Writer, name: string, now: Date): Promise<void> {
  const { leases } = tx.tables;
  const isOther = and(like(leases.name, `${SHARED_NAME}/%`), ne(leases.name, name));
  await tx.delete(leases).where(and(isOther, lt(leases.until, later(now, -REMEMBERED))));
  const dead = await tx
    .select({ holder: leases.holder })
    .from(leases)
    .where(and(isOther, lt(leases.until, now)))
    .orderBy(desc(leases.until))
    .limit(MAX_DEAD);
  if (dead.length > 0)
    await releaseClaims(
      tx,
      dead.map((node) => node.holder),
    );
}

/** Does any server run on this database? */
export async function isServed(reader: Reader, now: Date): Promise<boolean> {
  const { leases } = reader.tables;
  const rows = await reader
    .select({ name: leases.name })
    .from(leases)
    .where(and(or(eq(leases.name, SHARED_NAME), like(leases.name, `${SHARED_NAME}/%`)), gt(leases.until, now)))
    .limit(1);
  return rows.length > 0;
}

/** Were there other nodes since then? What was told to one of them may have died with it. */
export async function hadCompany(reader: Reader, { node, since }: { node: string; since: Date }): Promise<boolean> {
  const { leases } = reader.tables;
  const isNode = or(eq(leases.name, SHARED_NAME), like(leases.name, `${SHARED_NAME}/%`));
  const rows = await reader
    .select({ name: leases.name })
    .from(leases)
    .where(and(isNode, ne(leases.holder, node), gt(leases.until, since)))
    .limit(1);
  return rows.length > 0;
}
