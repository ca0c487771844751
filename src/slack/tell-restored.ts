import { change, type Desk } from '#tickets/desk.ts';
import { restoredOf, writeRestored } from '#tickets/restored.ts';
import type { Slack } from './slack.ts';
import { tellAdmins } from './tell.ts';

/** The first start after a restore tells the admins, once, what waits for a person and what may be missing. */
export async function tellRestored(desk: Desk, slack: Slack): Promise<void> {
  const restored = await restoredOf(desk.db);
  if (!restored || restored.isTold) return;
  const { backupAt, restoredAt, deliveries, holds } = restored;
  await tellAdmins(desk, slack, `restored:${restoredAt}`, 'slack:hint.restored', {
    backup: readable(backupAt),
    restored: readable(restoredAt),
    deliveries,
    holds,
  });
  await change(desk, 'restore told', (tx, desk) => writeRestored(tx, { ...restored, isTold: true }, desk.clock.now()));
}

function readable(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
