import { inArray } from 'drizzle-orm';
import { indexTicket } from './comment.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { eraseQuotingBytes } from './erase-bytes.ts';
import { removeBytes } from './erase-files.ts';
import { eraseLooseMails, eraseTold, forgetPerson } from './erase-person.ts';
import { eraseInbox, eraseJobs } from './erase-queues.ts';
import { eraseFromTicket } from './erase-shared.ts';
import { findSubject, fullNames, mustBeErasable, type Subject, type Terms, termsOf } from './erase-subject.ts';
import { type Sweep, sweepTable, sweepTickets } from './erase-sweep.ts';
import { type AnyRow, mentions, redactedRow, tableOf, type TableName, tablesTreated, wordColumns } from './erase-tables.ts';
import { erasedWords, eraseTicket } from './erase-ticket.ts';
import { humanMessages, ownTickets, sharedTickets, type SlackPlace } from './erase-tickets.ts';
import { inBatches, type Tally } from './erase-tally.ts';
import { createRedactor, needlesOf } from './erase-terms.ts';
import { ticketName } from './find.ts';
import { removeUnusedFiles } from './purge-files.ts';

export interface ErasureReport {
  /** Null when nobody was ever made of them: only traces went. */
  personId: number | null;
  /** Tickets that were emptied, and other people's the person had a part in. */
  tickets: string[];
  sharedTickets: string[];
  /** Rows changed or removed, by table. */
  rows: Record<string, number>;
  /** Files whose last name went, and their bytes with it. */
  filesRemoved: number;
  /** What people wrote in Slack: only they, or a workspace owner, can delete it there. */
  slackMessages: SlackPlace[];
  /** What admins wrote that still names the person, e.g. `rules 12`. */
  stillNamedIn: string[];
}

/** They may go on writing while they are being forgotten: each round takes what came in during the one before. */
const MAX_ROUNDS = 5;

/**
 * Forgets a person, in every table and every byte; tickets stay as numbers. Safe to run again after it was interrupted:
 * the identities go last. Throws Failure for an unknown address, an agent, and an address of our own.
 */
export async function erasePerson(desk: Desk, address: string, by: Actor): Promise<ErasureReport> {
  const done: Done = { own: new Set(), shared: new Set(), slackMessages: new Map(), tally: new Map(), filesRemoved: 0 };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const subject = await findSubject(desk, desk.db.aside, address);
    await mustBeErasable(desk.db.aside, subject);
    const terms = termsOf(subject);
    const touched = await eraseRound(desk, subject, terms, done);
    const stillNamedIn = await whereStillNamed(desk, terms);
    if (!(await forgetPerson(desk, { subject, by, tally: done.tally, tickets: [...done.own], touched }))) continue;
    await removeUnusedFiles(desk, done.tally);
    done.filesRemoved += await removeBytes(desk);
    return { personId: subject.person?.id ?? null, ...(await reportOf(desk, done)), stillNamedIn };
  }
  throw new Error(`Somebody wrote faster than ${MAX_ROUNDS} rounds could erase.`);
}

/** What all rounds did together. */
interface Done {
  own: Set<number>;
  shared: Set<number>;
  slackMessages: Map<string, SlackPlace>;
  tally: Tally;
  filesRemoved: number;
}

async function eraseRound(desk: Desk, subject: Subject, terms: Terms, done: Done): Promise<number[]> {
  const own = await ownTickets(desk.db.aside, subject);
  const shared = await sharedTickets(desk.db.aside, subject, own);
  for (const place of await humanMessages(desk.db.aside, subject, own)) done.slackMessages.set(`${place.channel}:${place.ts}`, place);
  for (const id of own) done.own.add(id);
  for (const id of shared) done.shared.add(id);
  const touched = await eraseWords({ desk, subject, terms, own, shared, tally: done.tally });
  // Before the last step, so that an interruption leaves somebody to ask for again.
  done.filesRemoved += await removeBytes(desk);
  return touched;
}

async function reportOf(desk: Desk, done: Done): Promise<Omit<ErasureReport, 'personId' | 'stillNamedIn'>> {
  return {
    tickets: await namesOf(desk, [...done.own]),
    sharedTickets: await namesOf(desk, [...done.shared]),
    rows: Object.fromEntries(done.tally),
    filesRemoved: done.filesRemoved,
    slackMessages: [...done.slackMessages.values()],
  };
}

