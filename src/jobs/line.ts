import { later, SECOND } from '#clock.ts';
import type { Database, Writer } from '#db/database.ts';
import { type Bench, type JobKind, Later } from './job-kind.ts';
import { claim, comeAgain, finish, hasDue, type Job, retryLater, stopJob } from './queue.ts';

const MAX_APPLY_BATCH = 100;

type Done = { job: Job; prepared: unknown; error: unknown };

/** One kind's line: takes, prepares side by side, and writes what is ready in one commit. */
export class Line<D extends Bench> {
  readonly #desk: D;
  readonly #kind: JobKind<D>;
  readonly #name: string;
  readonly #carry: (desk: D, db: Database) => D;
  readonly #ready: Done[] = [];
  #running: Promise<void> | null = null;
  #underWay = 0;
  #isWoken = false;
  #isStopped = false;
  #notify: () => void = () => {};

  constructor(desk: D, kind: JobKind<D>, name: string, carry: (desk: D, db: Database) => D) {
    this.#desk = desk;
    this.#kind = kind;
    this.#name = name;
    this.#carry = carry;
  }

  get isIdle(): boolean {
    return this.#running === null;
  }

  wake(): void {
    if (this.#isStopped) return;
    this.#isWoken = true;
    this.#notify();
    if (this.#running) return;
    this.#running = this.#run()
      .catch((error: unknown) =>
        this.#desk.log.error({ kind: this.#kind.kind, error }, 'The line of a job kind broke; it starts again at the next tick.'),
      )
      .finally(() => {
        this.#running = null;
        // A wake that came between the last look and here must not be lost.
        if (this.#isWoken) this.wake();
      });
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#notify();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#isWoken = false;
      const taken = this.#isStopped ? 0 : await this.#take();
      if (this.#ready.length > 0) {
        await this.#write(this.#ready.splice(0, MAX_APPLY_BATCH));
        this.#isWoken = true;
        continue;
      }
      if (this.#isWoken) continue;
      if (this.#underWay > 0) await this.#something();
      else if (taken === 0) return;
    }
  }

  /** Something finished, or somebody woke us. */
  #something(): Promise<void> {
    return new Promise((resolve) => {
      this.#notify = () => {
        this.#notify = () => {};
        resolve();
      };
    });
  }

  async #take(): Promise<number> {
    const limit = this.#kind.concurrency - this.#underWay;
    // A half-empty line is filled in one commit; asking for every freed place would cost one each.
    if (limit < this.#kind.concurrency / 2) return 0;
    const now = this.#desk.clock.now();
    if (!(await hasDue(this.#desk.db, [this.#kind.kind], now))) return 0;
    const until = later(now, this.#kind.leaseSeconds * SECOND);
    const jobs = await this.#desk.db.transaction(`claim ${this.#kind.kind}`, (tx) =>
      claim(tx, { kind: this.#kind.kind, worker: this.#name, now, until, limit }),
    );
    for (const job of jobs) {
      this.#underWay += 1;
      void this.#prepare(job);
    }
    return jobs.length;
  }

  async #prepare(job: Job): Promise<void> {
    const done: Done = { job, prepared: undefined, error: undefined };
    try {
      done.prepared = await this.#kind.prepare?.(this.#desk, job);
    } catch (error) {
      done.error = error ?? new Error('A job failed without saying why.');
    }
    this.#underWay -= 1;
    this.#ready.push(done);
    this.#notify();
  }

  async #write(batch: Done[]): Promise<void> {
    const { db } = this.#desk;
    try {
      await db.transaction(`apply ${this.#kind.kind}`, async (tx, carried) => {
        const finished: number[] = [];
        for (const done of batch) if (await this.#writeOne(tx, carried, done)) finished.push(done.job.id);
        await finish(tx, finished);
      });
    } catch (error) {
      // The commit itself failed (a full disk, a lost connection): leases end, and the jobs come again.
      this.#desk.log.error({ kind: this.#kind.kind, jobs: batch.length, error }, 'Results of jobs could not be written.');
      throw error;
    }
  }

  async #writeOne(tx: Writer, carried: Database, done: Done): Promise<boolean> {
    const { job } = done;
    let { error } = done;
    if (error === undefined && this.#kind.apply) {
      try {
        const again = await carried.transaction(
          `apply ${job.kind} ${job.id}`,
          (inner, database) => this.#kind.apply?.(this.#carry(this.#desk, database), inner, job, done.prepared) ?? Promise.resolve(),
        );
        if (again instanceof Date) {
          await comeAgain(tx, job, again);
          return false;
        }
      } catch (thrown) {
        error = thrown;
      }
    }
    if (error === undefined) return true;
    await this.#putBack(tx, carried, job, error);
    return false;
  }

  async #putBack(tx: Writer, carried: Database, job: Job, error: unknown): Promise<void> {
    const now = this.#desk.clock.now();
    const words = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : String(error).slice(0, 500);
    if (error instanceof Later) return comeAgain(tx, job, error.runAt);
    const wait = this.#kind.retries[job.attempts - 1];
    this.#desk.log[wait === undefined ? 'error' : 'warn']({ kind: job.kind, job: job.id, attempts: job.attempts, error }, 'A job failed.');
    if (wait !== undefined) return retryLater(tx, job, later(now, wait), words);
    await stopJob(tx, job, now, words);
    if (!this.#kind.gaveUp) return;
    try {
      await carried.transaction(
        `gave up ${job.kind}`,
        (inner, database) => this.#kind.gaveUp?.(this.#carry(this.#desk, database), inner, job, error) ?? Promise.resolve(),
      );
    } catch (thrown) {
      this.#desk.log.error({ kind: job.kind, job: job.id, error: thrown }, 'Giving up a job failed too.');
    }
  }
}
