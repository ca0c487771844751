import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Reader } from '#db/database.ts';
import { change, type Desk } from './desk.ts';
import { audit, mustBeAdmin } from './roles.ts';

/** What only a person can say they have looked at. */
export const GUIDE_LOOKS = ['locale', 'rules'] as const;
export type GuideLook = (typeof GUIDE_LOOKS)[number];

const KEY = 'guide';
const guide = z.object({ isDismissed: z.boolean(), looked: z.array(z.enum(GUIDE_LOOKS)) });
export type Guide = z.infer<typeof guide>;

const FRESH: Guide = { isDismissed: false, looked: [] };

/** How far the first admins have come in setting this desk up. */
export async function readGuide(reader: Reader): Promise<Guide> {
  const { settings } = reader.tables;
  const [row] = await reader.select({ value: settings.value }).from(settings).where(eq(settings.key, KEY)).limit(1);
  return guide.safeParse(row?.value).data ?? FRESH;
}

export function noteLook(desk: Desk, look: GuideLook, byId: number): Promise<void> {
  return save(desk, byId, (before) => ({ ...before, looked: [...new Set([...before.looked, look])] }));
}

export function dismissGuide(desk: Desk, byId: number): Promise<void> {
  return save(desk, byId, (before) => ({ ...before, isDismissed: true }));
}

function save(desk: Desk, byId: number, next: (before: Guide) => Guide): Promise<void> {
  return change(desk, 'guide', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    const before = await readGuide(tx);
    const value = next(before);
    if (JSON.stringify(value) === JSON.stringify(before)) return;
    const { settings } = tx.tables;
    const updatedAt = desk.clock.now();
    await tx
      .insert(settings)
      .values({ key: KEY, value, updatedAt })
      .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt } });
    await audit(desk, tx, byId, 'guide.changed', 'guide', { ...value });
  });
}
