import { and, count, desc, eq, gt, sql } from 'drizzle-orm';
import { DAY, later } from '#clock.ts';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { allRules } from '#rules/edit.ts';
import { trigger } from '#rules/rule.ts';
import type { Desk } from '#tickets/desk.ts';
import { allGroups } from '#tickets/find.ts';
import { team } from '#tickets/roles.ts';
import type { PeopleFacts } from './admin-people.ts';
import type { QuarantineFacts } from './admin-quarantine.ts';
import { MAX_COUNTED, type RuleLine, type RulesFacts } from './admin-rules.ts';
import { PAGE_SIZE, pageWithin } from './parts.ts';
import { sendsReplies } from './rule-words.ts';

const FIRING_DAYS = 7;
const SHOWN_IN_QUARANTINE = 5;

export async function rulesFacts(desk: Desk, wanted: number | undefined): Promise<RulesFacts> {
  const rows = await allRules(desk.db);
  const page = pageWithin(wanted, rows.length);
  const shown = rows.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  const since = later(desk.clock.now(), -FIRING_DAYS * DAY);
  const items: RuleLine[] = [];
  for (const row of shown) items.push(ruleLine(row, await firingsSince(desk.db, row.id, since)));
  return { tab: 'rules', rules: { items, page, total: rows.length }, groups: await groupNames(desk.db) };
}

function ruleLine(row: Row<'rules'>, firings: number): RuleLine {
  const { id, version, builtin, name, isEnabled } = row;
  return { id, version, builtin, name, isEnabled, rule: trigger.safeParse(row).data ?? null, firings };
}

/** Looks at the newest only: a busy rule must not cost more the older it gets. */
async function firingsSince(reader: Reader, ruleId: number, since: Date): Promise<number> {
  const { firings } = reader.tables;
  const newest = reader
    .select({ at: firings.at })
    .from(firings)
    .where(eq(firings.ruleId, ruleId))
    .orderBy(desc(firings.id))
    .limit(MAX_COUNTED)
    .as('newest');
  const [row] = await reader.select({ fired: count() }).from(newest).where(gt(newest.at, since));
  return row?.fired ?? 0;
}

export async function groupNames(reader: Reader): Promise<ReadonlyMap<number, string>> {
  return new Map((await allGroups(reader)).map((group) => [group.id, group.name]));
}

export async function areRepliesSent(reader: Reader): Promise<boolean> {
  const rows = await allRules(reader);
  return rows.some((row) => {
    const rule = trigger.safeParse(row).data;
    return rule?.isEnabled === true && sendsReplies(rule);
  });
}

export async function peopleFacts(desk: Desk, wanted: number | undefined): Promise<PeopleFacts> {
  const people = await team(desk.db);
  const page = pageWithin(wanted, people.length);
  const shown = people.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  const items = shown.map(({ id, name, slackId, role }) => ({ id, name, slackId, role }));
  return { tab: 'people', people: { items, page, total: people.length }, stamp: desk.clock.now().getTime().toString(36) };
}

/** On which page of People somebody stands. */
export async function pageOfPerson(reader: Reader, personId: number): Promise<number> {
  const place = (await team(reader)).findIndex((person) => person.id === personId);
  return Math.max(0, Math.floor(place / PAGE_SIZE));
}

export async function quarantineFacts(reader: Reader): Promise<QuarantineFacts> {
  const { mails } = reader.tables;
  // The first half is what the partial index was made for; SQLite does not see that the second implies it.
  const isHeld = and(sql`${mails.state} <> 'processed'`, eq(mails.state, 'quarantined'));
  const [row] = await reader.select({ held: count() }).from(mails).where(isHeld);
  const newest = await reader
    .select({ id: mails.id, from: mails.fromAddress, reasons: mails.reasons, at: mails.receivedAt })
    .from(mails)
    .where(isHeld)
    .orderBy(desc(mails.id))
    .limit(SHOWN_IN_QUARANTINE);
  return { count: row?.held ?? 0, newest };
}
