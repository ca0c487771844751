import { MINUTE, SECOND } from '#clock.ts';
import type { Reason } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { reply } from '#tickets/reply.ts';
import { isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { type Hold, holdBack, holdById, isLive, markReleased } from './hold.ts';

const RETRIES = [SECOND, 5 * SECOND, 30 * SECOND, 5 * MINUTE];

/** Whether the words still stand in Slack as they were held. Asked only when the connection had a gap meanwhile. */
type Standing = 'same' | 'changed';

/** The end of a hold: its words leave, unless something came between. */
export function releaseJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'hold.release',
    concurrency: 16,
    leaseSeconds: 60,
    retries: RETRIES,
    prepare: async (desk, job) => {
      const hold = await holdById(desk.db, Number(job.payload['holdId']));
      return hold && isDue(desk, hold) ? standing(slack, hold) : 'same';
    },
    apply: async (desk, tx, job, found) => {
      const hold = await holdById(tx, Number(job.payload['holdId']));
      if (!hold || !isDue(desk, hold)) return;
      if (found === 'changed') return holdBack(desk, hold.id, [{ key: 'hold.changed_unseen' }]);
      await releaseHold(desk, hold.id, null);
    },
    // It could not be seen whether the words still stand: a person looks, rather than nobody.
    gaveUp: (desk, _tx, job) => holdBack(desk, Number(job.payload['holdId']), [{ key: 'hold.changed_unseen' }]),
  };
}

function isDue(desk: Desk, hold: Hold): boolean {
  return hold.state === 'counting' && hold.releaseAt !== null && hold.releaseAt <= desk.clock.now();
}

/**
 * Lets a held reply leave, now. `by` is who pressed the button, null when the hold ran out. What the domain refuses goes
 * back to waiting with the reason in words.
 */
export function releaseHold(desk: Desk, holdId: number, by: number | null): Promise<void> {
  return change(desk, 'release', async (_tx, desk) => {
    try {
      await change(desk, 'release reply', async (tx, desk) => {
        const hold = await holdById(tx, holdId);
        if (!hold || !isLive(hold)) throw new Failure('hold.settled');
        const { comment } = await reply(desk, {
          ticketId: hold.ticketId,
          authorId: hold.authorId,
          body: hold.document,
          files: hold.fileIds.map((fileId) => ({ fileId, isInline: false, contentId: null })),
          sourceKey: `hold:${hold.id}:${hold.editedTs ?? ''}`,
        });
        await markReleased(desk, tx, hold, comment.id, by);
      });
    } catch (error) {
      if (!(error instanceof Failure) || error.key === 'hold.settled') throw error;
      await holdBack(desk, holdId, [failureReason(error)]);
    }
  });
}

function failureReason(failure: Failure): Reason {
  return { key: `refused.${failure.key}`, params: failure.params };
}

interface Seen {
  ts: string;
  edited?: { ts: string };
}

/** A message edited or deleted while we were deaf must not leave as it was. */
async function standing(slack: Slack, hold: Hold): Promise<Standing> {
  if (hold.sourceTs === null || hold.linedAt === null || slack.wasHealthySince(hold.createdAt)) return 'same';
  try {
    const { messages } = await slack.lanes.call<{ messages?: Seen[] }>('answer', 'conversations.replies', {
      channel: hold.channel,
      ts: hold.threadTs,
      oldest: hold.sourceTs,
      latest: hold.sourceTs,
      inclusive: true,
      limit: 10,
    });
    const message = messages?.find((one) => one.ts === hold.sourceTs);
    return message && (message.edited?.ts ?? null) === hold.editedTs ? 'same' : 'changed';
  } catch (error) {
    if (isSlackError(error, 'thread_not_found', 'message_not_found', 'channel_not_found')) return 'changed';
    throw error;
  }
}
