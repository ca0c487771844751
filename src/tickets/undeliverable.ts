import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Desk } from './desk.ts';

/** Their servers say that there are no such addresses: nothing is sent there any more. */
export async function markUndeliverable(desk: Desk, tx: Writer, addresses: string[]): Promise<void> {
  if (addresses.length === 0) return;
  const { identities } = tx.tables;
  await tx
    .update(identities)
    .set({ undeliverableAt: desk.clock.now() })
    .where(and(eq(identities.kind, 'email'), inArray(identities.value, addresses)));
}

/** Who writes from an address has it. */
export async function markDeliverable(tx: Writer, address: string): Promise<void> {
  const { identities } = tx.tables;
  await tx
    .update(identities)
    .set({ undeliverableAt: null })
    .where(and(eq(identities.kind, 'email'), eq(identities.value, address), isNotNull(identities.undeliverableAt)));
}
