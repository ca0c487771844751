import { eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { change, type Desk } from '#tickets/desk.ts';

const TEAM = 'slack.team';

/** The workspace this database was made for; null before the first start. */
export async function rememberedTeam(desk: Desk): Promise<string | null> {
  const { settings } = desk.db.tables;
  const [row] = await desk.db.select({ value: settings.value }).from(settings).where(eq(settings.key, TEAM));
  return typeof row?.value === 'string' ? row.value : null;
}

/** Channels and people of one workspace mean nothing in another: tickets would be posted to strangers. Throws Failure for another one. */
export async function ensureSameTeam(desk: Desk, team: string): Promise<void> {
  const remembered = await rememberedTeam(desk);
  if (remembered === team) return;
  if (remembered !== null) throw new Failure('slack.other_team', { known: remembered, team });
  await change(desk, 'slack team', (tx, { clock }) =>
    tx.insert(tx.tables.settings).values({ key: TEAM, value: team, updatedAt: clock.now() }).onConflictDoNothing(),
  );
}
