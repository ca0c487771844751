import { aliasedTable, and, asc, eq, gte, inArray, isNull, lt, lte, notInArray, or, sql } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';

export type Job = Row<'jobs'>;

export interface Wish {
  kind: string;
  payload: Record<string, unknown>;
  /** Two wishes with one key are one job, until a worker takes it. */
  key?: string;
  /** Jobs of one lane run one at a time, in the order of `rank`, then of their making. */
  lane?: string;
  rank?: string;
  runAt: Date;
}

const MAX_BATCH = 500;
/** So few are cheaper one by one, with a kept statement. */
const MAX_SINGLE = 4;

/** Part of the caller's transaction: the job exists if and only if what it follows from does. */
export async function enqueue(tx: Writer, now: Date, wishes: Wish | Wish[]): Promise<void> {
  const rows = [wishes].flat().map((wish) => jobOf(wish, now));
  const [keyed, keyless] = [rows.filter((row) => row.key !== null), rows.filter((row) => row.key === null)];
  // The same order everywhere: two that hold each other's next row would wait for ever.
  for (const row of keyed.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))) await tx.addOrHold('jobs', row, 'key');
  if (keyless.length <= MAX_SINGLE) {
    for (const row of keyless) await tx.add('jobs', row);
    return;
  }
  for (let start = 0; start < keyless.length; start += MAX_BATCH) {
    await tx.insert(tx.tables.jobs).values(keyless.slice(start, start + MAX_BATCH));
  }
}

function jobOf(wish: Wish, createdAt: Date): Omit<Job, 'id'> {
  return {
    kind: wish.kind,
    key: wish.key ?? null,
    lane: wish.lane ?? null,
    rank: wish.rank ?? '',
    payload: wish.payload,
    runAt: wish.runAt,
    attempts: 0,
    claimedBy: null,
    claimedUntil: null,
    error: null,
    stoppedAt: null,
    createdAt,
  };
}

export interface Claim {
  kind: string;
  worker: string;
  now: Date;
  until: Date;
  limit: number;
  /** What the worker is at already, however long it takes. */
  except: number[];
}

/** Takes due jobs for one worker. Taking a job frees its key, so that a wish made meanwhile becomes a job of its own. */
export async function claim(tx: Writer, { kind, worker, now, until, limit, except }: Claim): Promise<Job[]> {
  const { jobs } = tx.tables;
  const due = await tx.own(
    tx
      .select({ id: jobs.id, lane: jobs.lane })
      .from(jobs)
      .where(except.length > 0 ? and(claimable(tx, [kind], now), notInArray(jobs.id, except)) : claimable(tx, [kind], now))
      .orderBy(asc(jobs.runAt), asc(jobs.id))
      .limit(limit),
  );
  if (due.length === 0) return [];
  // Another node may be taking another job of the same lane: neither would see the other's claim.
  const lanes = new Set(await tx.ownNames([...new Set(due.flatMap((job) => job.lane ?? []))]));
  const ids = due.filter((job) => job.lane === null || lanes.has(job.lane)).map((job) => job.id);
  if (ids.length === 0) return [];
  const taken = await tx
    .update(jobs)
    .set({ claimedBy: worker, claimedUntil: until, key: null, attempts: sql`${jobs.attempts} + 1` })
    .where(and(inArray(jobs.id, ids), isFree(tx, now), lanes.size > 0 ? isNext(tx, now) : undefined))
    .returning();
  return taken.toSorted((a, b) => a.id - b.id);
}

/** Is the job still there, and this worker's? */
export async function isHeld(reader: Reader, id: number, worker: string): Promise<boolean> {
  const { jobs } = reader.tables;
  const rows = await reader
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.claimedBy, worker)));
  return rows.length > 0;
}

/** A worker that is still at it says so, before others take it for dead. */
export async function renewClaims(tx: Writer, ids: number[], { worker, until }: { worker: string; until: Date }): Promise<void> {
  const { jobs } = tx.tables;
  await tx
    .update(jobs)
    .set({ claimedUntil: until })
    .where(and(inArray(jobs.id, ids), eq(jobs.claimedBy, worker)));
}

/** Is there anything a worker could take now? */
export async function hasDue(reader: Reader, kinds: string[], now: Date): Promise<boolean> {
  const { jobs } = reader.tables;
  const rows = await reader
    .select({ id: jobs.id })
    .from(jobs)
    .where(claimable(reader, kinds, now))
    .limit(1);
  return rows.length > 0;
}

