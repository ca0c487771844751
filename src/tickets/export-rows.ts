import { getTableColumns, inArray, type SQL } from 'drizzle-orm';
import type { AnyColumn } from 'drizzle-orm';
import type { Desk } from './desk.ts';
import { isAbout, strings, threadsOf } from './erase-queues.ts';
import { type Subject, termsOf } from './erase-subject.ts';
import { rowsById, windowsOf } from './erase-sweep.ts';
import { type AnyRow, tableOf, type TableName, wordColumns } from './erase-tables.ts';
import { inBatches } from './erase-tally.ts';
import { createRedactor } from './erase-terms.ts';
import { tablesShared } from './export-tables.ts';

export type ExportedRows = Partial<Record<TableName, Record<string, unknown>[]>>;

/** What no other part of the export tells, by table. */
export async function exportRows(desk: Desk, subject: Subject, own: number[]): Promise<ExportedRows> {
  const people = subject.person ? [subject.person.id] : [];
  const rows: ExportedRows = {};
  for (const name of tablesShared('tickets')) {
    const ofTickets = await rowsWith(desk, name, 'ticketId', own);
    const pointing = [...(await rowsWith(desk, name, 'personId', people)), ...(await rowsWith(desk, name, 'authorId', people))];
    rows[name] = withoutDoubles([...ofTickets, ...pointing]);
  }
  for (const name of tablesShared('person')) rows[name] = await rowsWith(desk, name, 'personId', people);
  for (const name of tablesShared('address')) rows[name] = await rowsWith(desk, name, 'address', subject.addresses);
  rows.inbox = await inboxOf(desk, subject, own);
  rows.jobs = await workOf(desk, subject, own);
  return rows;
}

async function rowsWith(desk: Desk, name: TableName, key: string, values: (number | string)[]): Promise<Record<string, unknown>[]> {
  const { aside } = desk.db;
  const table = tableOf(aside, name);
  const column = (getTableColumns(table) as Record<string, AnyColumn>)[key];
  if (!column) return [];
  const found: Record<string, unknown>[] = [];
  for (const batch of inBatches(values)) {
    const condition: SQL = inArray(column, batch);
    found.push(...((await aside.select().from(table).where(condition)) as unknown as Record<string, unknown>[]));
  }
  return found;
}

function withoutDoubles(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

/** Their tickets' threads and their own messages; where colleagues name them among others, others are spoken of too. */
async function inboxOf(desk: Desk, subject: Subject, own: number[]): Promise<AnyRow[]> {
  const threads = await threadsOf(desk, new Set(own));
  const found: AnyRow[] = [];
  for await (const ids of windowsOf(desk, 'inbox', undefined)) {
    const rows = await rowsById(desk.db.aside, 'inbox', ids);
    found.push(
      ...rows.filter(({ payload }) => strings(payload).some((text) => threads.has(text)) || isWrittenBy(payload, subject.slackIds)),
    );
  }
  return found;
}

function isWrittenBy(payload: unknown, slackIds: string[]): boolean {
  if (payload === null || typeof payload !== 'object') return false;
  const { user } = payload as { user?: unknown };
  const id = typeof user === 'object' && user !== null ? (user as { id?: unknown }).id : user;
  if (typeof id === 'string' && slackIds.includes(id)) return true;
  return Object.values(payload).some((one) => isWrittenBy(one, slackIds));
}

async function workOf(desk: Desk, subject: Subject, own: number[]): Promise<AnyRow[]> {
  const tickets = new Set(own);
  const redactor = createRedactor(termsOf(subject).exact, '');
  const columns = wordColumns(desk.db, 'jobs').map(([name]) => name);
  const found: AnyRow[] = [];
  for await (const ids of windowsOf(desk, 'jobs', undefined)) {
    for (const row of await rowsById(desk.db.aside, 'jobs', ids)) {
      const { ticketId } = row['payload'] as { ticketId?: number };
      if (ticketId === undefined ? isAbout(row, columns, redactor) : tickets.has(ticketId)) found.push(row);
    }
  }
  return found;
}
