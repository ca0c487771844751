import { DAY, later } from '#clock.ts';
import type { Desk } from './desk.ts';
import { removeUnusedFiles, removeUnnamedBytes } from './purge-files.ts';
import { purgeDeliveryBytes, purgeRawMails } from './purge-mail.ts';
import { purgeAutomaticMails, purgeInbox, purgeJobs } from './purge-queues.ts';
import { purgeDeletedTickets } from './purge-tickets.ts';
import { type Purge, retentionOf } from './retention.ts';

export interface PurgeReport {
  /** Rows changed or removed, by table. */
  rows: Record<string, number>;
  /** Contents no row ever named. What lost its last name in this run goes by a job of its own. */
  orphansRemoved: number;
  /** False when a limit ended the run: there is more to remove. */
  isComplete: boolean;
}

/** Removes what has been kept long enough. Safe at any time and on many nodes at once; twice removes nothing more. */
export async function purgeExpired(desk: Desk): Promise<PurgeReport> {
  const now = desk.clock.now();
  const purge: Purge = { desk, retention: await retentionOf(desk), tally: new Map(), daysAgo: (days) => later(now, -days * DAY) };
  const steps = [purgeDeletedTickets, purgeRawMails, purgeDeliveryBytes, purgeInbox, purgeJobs, purgeAutomaticMails];
  let isComplete = true;
  for (const step of steps) isComplete = (await step(purge)) && isComplete;
  await removeUnusedFiles(desk, purge.tally);
  const orphansRemoved = await removeUnnamedBytes(desk);
  return { rows: Object.fromEntries(purge.tally), orphansRemoved, isComplete };
}
