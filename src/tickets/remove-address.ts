import { count, eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { seenAddress } from './addresses.ts';
import { change, type Desk } from './desk.ts';
import { audit, mustBeAdmin } from './roles.ts';

/** Mail to it is no longer ours; its tickets are answered from the default address. */
export function removeAddress(desk: Desk, seen: { addressId: number; mark: string }, byId: number): Promise<void> {
  return change(desk, 'remove address', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    const address = await seenAddress(tx, seen);
    const { addresses, tickets } = tx.tables;
    const [there] = await tx.select({ addresses: count() }).from(addresses);
    if ((there?.addresses ?? 0) <= 1) throw new Failure('address.last');
    if (address.isDefault) throw new Failure('address.one_default');
    const [heir] = await tx.select({ id: addresses.id }).from(addresses).where(eq(addresses.isDefault, true)).limit(1);
    await tx
      .update(tickets)
      .set({ addressId: heir?.id ?? null })
      .where(eq(tickets.addressId, address.id));
    await tx.delete(addresses).where(eq(addresses.id, address.id));
    await audit(desk, tx, byId, 'address.removed', `address:${address.id}`, { address: address.address });
  });
}
