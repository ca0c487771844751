import { eq, isNotNull } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { change, type Desk } from './desk.ts';
import { sealedFor } from './mailboxes.ts';

/** Every column whose text is sealed (`src/seal.ts`): the one list that a rotation of the secret goes by. */
export const SEALED = [
  { table: 'mailboxes', column: 'secret' },
  { table: 'mailboxes', column: 'smtpSecret' },
  { table: 'mailboxes', column: 'dkimKey' },
] as const;

type Place = (typeof SEALED)[number];

export interface Resealed {
  resealed: number;
  /** Sealed with a secret that nobody knows here: the login must be typed again. */
  unreadable: string[];
}

/** Seals anew what an older secret sealed. Doing it twice changes nothing; what cannot be opened stays as it is. */
export function resealAll(desk: Desk): Promise<Resealed> {
  return change(desk, 'reseal', async (tx, desk) => {
    const all: Resealed = { resealed: 0, unreadable: [] };
    for (const place of SEALED) await resealPlace(desk, tx, place, all);
    return all;
  });
}

async function resealPlace(desk: Desk, tx: Writer, place: Place, all: Resealed): Promise<void> {
  const table = tx.tables[place.table];
  const column = table[place.column];
  const rows = await tx.select({ id: table.id, sealed: column }).from(table).where(isNotNull(column));
  for (const { id, sealed } of rows) {
    if (sealed === null || !desk.seal.isOld(sealed)) continue;
    const purpose = sealedFor(place.column, id);
    const opened = tryOpen(desk, purpose, sealed);
    if (opened === null) {
      all.unreadable.push(purpose);
      continue;
    }
    await tx
      .update(table)
      .set({ [place.column]: desk.seal.close(purpose, opened) })
      .where(eq(table.id, id));
    all.resealed += 1;
  }
}

function tryOpen(desk: Desk, purpose: string, sealed: string): string | null {
  try {
    return desk.seal.open(purpose, sealed);
  } catch (error) {
    desk.log.error({ error, purpose }, 'What was sealed cannot be opened: type the login of this mailbox again.');
    return null;
  }
}
