import { eq } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import { change, type Desk } from '#tickets/desk.ts';
import type { Connection } from './connection.ts';
import { repairGap } from './repair.ts';
import type { Slack } from './slack.ts';

/** Slack delivers again what was not acknowledged for so short a while. */
const HARMLESS_GAP_MS = 2_000;
const HEARD = 'slack.heard';

/**
 * Writes down each minute that Slack is heard, by whichever node. What was missed before this start, or while no
 * connection stood, is looked for.
 */
export async function watchHearing(desk: Desk, slack: Slack, connection: Connection): Promise<{ stop(): Promise<void> }> {
  const repair = (since: Date | null) =>
    void repairGap(desk, slack, since).catch((error: unknown) =>
      desk.log.error({ error }, 'A gap could not be repaired; the next one tries again.'),
    );
  const heard = () =>
    keepHeard(desk, connection).catch((error: unknown) => desk.log.warn({ error }, 'That Slack is heard could not be written down.'));
  repair(await lastHeard(desk));
  await heard();
  connection.onBack((gapMs) => {
    if (gapMs > HARMLESS_GAP_MS) repair(later(desk.clock.now(), -gapMs));
    void heard();
  });
  const timer = setInterval(() => void heard(), MINUTE);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await heard();
    },
  };
}

async function lastHeard(desk: Desk): Promise<Date | null> {
  const { settings } = desk.db.tables;
  const [row] = await desk.db.select({ at: settings.updatedAt }).from(settings).where(eq(settings.key, HEARD));
  return row?.at ?? null;
}

async function keepHeard(desk: Desk, connection: Connection): Promise<void> {
  if (!connection.isConnected()) return;
  await change(desk, 'slack heard', async (tx, { clock }) => {
    const updatedAt = clock.now();
    await tx
      .insert(tx.tables.settings)
      .values({ key: HEARD, value: true, updatedAt })
      .onConflictDoUpdate({ target: tx.tables.settings.key, set: { updatedAt } });
  });
}
