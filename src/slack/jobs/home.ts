import { later, SECOND } from '#clock.ts';
import type { Wish } from '#jobs/queue.ts';
import { type JobKind, Later } from '#jobs/job-kind.ts';
import type { Desk } from '#tickets/desk.ts';
import { lastShown, publishHome } from '../home/publish.ts';
import { type HomeState, readState, stateText } from '../home/state.ts';
import { isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';

const RETRIES = [5 * SECOND, 60 * SECOND];
/** However much happens, somebody's Home is shown anew this often at most. */
const PAUSE = 3 * SECOND;

/** `own`: what they did themselves just now, and where they stood; they are not kept waiting. */
export function homeWish(desk: Desk, userId: string, own?: HomeState): Wish {
  const key = own ? `home:${userId}:own` : `home:${userId}`;
  const payload = { userId, ...(own ? { metadata: stateText(own) } : {}) };
  return { kind: 'slack.home', key, lane: `home:${userId}`, payload, runAt: desk.clock.now() };
}

/** Shows somebody's Home anew, where they stand in it. */
export function homeJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.home',
    concurrency: 4,
    leaseSeconds: 60,
    retries: RETRIES,
    prepare: async (desk, job) => {
      const { userId, metadata } = job.payload as { userId: string; metadata?: string };
      const last = lastShown(slack, userId);
      const soonest = last?.at && metadata === undefined ? later(last.at, PAUSE) : null;
      if (soonest && soonest > desk.clock.now()) throw new Later(soonest, 'shown a moment ago');
      try {
        // They may have gone elsewhere since; but where they stood long ago, before they turned to another node, is no place.
        const hasMoved = last?.statedAt && last.statedAt > job.createdAt;
        const state = metadata === undefined || hasMoved ? undefined : readState(metadata);
        await publishHome(desk, slack, { userId, state, lane: 'card' });
      } catch (error) {
        // Nobody is there to see it.
        if (!isSlackError(error, 'user_not_found', 'user_disabled', 'invalid_user_id')) throw error;
      }
    },
  };
}
