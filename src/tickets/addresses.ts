import { createHash } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import { isGone, mailboxById } from './mailboxes.ts';

export type Address = Row<'addresses'>;

/** What an admin says of one of our addresses. */
export interface AddressDraft {
  displayName: string;
  groupId: number;
  language: string | null;
  /** What its mail leaves through; null for the environment's server. */
  mailboxId: number | null;
  isDefault: boolean;
}

export const MAX_ADDRESSES = 200;

export function allAddresses(reader: Reader): Promise<Address[]> {
  const { addresses } = reader.tables;
  return reader.select().from(addresses).orderBy(desc(addresses.isDefault), addresses.address).limit(MAX_ADDRESSES);
}

export async function addressById(reader: Reader, id: number): Promise<Address | undefined> {
  const { addresses } = reader.tables;
  const [address] = await reader.select().from(addresses).where(eq(addresses.id, id)).limit(1);
  return address;
}

/** The row as somebody saw it: another one each time something of it changes. */
export function markOf({ address, displayName, groupId, language, mailboxId, isDefault }: Address): string {
  const words = JSON.stringify([address, displayName, groupId, language, mailboxId, isDefault]);
  return createHash('sha256').update(words).digest('base64url').slice(0, 16);
}

/** The address the admin saw, unless somebody changed it since. */
export async function seenAddress(reader: Reader, { addressId, mark }: { addressId: number; mark: string }): Promise<Address> {
  const address = await addressById(reader, addressId);
  if (!address) throw new Failure('address.gone');
  if (markOf(address) !== mark) throw new Failure('address.changed_meanwhile');
  return address;
}

/** What a draft points at must be there: it may have gone while the form stood open. */
export async function mustPointSomewhere(reader: Reader, { groupId, mailboxId }: AddressDraft): Promise<void> {
  const { groups } = reader.tables;
  const [group] = await reader.select({ id: groups.id }).from(groups).where(eq(groups.id, groupId)).limit(1);
  if (!group) throw new Failure('address.group_gone');
  if (mailboxId === null) return;
  const mailbox = await mailboxById(reader, mailboxId);
  if (!mailbox || isGone(mailbox)) throw new Failure('mailbox.gone');
}
