import { eq, lt } from 'drizzle-orm';
import { later, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Bench } from './job-kind.ts';

const BEAT = 10 * SECOND;
const LIFE = 35 * SECOND;

/** Says "somebody is here" until stopped: the command line sees whether a server runs. */
export function keepLease(desk: Bench, name: string, holder: string): { stop(): Promise<void> } {
  const beat = () =>
    desk.db
      .transaction('lease', (tx) => writeLease(tx, name, holder, later(desk.clock.now(), LIFE)))
      .catch((error: unknown) => {
        desk.log.warn({ error, name }, 'A lease could not be renewed.');
      });
  void beat();
  const timer = setInterval(() => void beat(), BEAT);
  return {
    async stop() {
      clearInterval(timer);
      await desk.db.transaction('lease ends', (tx) => tx.delete(tx.tables.leases).where(eq(tx.tables.leases.name, name)));
    },
  };
}

async function writeLease(tx: Writer, name: string, holder: string, until: Date): Promise<void> {
  await tx
    .insert(tx.tables.leases)
    .values({ name, holder, until })
    .onConflictDoUpdate({ target: tx.tables.leases.name, set: { holder, until } });
}

export async function isLeased(reader: Reader, name: string, now: Date): Promise<boolean> {
  const [lease] = await reader.select().from(reader.tables.leases).where(eq(reader.tables.leases.name, name)).limit(1);
  return lease !== undefined && lease.until > now;
}

/** Once for each instant, across all nodes: true for the one that was first. */
export async function takeInstant(tx: Writer, name: string, instant: Date): Promise<boolean> {
  const { leases } = tx.tables;
  const taken = await tx
    .insert(leases)
    .values({ name, holder: 'timer', until: instant })
    .onConflictDoUpdate({ target: leases.name, set: { until: instant }, setWhere: lt(leases.until, instant) })
    .returning({ name: leases.name });
  return taken.length > 0;
}
