import { eq } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';

/** The desk was put back from a backup: whatever happened between these two moments may have happened, and nobody knows. */
export interface Restored {
  /** ISO 8601, both. */
  backupAt: string;
  restoredAt: string;
  /** What waits for a person now. */
  deliveries: number;
  holds: number;
  isTold: boolean;
}

const KEY = 'restored';

const RESTORED = keep<{ key: string }, { value: unknown }[]>((reader, { key }) => {
  const { settings } = reader.tables;
  return reader.select({ value: settings.value }).from(settings).where(eq(settings.key, key));
});

/** Null for a desk that never was. */
export async function restoredOf(reader: Reader): Promise<Restored | null> {
  const [row] = await reader.ask(RESTORED, { key: KEY });
  return (row?.value as Restored | undefined) ?? null;
}

export async function writeRestored(tx: Writer, value: Restored, updatedAt: Date): Promise<void> {
  await tx
    .insert(tx.tables.settings)
    .values({ key: KEY, value, updatedAt })
    .onConflictDoUpdate({ target: tx.tables.settings.key, set: { value, updatedAt } });
}

/** Mail that came before may have been answered: whoever reads it again marks it as imported. */
export async function restoredAt(reader: Reader): Promise<Date | null> {
  const restored = await restoredOf(reader);
  return restored && new Date(restored.restoredAt);
}

/** What was said then may have been acted on already, by the desk that was lost. */
export async function isFromBeforeRestore(reader: Reader, at: Date): Promise<boolean> {
  const restored = await restoredAt(reader);
  return restored !== null && at < restored;
}

const PARKED = 'parked: restored from the backup of ';

/** Kept where a server's answer would stand, so that line, history and *Why?* can say it in the reader's language. */
export function parkedResponse(backupAt: Date): string {
  return PARKED + backupAt.toISOString();
}

/** When the backup was made that a delivery was parked by; null for every other answer. */
export function parkedAt(response: string | null): Date | null {
  return response?.startsWith(PARKED) ? new Date(response.slice(PARKED.length)) : null;
}
