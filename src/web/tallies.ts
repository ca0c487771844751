import { and, count, eq, gt, isNotNull, isNull, lte, min, not, sql } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { isNext } from '#jobs/queue.ts';

/** What stands in the house at one moment, by indexed questions on the reader's thread. */
export interface Tallies {
  mails: { state: string; n: number }[];
  jobs: { kind: string; state: 'due' | 'behind' | 'later' | 'stopped'; n: number; oldestAt: Date | null }[];
  holds: { state: string; n: number }[];
  deliveries: { state: string; via: string; n: number; oldestAt: Date | null }[];
  mailboxes: { name: string; readAt: Date | null; createdAt: Date }[];
}

const MAX_ROWS = 500;

export async function takeTallies(reader: Reader, now: Date): Promise<Tallies> {
  return {
    mails: await mails(reader),
    jobs: await jobs(reader, now),
    holds: await holds(reader),
    deliveries: await deliveries(reader),
    mailboxes: await mailboxes(reader),
  };
}

// The conditions are written out as those of the partial indexes: a parameter would not be recognised.

function mails(reader: Reader) {
  const { state } = reader.tables.mails;
  return reader
    .select({ state, n: count() })
    .from(reader.tables.mails)
    .where(sql`${state} <> 'processed'`)
    .groupBy(state);
}

async function jobs(reader: Reader, now: Date): Promise<Tallies['jobs']> {
  const { jobs } = reader.tables;
  const tally = { kind: jobs.kind, n: count(), oldestAt: min(jobs.runAt) };
  const grouped = (where: ReturnType<typeof and>) => reader.select(tally).from(jobs).where(where).groupBy(jobs.kind).limit(MAX_ROWS);
  const isDue = and(isNull(jobs.stoppedAt), lte(jobs.runAt, now));
  const next = isNext(reader, now) ?? sql`true`;
  const due = await grouped(and(isDue, next));
  // What waits for the one before it is not late by itself.
  const behind = await grouped(and(isDue, not(next)));
  const later = await grouped(and(isNull(jobs.stoppedAt), gt(jobs.runAt, now)));
  const stopped = await grouped(isNotNull(jobs.stoppedAt));
  return [
    ...due.map((row) => ({ ...row, state: 'due' as const })),
    ...behind.map((row) => ({ ...row, state: 'behind' as const })),
    ...later.map((row) => ({ ...row, state: 'later' as const })),
    ...stopped.map((row) => ({ ...row, state: 'stopped' as const })),
  ];
}

function holds(reader: Reader) {
  const { state } = reader.tables.holds;
  return reader
    .select({ state, n: count() })
    .from(reader.tables.holds)
    .where(sql`${state} in ('lining','counting','paused','waiting')`)
    .groupBy(state);
}

function deliveries(reader: Reader) {
  const { state, via, createdAt } = reader.tables.deliveries;
  return reader
    .select({ state, via, n: count(), oldestAt: min(createdAt) })
    .from(reader.tables.deliveries)
    .where(sql`${state} in ('queued','delayed','unknown','sending')`)
    .groupBy(state, via);
}

function mailboxes(reader: Reader) {
  const { name, readAt, createdAt, isEnabled, imapHost } = reader.tables.mailboxes;
  return reader
    .select({ name, readAt, createdAt })
    .from(reader.tables.mailboxes)
    .where(and(eq(isEnabled, true), isNotNull(imapHost)))
    .limit(MAX_ROWS);
}
