import { and, eq, inArray, like, lt } from 'drizzle-orm';
import { later, MINUTE, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Reason } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import { type JobKind, Later } from '#jobs/job-kind.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { reply } from '#tickets/reply.ts';
import type { Slack } from '../slack.ts';
import { type Hold, holdBack, holdById, isLive, markReleased } from './hold.ts';
import { hasEventsWaiting, mayHaveChanged, readAgain } from './read-again.ts';
import { standingReasons } from './standing.ts';

const RETRIES = [SECOND, 5 * SECOND, 30 * SECOND, 5 * MINUTE];

/** An edit or a deletion that is stored is worked through first; for this long a mail waits for it. */
const EVENT_PATIENCE = 30 * SECOND;
const EVENT_PAUSE = 2 * SECOND;
/** Replies of one thread leave as they were written: a later one waits for so long while an earlier one is still held. */
const ORDER_PATIENCE = 5 * MINUTE;
const ORDER_PAUSE = SECOND;

const CHANGED_UNSEEN: Reason = { key: 'hold.changed_unseen' };

/** The end of a hold: its words leave, unless something came between. */
export function releaseJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'hold.release',
    concurrency: 16,
    leaseSeconds: 60,
    retries: RETRIES,
    prepare: async (desk, job) => {
      const hold = await holdById(desk.db, Number(job.payload['holdId']));
      if (!hold || !isDue(desk, hold)) return;
      // Nobody could stop it now: it waits for the day its author can.
      await slack.access.pass();
      await awaitEarlier(desk, hold);
      if (!(await mayHaveChanged(desk, slack, hold))) return;
      await awaitEvents(desk, slack, hold);
      try {
        await readAgain(desk, slack, hold);
      } catch (error) {
        if (error instanceof Failure) return CHANGED_UNSEEN;
        throw error;
      }
      // What nobody had told of is known since that look.
      await awaitEvents(desk, slack, hold);
      return null;
    },
    apply: async (desk, tx, job, unseen) => {
      const hold = await holdById(tx, Number(job.payload['holdId']));
      if (!hold || !isDue(desk, hold)) return;
      if (unseen) return holdBack(desk, hold.id, [CHANGED_UNSEEN]);
      // One that nobody had told of may have come in meanwhile.
      if (await mustWaitForEarlier(desk, tx, hold)) return later(desk.clock.now(), ORDER_PAUSE);
      const reasons = await standingReasons(desk, tx, hold);
      if (reasons.length > 0) return holdBack(desk, hold.id, reasons);
      await releaseHold(desk, hold.id, null);
    },
    // It could not be seen whether the words still stand: a person looks, rather than nobody.
    gaveUp: (desk, _tx, job) => holdBack(desk, Number(job.payload['holdId']), [CHANGED_UNSEEN]),
  };
}

/** What its author did to it, or wrote before it, is worked through first. */
async function awaitEvents(desk: Desk, slack: Slack, hold: Hold & { releaseAt: Date }): Promise<void> {
  const now = desk.clock.now();
  if (now < later(hold.releaseAt, EVENT_PATIENCE) && (await hasEventsWaiting(desk, slack, hold)))
    throw new Later(later(now, EVENT_PAUSE), 'what was said before is not worked through yet');
}

/** Before anything is asked of Slack, which would be asked again every time. */
async function awaitEarlier(desk: Desk, hold: Hold & { releaseAt: Date }): Promise<void> {
  if (await mustWaitForEarlier(desk, desk.db, hold))
    throw new Later(later(desk.clock.now(), ORDER_PAUSE), 'an earlier reply is still held');
}

async function mustWaitForEarlier(desk: Desk, reader: Reader, hold: Hold & { releaseAt: Date }): Promise<boolean> {
  return desk.clock.now() < later(hold.releaseAt, ORDER_PATIENCE) && hasEarlier(reader, hold);
}

/** Another reply of this thread that was written before and will leave by itself too. */
async function hasEarlier(tx: Reader, { ticketId, threadTs, sourceTs }: Hold): Promise<boolean> {
  if (sourceTs === null) return false;
  const { holds } = tx.tables;
  const isBefore = and(eq(holds.ticketId, ticketId), eq(holds.threadTs, threadTs), lt(holds.sourceTs, sourceTs));
  const earlier = await tx
    .select({ id: holds.id })
    .from(holds)
    .where(and(isBefore, inArray(holds.state, ['lining', 'counting'])))
    .limit(1);
  return earlier.length > 0;
}

function isDue(desk: Desk, hold: Hold): hold is Hold & { releaseAt: Date } {
  return hold.state === 'counting' && hold.releaseAt !== null && hold.releaseAt <= desk.clock.now();
}

/**
 * A person's click. What may have changed unseen is read again first, and what they could not have seen on the line is
 * shown there before anything leaves.
 */
export async function sendNow(desk: Desk, slack: Slack, hold: Hold, by: number): Promise<void> {
  if (!isLive(hold)) throw new Failure('hold.settled');
  const isOther = (await mayHaveChanged(desk, slack, hold)) && (await readAgain(desk, slack, hold));
  await change(desk, 'send now', async (tx, desk) => {
    const fresh = await holdById(tx, hold.id);
    if (!fresh || !isLive(fresh)) throw new Failure('hold.settled');
    if (isOther && (fresh.state === 'waiting' || fresh.state === 'paused')) return;
    const seen = new Set(['policy_confirm', 'hold.policy_changed', ...fresh.reasons.map((reason) => reason.key)]);
    const unseen = (await standingReasons(desk, tx, fresh)).filter((reason) => !seen.has(reason.key));
    if (unseen.length > 0) return holdBack(desk, fresh.id, [...fresh.reasons, ...unseen]);
    await releaseHold(desk, fresh.id, by);
  });
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
        const { comment, deliveries } = await reply(desk, {
          ticketId: hold.ticketId,
          authorId: hold.authorId,
          body: hold.document,
          files: hold.fileIds.map((fileId) => ({ fileId, isInline: false, contentId: null })),
          sourceKey: `hold:${hold.id}:${await releasesOf(tx, hold)}`,
        });
        await markReleased(desk, tx, hold, comment.id, by);
        const about = { hold: hold.id, ticket: comment.ticketId, comment: comment.id };
        for (const { id, messageId } of deliveries)
          tx.afterCommit(() => desk.log.info({ ...about, delivery: id, messageId }, 'A held reply is released.'));
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

/** How often it left before, and was taken back. Its state keeps it from leaving twice at once. */
function releasesOf(tx: Writer, { id, ticketId }: Hold): Promise<number> {
  const { comments } = tx.tables;
  return tx.$count(comments, and(eq(comments.ticketId, ticketId), like(comments.sourceKey, `hold:${id}:%`)));
}
