import { and, eq, lt } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { change, type Desk, queue } from '#tickets/desk.ts';
import { mustFind, ticketName } from '#tickets/find.ts';
import { identitiesOf } from '#tickets/people.ts';
import { postByKey } from '../posts.ts';
import { tellWish } from '../tell.ts';

/** Slack takes a control line within seconds. */
const PATIENCE = MINUTE;
const MAX_STUCK = 200;

/** No line, no mail: an answer whose line Slack does not take is told to its author in person, once. */
export const stuckJob: JobKind<Desk> = {
  kind: 'timer.stuck',
  concurrency: 1,
  leaseSeconds: 60,
  retries: [MINUTE],
  apply: async (desk) =>
    change(desk, 'stuck holds', async (tx, desk) => {
      const { holds } = tx.tables;
      const stuck = await tx
        .select({ id: holds.id, authorId: holds.authorId, ticketId: holds.ticketId })
        .from(holds)
        .where(and(eq(holds.state, 'lining'), lt(holds.updatedAt, later(desk.clock.now(), -PATIENCE))))
        .limit(MAX_STUCK);
      for (const { id, authorId, ticketId } of stuck) {
        const userId = (await identitiesOf(tx, [authorId])).find((identity) => identity.kind === 'slack')?.value;
        if (!userId || (await postByKey(tx, `tell:stuck:${id}:${userId}`))) continue;
        const number = ticketName(desk.settings, await mustFind(tx, ticketId));
        await queue(desk, tx, tellWish(desk, { key: `stuck:${id}`, userId, ticketId, text: 'slack:hint.stuck', params: { number } }));
      }
    }),
};
