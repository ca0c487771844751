import { and, eq, isNull } from 'drizzle-orm';
import type { Bench } from './job-kind.ts';

/** What hindered these jobs is mended: their waiting ends now. */
export async function hurry(desk: Bench & { wake(): void }, kind: string): Promise<void> {
  await desk.db.transaction(`hurry ${kind}`, async (tx) => {
    const { jobs } = tx.tables;
    await tx
      .update(jobs)
      .set({ runAt: desk.clock.now() })
      .where(and(eq(jobs.kind, kind), isNull(jobs.claimedUntil), isNull(jobs.stoppedAt)));
    tx.afterCommit(() => desk.wake());
  });
}
