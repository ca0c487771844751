import { and, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm';
import { change, type Desk } from './desk.ts';
import { type AnyRow, wordColumns } from './erase-tables.ts';
import { rowsById, windowsOf } from './erase-sweep.ts';
import { count, type Tally } from './erase-tally.ts';
import { createRedactor, type Redactor, type Term } from './erase-terms.ts';

/** Work that is done, given up, or about nothing but this person's tickets: its row goes, with whatever it says. */
export interface Queued {
  terms: Term[];
  tickets: Set<number>;
  tally: Tally;
}

/** Slack's words as they came. Of work still to do only the names go, by the sweep: nobody's message may be lost. */
export async function eraseInbox(desk: Desk, { terms, tickets, tally }: Queued): Promise<void> {
  const { inbox } = desk.db.tables;
  const threads = await threadsOf(desk, tickets);
  const redactor = createRedactor(terms, '');
  for await (const ids of windowsOf(desk, 'inbox', isNotNull(inbox.doneAt))) {
    const rows = await rowsById(desk.db, 'inbox', ids);
    const found = rows.filter(
      (row) => isAbout(row, ['key', 'payload'], redactor) || strings(row['payload']).some((text) => threads.has(text)),
    );
    await remove(desk, 'inbox', found, tally);
  }
}

/** Jobs that were stopped and name the person, and messages still to be told about their tickets. */
export async function eraseJobs(desk: Desk, { terms, tickets, tally }: Queued): Promise<void> {
  const redactor = createRedactor(terms, '');
  const columns = wordColumns(desk.db, 'jobs').map(([name]) => name);
  for await (const ids of windowsOf(desk, 'jobs', undefined)) {
    const rows = await rowsById(desk.db, 'jobs', ids);
    const found = rows.filter((row) => {
      if (isAbout(row, columns, redactor)) return row['stoppedAt'] !== null;
      const payload = row['payload'] as Record<string, unknown>;
      return tickets.has(Number(payload['ticketId'])) && strings(payload).some((text) => /\s/.test(text));
    });
    await remove(desk, 'jobs', found, tally);
  }
}

/** Events of these threads say their place by its time, which no other message shares. */
export async function threadsOf(desk: Desk, tickets: Set<number>): Promise<Set<string>> {
  const { slackThreads } = desk.db.tables;
  const found = new Set<string>();
  for await (const ids of windowsOf(desk, 'slackThreads', undefined)) {
    const rows = await desk.db
      .select({ ts: slackThreads.ts, ticketId: slackThreads.ticketId })
      .from(slackThreads)
      .where(inArray(slackThreads.id, ids));
    for (const { ts, ticketId } of rows) if (tickets.has(ticketId)) found.add(ts);
  }
  return found;
}

export function isAbout(row: AnyRow, columns: string[], redactor: Redactor): boolean {
  return columns.some((name) => strings(row[name]).some((text) => redactor.isIn(text)));
}

export function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...strings(one)]);
}

async function remove(desk: Desk, name: 'inbox' | 'jobs', rows: AnyRow[], tally: Tally): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  await change(desk, `erase ${name}`, async (tx) => {
    const { inbox, jobs } = tx.tables;
    const removed =
      name === 'inbox'
        ? await tx
            .delete(inbox)
            .where(and(inArray(inbox.id, ids), isNotNull(inbox.doneAt)))
            .returning({ id: inbox.id })
        : await tx
            .delete(jobs)
            .where(and(inArray(jobs.id, ids), or(isNull(jobs.claimedUntil), lt(jobs.claimedUntil, desk.clock.now()))))
            .returning({ id: jobs.id });
    count(tally, name, removed.length);
  });
}
