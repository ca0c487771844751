import { and, eq, isNull, lt } from 'drizzle-orm';
import { DAY, later } from '#clock.ts';
import { change, type Desk, SYSTEM } from './desk.ts';
import { moveStatus } from './move.ts';

const BATCH = 200;

/** Closes, silently, what has been solved for the days of the setting. Returns how many. */
export function closeOldSolved(desk: Desk): Promise<number> {
  return change(desk, 'close old solved', async (tx, desk) => {
    const { tickets } = tx.tables;
    const before = later(desk.clock.now(), -desk.settings.closeAfterDays * DAY);
    const due = await tx
      .select({ id: tickets.id })
      .from(tickets)
      .where(and(eq(tickets.status, 'solved'), lt(tickets.solvedAt, before), isNull(tickets.deletedAt)))
      .limit(BATCH);
    for (const ticket of due) await moveStatus(desk, tx, ticket.id, 'close', SYSTEM);
    return due.length;
  });
}
