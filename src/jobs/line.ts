import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { later, SECOND } from '#clock.ts';
import type { Database, Writer } from '#db/database.ts';
import { canComeRight } from '#db/errors.ts';
import type { Bench, JobKind } from './job-kind.ts';
import { isLost, salvage } from './lost-claim.ts';
import { putBack } from './put-back.ts';
import { claim, comeAgain, finish, hasDue, type Job, kindsIn, renewClaims } from './queue.ts';

const MAX_APPLY_BATCH = 100;
/** From one commit's beginning to the next: what comes together is written together. The first of a row never waits. */
const GATHER_MS = 50;
/** Results share a commit for so long at most: hold lines and clicks wait for the writer too. */
const MAX_APPLY_MS = 100;
/** SQLite answers synchronously, so a long row of results lets the rest of the house have a turn in between. */
const MAX_TURN_MS = 5;

/** What was done is written again when the database had to refuse it: doing it again could mean sending it twice. */
const MAX_REWRITES = 5;
const REWRITE_MS = 50;

type Done = { job: Job; prepared: unknown; error: unknown; rewrites: number; takenAt: number };

export interface LineOptions<D extends Bench> {
  kind: JobKind<D>;
  /** The worker's name on what it takes. */
  name: string;
  carry: (desk: D, db: Database) => D;
  /** Jobs of these kinds may have become free. */
  wake: (kinds: string[]) => void;
}

/** One kind's line: takes, prepares side by side, and writes what is ready in one commit. */
export class Line<D extends Bench> {
  readonly #desk: D;
  readonly #kind: JobKind<D>;
  readonly #name: string;
  readonly #carry: (desk: D, db: Database) => D;
  readonly #wakeKinds: (kinds: string[]) => void;
  readonly #ready: Done[] = [];
  /** What was taken and is not written yet, and until when it is ours. */
  readonly #held = new Map<number, Date>();
  #running: Promise<void> | null = null;
  #underWay = 0;
  /** There may be jobs to take. */
  #isWoken = false;
  #isStopped = false;
  readonly #lastAt: { take?: number; write?: number } = {};
  #notify: () => void = () => {};

  constructor(desk: D, { kind, name, carry, wake }: LineOptions<D>) {
    this.#desk = desk;
    this.#kind = kind;
    this.#name = name;
    this.#carry = carry;
    this.#wakeKinds = wake;
  }

