import { SECOND } from '#clock.ts';
import type { Database, Writer } from '#db/database.ts';
import { aboutJob } from './about-job.ts';
import type { Bench, JobKind } from './job-kind.ts';
import { isHeld, type Job } from './queue.ts';

/** Whoever was at it for longer may have been taken for dead, and somebody else be at it: far less than a node's silence before that. */
const TRUST_MS = 5 * SECOND;

export interface Claimed {
  job: Job;
  /** The worker's name. */
  name: string;
  rewrites: number;
  takenAt: number;
}

/** The commit whose answer was lost may have succeeded: then nothing is left to write. Nor is there when it became another's. */
export async function isLost({ log }: Pick<Bench, 'log'>, tx: Writer, { job, name, rewrites, takenAt }: Claimed): Promise<boolean> {
  const isDoubtful = rewrites > 0 || performance.now() - takenAt > TRUST_MS;
  if (!isDoubtful || (await isHeld(tx, job.id, name))) return false;
  log.warn(aboutJob(job), 'A job became another node’s, or was done before; what this one found is not written.');
  return true;
}

export interface Salvaged<D extends Bench> {
  desk: D;
  kind: JobKind<D>;
  carry: (desk: D, db: Database) => D;
  job: Job;
  prepared: unknown;
  error: unknown;
}

/** Nothing that was found out about the outside is lost with the claim. */
export async function salvage<D extends Bench>(carried: Database, { desk, kind, carry, job, prepared, error }: Salvaged<D>): Promise<void> {
  if (!kind.salvage || error !== undefined) return;
  await carried.transaction(`salvage ${job.kind}`, (tx, db) => kind.salvage?.(carry(desk, db), tx, job, prepared) ?? Promise.resolve());
}
