import { and, eq, gt, inArray, lte, max, type SQL } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { change, type Desk } from './desk.ts';
import { type AnyRow, mentions, redactedRow, tableOf, type TableName, wordColumns } from './erase-tables.ts';
import { count, inBatches, type Tally } from './erase-tally.ts';
import { createRedactor, needlesOf, type Term } from './erase-terms.ts';

/** One statement looks at so many ids: a search through everything holds nobody up. */
const WINDOW = 5_000;

export interface Sweep {
  terms: Term[];
  mark: string;
  tally: Tally;
}

/** Replaces the terms wherever they stand in a table. Returns the ids of the rows that changed. */
export async function sweepTable(desk: Desk, name: TableName, sweep: Sweep): Promise<number[]> {
  const changed: number[] = [];
  for await (const ids of idsMentioning(desk, name, sweep.terms)) changed.push(...(await redactRows(desk, name, ids, sweep)));
  return changed;
}

/** The same in the rows of these tickets only, for words that are other people's too. */
export async function sweepTickets(desk: Desk, name: TableName, ticketIds: number[], sweep: Sweep): Promise<number[]> {
  const table = tableOf(desk.db, name);
  const place = name === 'tickets' ? table.id : table.ticketId;
  if (!place || sweep.terms.length === 0) return [];
  const condition = mentions(wordColumns(desk.db, name), sweep.terms.flatMap(needlesOf));
  const changed: number[] = [];
  for (const batch of inBatches(ticketIds)) {
    const rows = await desk.db.aside
      .select({ id: table.id })
      .from(table)
      .where(and(inArray(place, batch), condition));
    for (const ids of inBatches(rows.map((row) => row.id))) changed.push(...(await redactRows(desk, name, ids, sweep)));
  }
  return changed;
}

/** Ids of the rows that may mention one of these, a window of the table at a time. */
export async function* idsMentioning(desk: Desk, name: TableName, terms: Term[]): AsyncGenerator<number[]> {
  const columns = wordColumns(desk.db, name);
  if (terms.length === 0 || columns.length === 0) return;
  yield* windowsOf(desk, name, mentions(columns, terms.flatMap(needlesOf)));
}

/** The ids of a table's rows that fulfil a condition, without keeping the process from its work. */
export async function* windowsOf(desk: Desk, name: TableName, condition: SQL | undefined): AsyncGenerator<number[]> {
  const { aside } = desk.db;
  const table = tableOf(aside, name);
  const [last] = await aside.select({ id: max(table.id) }).from(table);
  for (let start = 0; start < (last?.id ?? 0); start += WINDOW) {
    const rows = await aside
      .select({ id: table.id })
      .from(table)
      .where(and(gt(table.id, start), lte(table.id, start + WINDOW), condition));
    for (const ids of inBatches(rows.map((row) => row.id))) yield ids;
  }
}

function redactRows(desk: Desk, name: TableName, ids: number[], sweep: Sweep): Promise<number[]> {
  const redactor = createRedactor(sweep.terms, sweep.mark);
  return change(desk, `erase ${name}`, async (tx) => {
    const table = tableOf(tx, name);
    const columns = wordColumns(tx, name);
    const changed: number[] = [];
    // Read again under the lock: a job may have been taken, a message edited meanwhile.
    for (const row of await rowsById(tx, name, ids)) {
      const values = redactedRow(row, columns, redactor);
      if (!values) continue;
      await tx.update(table).set(values).where(eq(table.id, row.id));
      changed.push(row.id);
    }
    count(sweep.tally, name, changed.length);
    return changed;
  });
}

export async function rowsById(reader: Reader | Writer, name: TableName, ids: number[]): Promise<AnyRow[]> {
  const table = tableOf(reader, name);
  return (await reader.select().from(table).where(inArray(table.id, ids))) as unknown as AnyRow[];
}