interface Erasure {
  desk: Desk;
  subject: Subject;
  terms: Terms;
  own: number[];
  shared: number[];
  tally: Tally;
}

/** Returns the other people's tickets that show less than before. */
async function eraseWords(erasure: Erasure): Promise<number[]> {
  const { desk, subject, terms, own, shared, tally } = erasure;
  for (const id of own) await change(desk, 'erase ticket', (tx, desk) => eraseTicket(desk, tx, id, tally));
  for (const id of shared) await change(desk, 'erase from ticket', (tx, desk) => eraseFromTicket(desk, tx, id, { subject, tally }));
  await eraseLooseMails(desk, subject, tally);
  await eraseTold(desk, subject);
  const queued = { terms: [...terms.exact, ...terms.names], tickets: new Set(own), tally };
  await eraseInbox(desk, queued);
  await eraseJobs(desk, queued);
  const touched = await sweep(erasure);
  await eraseQuotingBytes(desk, terms.exact, tally);
  return touched;
}

/** These say of no ticket whom they are about, so full names are looked for in all of them. */
const WITHOUT_TICKET: readonly TableName[] = ['inbox', 'jobs', 'audit'];

async function sweep({ desk, terms, own, shared, tally }: Erasure): Promise<number[]> {
  const mark = erasedWords(desk);
  const touched = new Set(shared);
  for (const name of tablesTreated('swept')) {
    const words = WITHOUT_TICKET.includes(name) ? [...terms.exact, ...fullNames(terms)] : terms.exact;
    const everywhere: Sweep = { terms: words, mark, tally };
    const changed = [
      ...(await sweepTable(desk, name, everywhere)),
      ...(await sweepTickets(desk, name, [...own, ...shared], { ...everywhere, terms: terms.names })),
      ...(await sweepTickets(desk, name, own, { ...everywhere, terms: terms.nameParts })),
    ];
    for (const id of await shownTickets(desk, name, changed)) touched.add(id);
  }
  const others = [...touched.difference(new Set(own))];
  await indexAnew(desk, others);
  return others;
}

/** The tickets whose search row or Slack posts show what was in these rows. */
async function shownTickets(desk: Desk, name: TableName, ids: number[]): Promise<number[]> {
  if (name === 'tickets') return ids;
  if (name !== 'comments' && name !== 'holds' && name !== 'sideMessages') return [];
  const table = desk.db.tables[name] as typeof desk.db.tables.comments;
  const found: number[] = [];
  for (const batch of inBatches(ids)) {
    const rows = await desk.db.aside.selectDistinct({ id: table.ticketId }).from(table).where(inArray(table.id, batch));
    found.push(...rows.map((row) => row.id));
  }
  return found;
}

async function indexAnew(desk: Desk, ticketIds: number[]): Promise<void> {
  for (const batch of inBatches(ticketIds)) {
    await change(desk, 'index anew', async (tx) => {
      for (const id of batch) await indexTicket(tx, id);
    });
  }
}

const MAX_POINTED = 100;

/** Rules and settings are an admin's to change: a rule without its condition would do something else. */
async function whereStillNamed(desk: Desk, terms: Terms): Promise<string[]> {
  const words = [...terms.exact, ...fullNames(terms)];
  const redactor = createRedactor(words, '');
  const found: string[] = [];
  for (const name of tablesTreated('pointed')) {
    const columns = wordColumns(desk.db, name);
    const rows = await desk.db.aside
      .select()
      .from(tableOf(desk.db, name))
      .where(mentions(columns, words.flatMap(needlesOf)))
      .limit(MAX_POINTED);
    const naming = (rows as unknown as AnyRow[]).filter((row) => redactedRow(row, columns, redactor));
    found.push(...naming.map((row) => `${name} ${String(row['id'] ?? row['ruleId'] ?? row['key'])}`));
  }
  return [...new Set(found)];
}

async function namesOf(desk: Desk, ids: number[]): Promise<string[]> {
  const { tickets } = desk.db.tables;
  const names: string[] = [];
  for (const batch of inBatches(ids)) {
    const rows = await desk.db.aside.select({ number: tickets.number }).from(tickets).where(inArray(tickets.id, batch)).orderBy(tickets.id);
    names.push(...rows.map((row) => ticketName(desk.settings, row)));
  }
  return names;
}
