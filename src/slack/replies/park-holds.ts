import { asc, inArray } from 'drizzle-orm';
import { LIVE_HOLDS } from '#db/words.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { mustFind, ticketName } from '#tickets/find.ts';
import { holdBack } from './hold.ts';

export interface ParkedHold {
  holdId: number;
  ticket: string;
  madeAt: string;
}

/** After a restore: a reply that was held when the backup was made may have left since. Each waits for a person, and says why. */
export function parkHolds(desk: Desk): Promise<ParkedHold[]> {
  return change(desk, 'park holds', async (tx, desk) => {
    const { holds } = tx.tables;
    const rows = await tx
      .select()
      .from(holds)
      .where(inArray(holds.state, [...LIVE_HOLDS]))
      .orderBy(asc(holds.id));
    for (const hold of rows) {
      const others = hold.reasons.filter((reason) => reason.key !== 'hold.restored');
      await holdBack(desk, hold.id, [{ key: 'hold.restored' }, ...others]);
    }
    const parked: ParkedHold[] = [];
    for (const hold of rows) {
      const ticket = ticketName(desk.settings, await mustFind(tx, hold.ticketId));
      parked.push({ holdId: hold.id, ticket, madeAt: hold.createdAt.toISOString() });
    }
    return parked;
  });
}
