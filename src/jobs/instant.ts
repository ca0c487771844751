import { lt } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';

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
