import { and, eq, gt, like, lt, or } from 'drizzle-orm';
import { DAY, later, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Bench } from './job-kind.ts';

const BEAT = 10 * SECOND;
/** Three beats, and some seconds by which the clocks of two machines may differ. */
const LIFE = 35 * SECOND;
/** What the release before this one wrote, for all nodes together. */
const SHARED_NAME = 'server';

/** Says "this node is here" until stopped: the command line sees whether a server runs. Each node has a row of its own. */
export function keepPresence(desk: Bench, node: string): { stop(): Promise<void> } {
  const name = `${SHARED_NAME}/${node}`;
  const beat = () =>
    desk.db
      .transaction('presence', (tx) => write(tx, { name, holder: node, now: desk.clock.now() }))
      .catch((error: unknown) => desk.log.warn({ error, name }, 'The presence of this node could not be renewed.'));
  let last = beat();
  const timer = setInterval(() => void (last = beat()), BEAT);
  return {
    async stop() {
      clearInterval(timer);
      // A beat that is still under way would say "here" once more.
      await last;
      await desk.db.transaction('presence ends', (tx) => tx.delete(tx.tables.leases).where(eq(tx.tables.leases.name, name)));
    },
  };
}

async function write(tx: Writer, { name, holder, now }: { name: string; holder: string; now: Date }): Promise<void> {
  const { leases } = tx.tables;
  const until = later(now, LIFE);
  await tx.insert(leases).values({ name, holder, until }).onConflictDoUpdate({ target: leases.name, set: { holder, until } });
  // Nodes that were killed left theirs behind.
  await tx.delete(leases).where(and(like(leases.name, `${SHARED_NAME}/%`), lt(leases.until, later(now, -DAY))));
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
