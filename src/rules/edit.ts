import { desc, eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { audit, mustBeAdmin } from '#tickets/roles.ts';
import { type Trigger, trigger } from './rule.ts';

export interface RuleEdit {
  ruleId: number;
  /** The version the admin saw: an edit over somebody else's is refused. */
  version: number;
  rule: Trigger;
  byId: number;
}

/** Saves a rule; the version before it is kept, and the audit log says who. */
export function saveRule(desk: Desk, edit: RuleEdit): Promise<Row<'rules'>> {
  return change(desk, 'save rule', async (tx, desk) => {
    await mustBeAdmin(tx, edit.byId);
    const { rules, ruleVersions } = tx.tables;
    const row = await ruleById(tx, edit.ruleId);
    if (!row) throw new Failure('rule.gone');
    if (row.version !== edit.version) throw new Failure('rule.changed_meanwhile');
    const next = trigger.parse(edit.rule);
    const now = desk.clock.now();
    const content = { name: row.name, isEnabled: row.isEnabled, on: row.on, conditions: row.conditions, actions: row.actions };
    await tx.insert(ruleVersions).values({ ruleId: row.id, version: row.version, content, byId: edit.byId, at: now });
    const [saved] = await tx
      .update(rules)
      .set({ ...next, version: row.version + 1, updatedAt: now })
      .where(eq(rules.id, row.id))
      .returning();
    await audit(desk, tx, edit.byId, 'rule.saved', `rule:${row.id}`, { from: content, to: next });
    if (!saved) throw new Failure('rule.gone');
    return saved;
  });
}

export async function ruleById(reader: Reader, id: number): Promise<Row<'rules'> | undefined> {
  const [row] = await reader.select().from(reader.tables.rules).where(eq(reader.tables.rules.id, id)).limit(1);
  return row;
}

export async function allRules(reader: Reader): Promise<Row<'rules'>[]> {
  return reader.select().from(reader.tables.rules).orderBy(reader.tables.rules.position, reader.tables.rules.id).limit(500);
}

export interface Firing {
  at: Date;
  outcome: Row<'firings'>['outcome'];
  number: number | null;
  subject: string | null;
}

export async function lastFirings(reader: Reader, ruleId: number, limit: number): Promise<Firing[]> {
  const { firings, tickets } = reader.tables;
  return reader
    .select({ at: firings.at, outcome: firings.outcome, number: tickets.number, subject: tickets.subject })
    .from(firings)
    .leftJoin(tickets, eq(tickets.id, firings.ticketId))
    .where(eq(firings.ruleId, ruleId))
    .orderBy(desc(firings.id))
    .limit(limit);
}
