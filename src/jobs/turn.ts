import type { Writer } from '#db/database.ts';

/** Waits until no other node holds the turn of this name, and keeps it until the transaction ends. (SQLite has one writer.) */
export async function takeTurn(tx: Writer, name: string, now: Date): Promise<void> {
  const { leases } = tx.tables;
  const row = { holder: 'turn', until: now };
  await tx
    .insert(leases)
    .values({ name, ...row })
    .onConflictDoUpdate({ target: leases.name, set: row });
}
