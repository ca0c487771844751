import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import type { Tally } from './erase-tally.ts';

/** Days things are kept: product §7. An admin's own under the setting `retention`. */
export interface Retention {
  rawMailDays: number;
  deliveryBytesDays: number;
  inboxDays: number;
}

export const RETENTION: Retention = { rawMailDays: 90, deliveryBytesDays: 30, inboxDays: 7 };

const MAX_DAYS = 3_650;
const days = z.number().int().min(1).max(MAX_DAYS);
const retentionSetting = z.object({ rawMailDays: days, deliveryBytesDays: days, inboxDays: days }).partial();

/** One kind's share of a run; the rest waits for the next. */
export const MAX_ROWS = 5_000;

export interface Purge {
  desk: Desk;
  retention: Retention;
  tally: Tally;
  daysAgo(days: number): Date;
}

/** A setting that cannot be read keeps things as long as the product promises, and the log says so. */
export async function retentionOf(desk: Desk): Promise<Retention> {
  const { settings } = desk.db.tables;
  const [row] = await desk.db.select({ value: settings.value }).from(settings).where(eq(settings.key, 'retention'));
  if (!row) return RETENTION;
  const parsed = retentionSetting.safeParse(row.value);
  if (!parsed.success)
    desk.log.warn({ setting: 'retention', problem: z.prettifyError(parsed.error) }, 'The retention setting is wrong; the defaults hold.');
  return { ...RETENTION, ...(parsed.success ? withoutUndefined(parsed.data) : {}) };
}

function withoutUndefined(given: z.infer<typeof retentionSetting>): Partial<Retention> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
