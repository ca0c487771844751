import { eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { hurry } from '#jobs/hurry.ts';
import { type AddressDraft, mustPointSomewhere, seenAddress } from './addresses.ts';
import { change, type Desk } from './desk.ts';
import { audit, mustBeAdmin } from './roles.ts';

export interface AddressEdit {
  addressId: number;
  /** Of the row the admin saw: an edit over somebody else's is refused. */
  mark: string;
  draft: AddressDraft;
  byId: number;
}

/** One address is always the default one; another becomes it, and then this one is no longer. */
export async function editAddress(desk: Desk, { addressId, mark, draft, byId }: AddressEdit): Promise<void> {
  await change(desk, 'edit address', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    const before = await seenAddress(tx, { addressId, mark });
    if (before.isDefault && !draft.isDefault) throw new Failure('address.one_default');
    await mustPointSomewhere(tx, draft);
    const { addresses } = tx.tables;
    if (draft.isDefault && !before.isDefault) await tx.update(addresses).set({ isDefault: false }).where(eq(addresses.isDefault, true));
    await tx.update(addresses).set(draft).where(eq(addresses.id, addressId));
    const { displayName, groupId, language, mailboxId, isDefault } = before;
    const from = { displayName, groupId, language, mailboxId, isDefault };
    await audit(desk, tx, byId, 'address.edited', `address:${addressId}`, { from, to: { ...draft } });
  });
  // What waited for a paused account may leave through another now.
  await hurry(desk, 'deliver.mail');
}
