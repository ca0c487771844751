import type { Clock } from '#clock.ts';
import type { Database, Writer } from '#db/database.ts';
import type { Log } from '#log.ts';
import type { Job } from './queue.ts';

/** What a worker needs of the desk. */
export interface Bench {
  db: Database;
  clock: Clock;
  log: Log;
}

/**
 * How one kind of job is done. `prepare` runs outside any transaction (the network, a parser); `apply` writes its result,
 * and the job is finished in the same transaction. Many jobs share one commit; each has a savepoint of its own.
 */
export interface JobKind<D extends Bench = Bench> {
  kind: string;
  /** How many may be under way at once. */
  concurrency: number;
  leaseSeconds: number;
  /** Waits before the next tries, in milliseconds; after the last one the job stops and `gaveUp` runs. */
  retries: readonly number[];
  /** One that failed leaves its lane: those behind it do not wait for its next try. */
  leavesLane?: boolean;
  /** The outside may be gone for long: after the last wait it is tried again at that pace, for three days in all. */
  isPatient?: boolean | ((error: unknown) => boolean);
  prepare?(desk: D, job: Job): Promise<unknown>;
  /** A date returned: the job comes again then, and that is no failure. */
  apply?(desk: D, tx: Writer, job: Job, prepared: unknown): Promise<Date | void>;
  /** The job became another node's meanwhile, so `apply` must not run. What is true all the same is kept here. */
  salvage?(desk: D, tx: Writer, job: Job, prepared: unknown): Promise<void>;
  /** What to tell whom when the job failed for good. Part of the transaction that stops it. */
  gaveUp?(desk: D, tx: Writer, job: Job, error: unknown): Promise<void>;
}

/** Thrown by a job that must come again at a time of its own; it costs no try. */
export class Later extends Error {
  readonly runAt: Date;
  constructor(runAt: Date, why: string) {
    super(why);
    this.name = 'Later';
    this.runAt = runAt;
  }
}
