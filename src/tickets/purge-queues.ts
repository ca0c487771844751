import { and, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm';
import { change } from './desk.ts';
import { windowsOf } from './erase-sweep.ts';
import { count } from './erase-tally.ts';
import { MAX_ROWS, type Purge } from './retention.ts';

/** What was never done in this time never will be: its job was stopped long ago. */
const STUCK_DAYS = 30;
const STOPPED_JOB_DAYS = 30;
/** The budget of automatic mail looks back one day. */
const AUTOMATIC_MAIL_DAYS = 2;
const AT_ONCE = 500;

export async function purgeInbox({ desk, retention, tally, daysAgo }: Purge): Promise<boolean> {
  const { inbox } = desk.db.tables;
  const isOver = or(
    and(isNotNull(inbox.doneAt), lt(inbox.doneAt, daysAgo(retention.inboxDays))),
    and(isNull(inbox.doneAt), lt(inbox.receivedAt, daysAgo(STUCK_DAYS))),
  );
  // The first half lets the index find them.
  const old = and(lt(inbox.receivedAt, daysAgo(Math.min(retention.inboxDays, STUCK_DAYS))), isOver);
  return inRuns(async () => {
    const rows = await desk.db.select({ id: inbox.id }).from(inbox).where(old).orderBy(inbox.receivedAt).limit(AT_ONCE);
    const ids = rows.map((row) => row.id);
    if (ids.length > 0) await change(desk, 'purge inbox', (tx) => tx.delete(tx.tables.inbox).where(inArray(tx.tables.inbox.id, ids)));
    count(tally, 'inbox', ids.length);
    return ids.length;
  });
}

/** Kept for an operator to look at; after a month nobody does. */
export async function purgeJobs({ desk, tally, daysAgo }: Purge): Promise<boolean> {
  const { jobs } = desk.db.tables;
  let purged = 0;
  for await (const ids of windowsOf(desk, 'jobs', lt(jobs.stoppedAt, daysAgo(STOPPED_JOB_DAYS)))) {
    await change(desk, 'purge jobs', (tx) =>
      tx.delete(tx.tables.jobs).where(and(inArray(tx.tables.jobs.id, ids), isNotNull(tx.tables.jobs.stoppedAt))),
    );
    purged += ids.length;
    if (purged >= MAX_ROWS) break;
  }
  count(tally, 'jobs', purged);
  return purged < MAX_ROWS;
}

export async function purgeAutomaticMails({ desk, tally, daysAgo }: Purge): Promise<boolean> {
  const { automaticMails } = desk.db.tables;
  const old = lt(automaticMails.at, daysAgo(AUTOMATIC_MAIL_DAYS));
  return inRuns(async () => {
    const rows = await desk.db.select({ id: automaticMails.id }).from(automaticMails).where(old).limit(AT_ONCE);
    const ids = rows.map((row) => row.id);
    if (ids.length > 0)
      await change(desk, 'purge mail budget', (tx) => tx.delete(tx.tables.automaticMails).where(inArray(tx.tables.automaticMails.id, ids)));
    count(tally, 'automatic_mails', ids.length);
    return ids.length;
  });
}

/** Again until nothing is left or the run has done its share. */
async function inRuns(purgeSome: () => Promise<number>): Promise<boolean> {
  for (let purged = 0; purged < MAX_ROWS;) {
    const more = await purgeSome();
    if (more < AT_ONCE) return true;
    purged += more;
  }
  return false;
}
