import { eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Desk } from './desk.ts';

export interface SetupOptions {
  from: { name: string; address: string };
  language: string;
}

/** What a desk needs before its first ticket: a default group and its address. Running it again changes nothing. */
export async function setUp(desk: Desk, options: SetupOptions): Promise<void> {
  await desk.db.transaction('set up', async (tx) => {
    const groupId = await ensureDefaultGroup(desk, tx, options.language);
    await ensureAddress(desk, tx, groupId, options.from);
  });
}

async function ensureDefaultGroup(desk: Desk, tx: Writer, language: string): Promise<number> {
  const { groups } = tx.tables;
  const [known] = await tx.select({ id: groups.id }).from(groups).where(eq(groups.isDefault, true));
  if (known) return known.id;
  const [made] = await tx
    .insert(groups)
    .values({ name: 'Support', isDefault: true, language, createdAt: desk.clock.now() })
    .returning({ id: groups.id });
  if (!made) throw new Error('The default group was not written.');
  return made.id;
}

async function ensureAddress(desk: Desk, tx: Writer, groupId: number, from: SetupOptions['from']): Promise<void> {
  const { addresses } = tx.tables;
  // An admin may have made another address the default one since.
  const [known] = await tx.select({ id: addresses.id }).from(addresses).where(eq(addresses.isDefault, true)).limit(1);
  await tx
    .insert(addresses)
    .values({ address: from.address, displayName: from.name, groupId, isDefault: !known, createdAt: desk.clock.now() })
    .onConflictDoNothing({ target: addresses.address });
}
