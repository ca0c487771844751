import { and, eq, inArray, lte } from 'drizzle-orm';
import { HOUR, later, MINUTE } from '#clock.ts';
import type { DeliveryState } from '#db/words.ts';
import type { Row } from '#db/schema.ts';
import { change, type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';

/** Product §3.3: its author sees quietly that an answer is delayed, and much later hears of it. */
const QUIET_AFTER = 15 * MINUTE;
const LOUD_AFTER = 4 * HOUR;
const BATCH = 200;
/** What is unknown, failed or came back says so at once. */
const UNDER_WAY = ['queued', 'sending', 'delayed'] as const;

/** For an answer that is to leave now: when somebody looks whether it did. */
export function watched(now: Date): Pick<Row<'deliveries'>, 'lateness' | 'lateAt'> {
  return { lateness: 'none', lateAt: later(now, QUIET_AFTER) };
}

/** What is delayed for a moment is still on its way; what waits for long is delayed, whatever it waits for. */
export function shownState({ state, lateness }: Pick<Row<'deliveries'>, 'state' | 'lateness'>): DeliveryState {
  if (!UNDER_WAY.some((one) => one === state)) return state;
  return lateness === 'none' ? 'sending' : 'delayed';
}

/** Marks answers that should have left long ago, whatever they wait for: a server, or the answer before them. Returns how many. */
export function markLate(desk: Desk): Promise<number> {
  return change(desk, 'mark late answers', async (tx, desk) => {
    const { deliveries } = tx.tables;
    const { id, ticketId, lateness, lateAt, response } = deliveries;
    const late = await tx
      .select({ id, ticketId, lateness, lateAt, response })
      .from(deliveries)
      .where(and(lte(lateAt, desk.clock.now()), inArray(deliveries.state, [...UNDER_WAY])))
      .orderBy(lateAt)
      .limit(BATCH);
    for (const one of late) {
      const isLoud = one.lateness === 'quiet';
      const next = isLoud || !one.lateAt ? null : later(one.lateAt, LOUD_AFTER - QUIET_AFTER);
      await tx
        .update(deliveries)
        .set({ lateness: isLoud ? 'loud' : 'quiet', lateAt: next })
        .where(eq(id, one.id));
      await record(desk, tx, one.ticketId, SYSTEM, {
        type: 'delivery.late',
        data: { deliveryId: one.id, isLoud, response: one.response },
      });
    }
    return late.length;
  });
}