  get kind(): string {
    return this.#kind.kind;
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

  /** Work may take longer than a lease, as when Slack asks to wait: claims with less than half of it left are renewed. */
  async renew(): Promise<void> {
    const now = this.#desk.clock.now();
    const lease = this.#kind.leaseSeconds * SECOND;
    const soon = later(now, lease / 2);
    const ids = [...this.#held].filter(([, until]) => until <= soon).map(([id]) => id);
    if (ids.length === 0) return;
    const until = later(now, lease);
    await this.#desk.db.transaction(`renew ${this.#kind.kind}`, (tx) => renewClaims(tx, ids, { worker: this.#name, until }));
    for (const id of ids) if (this.#held.has(id)) this.#held.set(id, until);
  }

  async #run(): Promise<void> {
    for (;;) {
      if (this.#canTake) await this.#calmly('take', () => this.#take());
      if (this.#ready.length > 0) await this.#calmly('write', () => this.#write());
      else if (this.#canTake) continue;
      else if (this.#underWay > 0) await this.#something();
      else return;
    }
  }

  async #calmly(step: 'take' | 'write', work: () => Promise<void>): Promise<void> {
    const soonest = (this.#lastAt[step] ?? Number.NEGATIVE_INFINITY) + GATHER_MS;
    if (performance.now() < soonest) await pause(soonest - performance.now());
    this.#lastAt[step] = performance.now();
    await work();
  }

  /** A half-empty line is filled in one commit; asking for every freed place would cost one each. */
  get #canTake(): boolean {
    return this.#isWoken && !this.#isStopped && this.#underWay <= this.#kind.concurrency / 2;
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

  async #take(): Promise<void> {
    this.#isWoken = false;
    const now = this.#desk.clock.now();
    if (!(await hasDue(this.#desk.db, [this.#kind.kind], now))) return;
    const limit = this.#kind.concurrency - this.#underWay;
    const until = later(now, this.#kind.leaseSeconds * SECOND);
    // The process may stand still between the claim's commit and the next line.
    const takenAt = performance.now();
    const jobs = await this.#desk.db.transaction(`claim ${this.#kind.kind}`, (tx) =>
      claim(tx, { kind: this.#kind.kind, worker: this.#name, now, until, limit, except: [...this.#held.keys()] }),
    );
    if (jobs.length === limit) this.#isWoken = true;
    for (const job of jobs) {
      this.#underWay += 1;
      this.#held.set(job.id, until);
      void this.#prepare(job, takenAt);
    }
  }

  async #prepare(job: Job, takenAt: number): Promise<void> {
    const done: Done = { job, prepared: undefined, error: undefined, rewrites: 0, takenAt };
    try {
      done.prepared = await this.#kind.prepare?.(this.#desk, job);
    } catch (error) {
      done.error = error ?? new Error('A job failed without saying why.');
    }
    this.#underWay -= 1;
    this.#ready.push(done);
    this.#notify();
  }

  async #write(): Promise<void> {
    const written: Done[] = [];
    const refused: Done[] = [];
    let left = 0;
    try {
      await this.#desk.db.transaction(`apply ${this.#kind.kind}`, async (tx, carried) => {
        const finished = await this.#writeReady(tx, carried, { written, refused });
        await finish(tx, finished);
        left = written.length - finished.length;
        const freed = await kindsIn(
          tx,
          written.flatMap(({ job }) => job.lane ?? []),
        );
        if (freed.length > 0) tx.afterCommit(() => this.#wakeKinds(freed));
      });
      // Those put back may be due at once.
      if (left > 0) this.#isWoken = true;
    } catch (error) {
      this.#desk.log.error({ kind: this.#kind.kind, jobs: written.length, error }, 'Results of jobs could not be written.');
      // The commit itself failed (a full disk, a lost connection): leases end, and the jobs come again.
      if (!canComeRight(error)) throw error;
      refused.push(...written.filter((done) => done.rewrites < MAX_REWRITES));
    } finally {
      for (const done of written) if (!refused.includes(done)) this.#held.delete(done.job.id);
      await this.#writeAgain(refused);
    }
  }

  async #writeAgain(refused: Done[]): Promise<void> {
    if (refused.length === 0) return;
    const times = Math.max(...refused.map((done) => done.rewrites));
    await pause(REWRITE_MS * 2 ** times);
    for (const done of refused) this.#ready.push({ ...done, rewrites: done.rewrites + 1 });
  }

  /** What is ready, and what becomes ready meanwhile. Returns the ids of those that are done with. */
  async #writeReady(tx: Writer, carried: Database, { written, refused }: { written: Done[]; refused: Done[] }): Promise<number[]> {
    const finished: number[] = [];
    const startedAt = performance.now();
    let turnAt = startedAt;
    while (written.length < MAX_APPLY_BATCH && performance.now() - startedAt < MAX_APPLY_MS) {
      const done = this.#ready.shift();
      if (!done) break;
      const outcome = await this.#writeOne(tx, carried, done);
      (outcome === 'refused' ? refused : written).push(done);
      if (outcome === 'finished') finished.push(done.job.id);
      if (performance.now() - turnAt < MAX_TURN_MS) continue;
      await nextTurn();
      turnAt = performance.now();
    }
    return finished;
  }

  async #writeOne(tx: Writer, carried: Database, done: Done): Promise<'finished' | 'put back' | 'refused'> {
    const { job } = done;
    if (await isLost(this.#desk, tx, { ...done, name: this.#name })) {
      await salvage(carried, { ...done, desk: this.#desk, kind: this.#kind, carry: this.#carry });
      return 'put back';
    }
    let { error } = done;
    if (error === undefined && this.#kind.apply) {
      try {
        const again = await carried.transaction(
          `apply ${job.kind} ${job.id}`,
          (inner, database) => this.#kind.apply?.(this.#carry(this.#desk, database), inner, job, done.prepared) ?? Promise.resolve(),
        );
        if (again instanceof Date) {
          await comeAgain(tx, job, again);
          return 'put back';
        }
      } catch (thrown) {
        if (canComeRight(thrown) && done.rewrites < MAX_REWRITES) return 'refused';
        error = thrown;
      }
    }
    if (error === undefined) return 'finished';
    await putBack(tx, carried, { desk: this.#desk, kind: this.#kind, carry: this.#carry, job, error });
    return 'put back';
  }
}
