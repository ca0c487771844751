import { eq } from 'drizzle-orm';
import type { Database } from '#db/database.ts';

const NAME = 'doctor';

/** Writes a row that says nothing, durably, and takes it away again. */
export async function tryToWrite(db: Database, now: Date): Promise<void> {
  await db.transaction('doctor', (tx) =>
    tx
      .insert(tx.tables.leases)
      .values({ name: NAME, holder: NAME, until: now })
      .onConflictDoUpdate({ target: tx.tables.leases.name, set: { until: now } }),
  );
  await db.transaction('doctor', (tx) => tx.delete(tx.tables.leases).where(eq(tx.tables.leases.name, NAME)));
}
