import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Tables } from '#db/schema.ts';
import type { Needle, Redactor } from './erase-terms.ts';

export type TableName = keyof Tables;
type Treatment = 'swept' | 'pointed' | 'own' | 'nothing';

/**
 * What an erasure does to each table. A new one does not compile until somebody has decided:
 * `swept` – rows by numeric id, searched for the person's names and addresses ·
 * `pointed` – what admins wrote; never changed, only named in the report · `own` – erased by a step of its own ·
 * `nothing` – holds no words of people.
 */
export const TREATMENTS: Record<TableName, Treatment> = {
  settings: 'pointed',
  counters: 'nothing',
  leases: 'nothing',
  organizations: 'pointed',
  organizationDomains: 'pointed',
  people: 'swept',
  identities: 'own',
  groups: 'pointed',
  groupMembers: 'own',
  mailboxes: 'pointed',
  addresses: 'pointed',
  tickets: 'swept',
  ticketPeople: 'own',
  ticketLinks: 'nothing',
  files: 'swept',
  comments: 'swept',
  commentFiles: 'swept',
  mails: 'swept',
  messageIds: 'swept',
  notices: 'swept',
  sideConversations: 'swept',
  sideMessages: 'swept',
  deliveries: 'swept',
  deliveryRecipients: 'swept',
  automaticMails: 'own',
  holds: 'swept',
  threadMessages: 'swept',
  slackThreads: 'nothing',
  slackPosts: 'swept',
  slackUsers: 'own',
  inbox: 'swept',
  events: 'swept',
  jobs: 'swept',
  rules: 'pointed',
  ruleVersions: 'pointed',
  firings: 'swept',
  audit: 'swept',
};

export function tablesTreated(treatment: Treatment): TableName[] {
  return (Object.keys(TREATMENTS) as TableName[]).filter((name) => TREATMENTS[name] === treatment);
}

/** Any table of ours as one with a numeric id; what its rows hold is looked at by column. */
export type AnyTable = Tables['events'];
export type AnyRow = Record<string, unknown> & { id: number };

export function tableOf(reader: Reader, name: TableName): AnyTable {
  return reader.tables[name] as unknown as AnyTable;
}

const WORD_TYPES = new Set(['text', 'jsonb']);

/** The columns that can hold words. Recipients are frozen by the database and erased by their own step. */
export function wordColumns(reader: Reader, name: TableName): [string, SQL][] {
  return Object.entries(getTableColumns(tableOf(reader, name)))
    .filter(([key, column]) => WORD_TYPES.has(column.getSQLType()) && !(name === 'deliveryRecipients' && key === 'address'))
    .map(([key, column]) => [key, sql`${column}`]);
}

/** True for every row that may mention one of these; the redactor decides. */
export function mentions(columns: [string, SQL][], needles: Needle[]): SQL {
  const looks = columns.flatMap(([, column]) => {
    const text = sql`lower(cast(${column} as text))`;
    const digits = [' ', '-', '(', ')', '.', '/', '\u00a0'].reduce((inner, letter) => sql`replace(${inner}, ${letter}, '')`, text);
    return needles.map(({ pattern, isDigits }) => sql`${isDigits ? digits : text} like ${pattern} escape '!'`);
  });
  return looks.length > 0 ? sql`(${sql.join(looks, sql` or `)})` : sql`1 = 0`;
}

/** What must be written so that the row no longer mentions anybody; null when nothing must. */
export function redactedRow(row: AnyRow, columns: [string, SQL][], redactor: Redactor): Record<string, unknown> | null {
  const changes = columns.flatMap(([name]): [string, unknown][] => {
    const value = row[name];
    if (value === null || value === undefined) return [];
    const clean = typeof value === 'string' ? redactor.text(value) : redactor.json(value);
    return JSON.stringify(clean) === JSON.stringify(value) ? [] : [[name, clean]];
  });
  return changes.length > 0 ? Object.fromEntries(changes) : null;
}
