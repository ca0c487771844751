import { eq, min, sql } from 'drizzle-orm';
import { DAY } from '#clock.ts';
import { skipNumbers } from '#db/numbers.ts';
import { type ParkedHold, parkHolds } from '#slack/replies/park-holds.ts';
import { slackReaction } from '#slack/spine.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { type ParkedDelivery, parkDeliveries } from '#tickets/park-deliveries.ts';
import { writeRestored } from '#tickets/restored.ts';
import { dropJobs } from './jobs.ts';

export interface Parked {
  deliveries: ParkedDelivery[];
  holds: ParkedHold[];
  dropped: Record<string, number>;
}

const MIN_GAP = 1_000;
const MIN_TICKET_GAP = 100;
const MAX_GAP = 10_000_000;
/** Busy days differ from quiet ones. */
const SAFETY = 3;

/** One desk, restored: nothing leaves it that may have left the one that was lost. */
export async function park(desk: Desk, url: string, backupAt: Date): Promise<Parked> {
  // Slack shows what waits; no rule acts on it, for a rule could mail somebody.
  const quiet: Desk = { ...desk, reactions: [slackReaction] };
  const growth = await growthSince(desk, backupAt);
  const parked = await change(quiet, 'park', async (tx, desk) => {
    const dropped = await dropJobs(desk);
    const deliveries = await parkDeliveries(desk, backupAt);
    const holds = await parkHolds(desk);
    await tx.delete(tx.tables.leases);
    // What the lost desk showed last is not known: each post is compared anew when it changes.
    await tx.update(tx.tables.slackPosts).set({ hash: null }).where(eq(tx.tables.slackPosts.state, 'posted'));
    const { counters } = tx.tables;
    const [last] = await tx.select({ value: counters.value }).from(counters).where(eq(counters.name, 'ticket'));
    const gap = gapAfter(last?.value ?? 0, growth, MIN_TICKET_GAP);
    await tx
      .update(counters)
      .set({ value: sql`${counters.value} + ${gap}` })
      .where(eq(counters.name, 'ticket'));
    const restoredAt = desk.clock.now();
    const news = { deliveries: deliveries.length, holds: holds.length, isTold: false };
    await writeRestored(tx, { backupAt: backupAt.toISOString(), restoredAt: restoredAt.toISOString(), ...news }, restoredAt);
    return { deliveries, holds, dropped };
  });
  await skipNumbers(url, (last) => gapAfter(last, growth, MIN_GAP));
  return parked;
}

/** By how much the tables may have grown since the backup, as a share of what they held. */
async function growthSince(desk: Desk, backupAt: Date): Promise<number> {
  const { events } = desk.db.tables;
  const [row] = await desk.db.select({ first: min(events.at) }).from(events);
  const livedMs = Math.max(DAY, backupAt.getTime() - (row?.first ?? backupAt).getTime());
  return Math.max(0, desk.clock.now().getTime() - backupAt.getTime()) / livedMs;
}

function gapAfter(last: number, growth: number, least: number): number {
  return least + Math.min(MAX_GAP, Math.ceil(last * growth * SAFETY));
}