function claimable(reader: Reader, kinds: string[], now: Date) {
  const { jobs } = reader.tables;
  const isKind = kinds.length === 1 ? eq(jobs.kind, kinds[0] ?? '') : inArray(jobs.kind, kinds);
  return and(isKind, lte(jobs.runAt, now), isNull(jobs.stoppedAt), isFree(reader, now), isNext(reader, now));
}

/** Nothing of its lane comes before it, and nothing of its lane is under way: what comes late may have been overtaken. */
export function isNext(reader: Reader, now: Date) {
  const { jobs } = reader.tables;
  const other = aliasedTable(jobs, 'other');
  // Said plainly, PostgreSQL would look through its whole index of due jobs for every job: of a table that is full at one moment
  // and empty at the next it knows no sizes.
  const isLiving = sql`case when ${other.stoppedAt} is null then 1 end = 1`;
  return or(
    isNull(jobs.lane),
    sql`not exists (select 1 from ${jobs} as other where ${other.lane} = ${jobs.lane} and ${other.id} <> ${jobs.id} and ${isLiving}
      and (${other.rank} < ${jobs.rank} or (${other.rank} = ${jobs.rank} and ${other.id} < ${jobs.id}) or ${gte(other.claimedUntil, now)}))`,
  );
}

function isFree(reader: Reader, now: Date) {
  const { jobs } = reader.tables;
  return or(isNull(jobs.claimedUntil), lt(jobs.claimedUntil, now));
}

export async function finish(tx: Writer, ids: number[]): Promise<void> {
  if (ids.length > 0) await tx.delete(tx.tables.jobs).where(inArray(tx.tables.jobs.id, ids));
}

/** Which kinds wait in these lanes: what was first in them is gone. */
export async function kindsIn(reader: Reader, lanes: string[]): Promise<string[]> {
  if (lanes.length === 0) return [];
  const { jobs } = reader.tables;
  const rows = await reader
    .selectDistinct({ kind: jobs.kind })
    .from(jobs)
    .where(and(inArray(jobs.lane, lanes), isNull(jobs.stoppedAt)));
  return rows.map((row) => row.kind);
}

export async function retryLater(tx: Writer, job: Job, runAt: Date, error: string): Promise<void> {
  const { jobs } = tx.tables;
  await tx.update(jobs).set({ claimedBy: null, claimedUntil: null, runAt, error }).where(eq(jobs.id, job.id));
}

/** Not a failure: the job asked for a later time, and the try isn't counted. */
export async function comeAgain(tx: Writer, job: Job, runAt: Date): Promise<void> {
  const { jobs } = tx.tables;
  await tx
    .update(jobs)
    .set({ claimedBy: null, claimedUntil: null, runAt, attempts: sql`${jobs.attempts} - 1` })
    .where(eq(jobs.id, job.id));
}

/** It goes on beside the others: the next of its lane need not wait for it. */
export async function leaveLane(tx: Writer, job: Job): Promise<void> {
  const { jobs } = tx.tables;
  if (job.lane !== null) await tx.update(jobs).set({ lane: null }).where(eq(jobs.id, job.id));
}

/** Keeps the job as a row people can see, out of everyone's way. */
export async function stopJob(tx: Writer, job: Job, at: Date, error: string): Promise<void> {
  const { jobs } = tx.tables;
  await tx.update(jobs).set({ claimedBy: null, claimedUntil: null, stoppedAt: at, error }).where(eq(jobs.id, job.id));
}

/** What these workers had taken and never finished is free again: after a restart, or when they are dead. What a frozen one has locked is left to the next look. */
export async function releaseClaims(tx: Writer, workers: string[]): Promise<void> {
  const { jobs } = tx.tables;
  const theirs = await tx.own(tx.select({ id: jobs.id }).from(jobs).where(inArray(jobs.claimedBy, workers)));
  for (let start = 0; start < theirs.length; start += MAX_BATCH) {
    const ids = theirs.slice(start, start + MAX_BATCH).map(({ id }) => id);
    await tx.update(jobs).set({ claimedBy: null, claimedUntil: null }).where(inArray(jobs.id, ids));
  }
}
