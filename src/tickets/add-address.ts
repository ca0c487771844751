import { count, eq } from 'drizzle-orm';
import { isUniqueViolation } from '#db/database.ts';
import { Failure } from '#failure.ts';
import { type Address, type AddressDraft, MAX_ADDRESSES, mustPointSomewhere } from './addresses.ts';
import { change, type Desk } from './desk.ts';
import { normalAddress } from './people.ts';
import { audit, mustBeAdmin } from './roles.ts';

/** Mail to it is ours from now on. */
export async function addAddress(desk: Desk, draft: AddressDraft & { address: string }, byId: number): Promise<Address> {
  try {
    return await change(desk, 'add address', async (tx, desk) => {
      await mustBeAdmin(tx, byId);
      await mustPointSomewhere(tx, draft);
      const { addresses } = tx.tables;
      const [there] = await tx.select({ addresses: count() }).from(addresses);
      if ((there?.addresses ?? 0) >= MAX_ADDRESSES) throw new Failure('address.limit', { limit: MAX_ADDRESSES });
      if (draft.isDefault) await tx.update(addresses).set({ isDefault: false }).where(eq(addresses.isDefault, true));
      const row = { ...draft, address: normalAddress(draft.address), createdAt: desk.clock.now() };
      const [made] = await tx.insert(addresses).values(row).returning();
      if (!made) throw new Error('The address was not written.');
      await audit(desk, tx, byId, 'address.added', `address:${made.id}`, { ...draft, address: row.address });
      return made;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Failure('address.taken');
    throw error;
  }
}
