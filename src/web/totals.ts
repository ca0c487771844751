import { and, asc, count, desc, eq, gt, lte, max, min, sql } from 'drizzle-orm';
import { z } from 'zod';
import { later, MINUTE, SECOND } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import type { Desk } from '#tickets/desk.ts';

const tally = z.record(z.string(), z.number());
const kept = z.object({
  mailId: z.number(),
  eventIds: z.object({ 'delivery.state': z.number(), 'hold.changed': z.number() }),
  mails: tally,
  deliveries: tally,
  holds: tally,
});

/** What has happened since somebody first asked, and up to which row it is counted. Each row is counted once, over all restarts. */
export type Totals = z.infer<typeof kept>;
type Counted = keyof Totals['eventIds'];

const KEY = 'metrics.totals';
const KEEP_MS = MINUTE;
/** So many rows at once: who asks after a long while hears of the rest the next times. */
const MAX_STEP = 10_000;
/** A transaction of another node may still be writing a lower number than one that is there; none takes longer. */
const UNSETTLED = 12 * SECOND;

export function createTotals(desk: Desk): { advance(): Promise<Totals> } {
  let totals: Totals | null = null;
  let keptAt = Number.NEGATIVE_INFINITY;
  return {
    async advance() {
      const before = (totals ??= await startOf(desk));
      const until = later(desk.clock.now(), -UNSETTLED);
      const reader = desk.db.aside;
      const withMails = await countMails(reader, before, until);
      const withDeliveries = await countEvents(reader, withMails, { type: 'delivery.state', name: 'deliveries', until });
      totals = await countEvents(reader, withDeliveries, { type: 'hold.changed', name: 'holds', until });
      if (performance.now() - keptAt > KEEP_MS) {
        keptAt = performance.now();
        await keep(desk, totals);
      }
      return totals;
    },
  };
}

/** Where it was left. At first a young desk is counted whole; an old one from now on, rather than as a leap. */
async function startOf(desk: Desk): Promise<Totals> {
  const { settings, mails, events } = desk.db.tables;
  const [row] = await desk.db.select({ value: settings.value }).from(settings).where(eq(settings.key, KEY));
  const left = kept.safeParse(row?.value);
  if (left.success) return left.data;
  const [mail] = await desk.db.aside.select({ id: max(mails.id) }).from(mails);
  const [event] = await desk.db.aside.select({ id: max(events.id) }).from(events);
  const eventId = startAt(event?.id);
  const eventIds = { 'delivery.state': eventId, 'hold.changed': eventId };
  return { mailId: startAt(mail?.id), eventIds, mails: {}, deliveries: {}, holds: {} };
}

function startAt(last: number | null | undefined): number {
  return Number(last ?? 0) <= MAX_STEP ? 0 : Number(last);
}

async function keep(desk: Desk, value: Totals): Promise<void> {
  const updatedAt = desk.clock.now();
  await desk.db.transaction('keep totals', async (tx) => {
    const { settings } = tx.tables;
    await tx
      .insert(settings)
      .values({ key: KEY, value, updatedAt })
      .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt } });
  });
}

/** Up to the first mail that still waits for its fate. */
async function countMails(reader: Reader, totals: Totals, until: Date): Promise<Totals> {
  const { mails } = reader.tables;
  const { id, state, outcome, receivedAt } = mails;
  const [waiting] = await reader
    .select({ id: min(id) })
    .from(mails)
    .where(sql`${state} <> 'processed' and ${state} = 'stored'`);
  const [last] = await reader
    .select({ id })
    .from(mails)
    .where(and(gt(id, totals.mailId), lte(receivedAt, until)))
    .orderBy(desc(id))
    .limit(1);
  const end = Math.min(last?.id ?? 0, waiting?.id ? Number(waiting.id) - 1 : Number.POSITIVE_INFINITY, totals.mailId + MAX_STEP);
  if (end <= totals.mailId) return totals;
  const rows = await reader
    .select({ outcome, n: count() })
    .from(mails)
    .where(and(gt(id, totals.mailId), lte(id, end)))
    .groupBy(outcome);
  return {
    ...totals,
    mailId: end,
    mails: plus(
      totals.mails,
      rows.map((row) => [row.outcome ?? 'unknown', row.n]),
    ),
  };
}

interface Question {
  type: Counted;
  name: 'deliveries' | 'holds';
  until: Date;
}

async function countEvents(reader: Reader, totals: Totals, { type, name, until }: Question): Promise<Totals> {
  const { events } = reader.tables;
  const rows = await reader
    .select({ id: events.id, data: events.data })
    .from(events)
    .where(and(eq(events.type, type), gt(events.id, totals.eventIds[type]), lte(events.at, until)))
    .orderBy(asc(events.id))
    .limit(MAX_STEP);
  const last = rows.at(-1);
  if (!last) return totals;
  const counted = plus(
    totals[name],
    rows.map(({ data }) => [String(data['state']), 1]),
  );
  return { ...totals, eventIds: { ...totals.eventIds, [type]: last.id }, [name]: counted };
}

function plus(before: Record<string, number>, more: [string, number][]): Record<string, number> {
  const sum = new Map(Object.entries(before));
  for (const [name, n] of more) sum.set(name, (sum.get(name) ?? 0) + n);
  return Object.fromEntries(sum);
}
