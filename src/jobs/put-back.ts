import { DAY, later } from '#clock.ts';
import type { Database, Writer } from '#db/database.ts';
import { type Bench, type JobKind, Later } from './job-kind.ts';
import { aboutJob } from './about-job.ts';
import { comeAgain, type Job, leaveLane, retryLater, stopJob } from './queue.ts';

const PATIENCE = 3 * DAY;
const MAX_WORDS = 500;

export interface Failed<D extends Bench> {
  desk: D;
  kind: JobKind<D>;
  carry: (desk: D, db: Database) => D;
  job: Job;
  error: unknown;
}

/** A job that did not succeed waits for its next try; after the last one it stops, and whoever must know is told. */
export async function putBack<D extends Bench>(tx: Writer, carried: Database, failed: Failed<D>): Promise<void> {
  const { desk, kind, carry, job, error } = failed;
  const now = desk.clock.now();
  if (error instanceof Later) return comeAgain(tx, job, error.runAt);
  const words = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MAX_WORDS);
  const wait = kind.retries[job.attempts - 1] ?? patientWait(kind, job, { now, error });
  desk.log[wait === undefined ? 'error' : 'warn']({ ...aboutJob(job), attempts: job.attempts, error }, 'A job failed.');
  if (wait !== undefined) {
    if (kind.leavesLane) await leaveLane(tx, job);
    return retryLater(tx, job, later(now, wait), words);
  }
  await stopJob(tx, job, now, words);
  if (!kind.gaveUp) return;
  try {
    await carried.transaction(
      `gave up ${job.kind}`,
      (inner, database) => kind.gaveUp?.(carry(desk, database), inner, job, error) ?? Promise.resolve(),
    );
  } catch (thrown) {
    desk.log.error({ ...aboutJob(job), error: thrown }, 'Giving up a job failed too.');
  }
}

function patientWait<D extends Bench>(
  { isPatient, retries }: JobKind<D>,
  job: Job,
  { now, error }: { now: Date; error: unknown },
): number | undefined {
  const isYoung = now.getTime() - job.createdAt.getTime() < PATIENCE;
  const isWorthIt = typeof isPatient === 'function' ? isPatient(error) : isPatient;
  return isWorthIt && isYoung ? retries.at(-1) : undefined;
}
