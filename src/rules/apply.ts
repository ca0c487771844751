import { and, asc, eq } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import type { Reason, Row } from '#db/schema.ts';
import { documentText } from '#text/document.ts';
import { type Actor, change, type Desk } from '#tickets/desk.ts';
import type { RecordedEvent } from '#tickets/events.ts';
import { commentById, commentsOf, mustFind } from '#tickets/find.ts';
import { act } from './actions.ts';
import { matches } from './match.ts';
import { EVENTS, type Facts, readTrigger, type Trigger } from './rule.ts';

/** Rules may set each other off this often; then the chain ends, and the log says so. */
const MAX_RULE_DEPTH = 5;
const RECENTLY = 10 * MINUTE;
const MAX_RULES = 500;

type TicketEvent = RecordedEvent & { ticketId: number };

/**
 * The reaction that runs triggers, in the transaction of the event: a released reply and its frozen delivery are one commit.
 * Each rule has a savepoint of its own, fires once an event, and can't take the event down with it.
 */
export async function applyTriggers(desk: Desk, tx: Writer, event: RecordedEvent): Promise<void> {
  if (event.ticketId === null || !(EVENTS as readonly string[]).includes(event.type)) return;
  if (event.depth >= MAX_RULE_DEPTH) {
    desk.log.warn({ event: event.id, ticket: event.ticketId }, 'Rules set each other off too often; the chain was ended.');
    return;
  }
  const rules = await enabledRules(tx);
  if (rules.length === 0) return;
  const ticketEvent = event as TicketEvent;
  for (const row of rules) {
    if (!row.on.includes(event.type) || isOwn(event.actor, row.id)) continue;
    await fireOne(desk, ticketEvent, row);
  }
}

function isOwn(actor: Actor, ruleId: number): boolean {
  return actor.kind === 'rule' && actor.id === ruleId;
}

async function enabledRules(tx: Writer): Promise<Row<'rules'>[]> {
  const { rules } = tx.tables;
  return tx
    .select()
    .from(rules)
    .where(and(eq(rules.isEnabled, true), eq(rules.kind, 'trigger')))
    .orderBy(asc(rules.position), asc(rules.id))
    .limit(MAX_RULES);
}

async function fireOne(desk: Desk, event: TicketEvent, row: Row<'rules'>): Promise<void> {
  const by: Actor = { kind: 'rule', id: row.id, causeId: event.id, depth: event.depth + 1 };
  try {
    await change(desk, `rule ${row.id}`, async (tx, desk) => {
      const rule: Trigger = readTrigger(row);
      // Earlier rules may have changed the ticket: each looks for itself.
      if (!matches(rule.conditions, await factsOf(desk, tx, event))) return;
      const outcome: Reason[] = [];
      for (const action of rule.actions) outcome.push(await act(desk, tx, action, { rule: row, event, by }));
      await writeFiring(desk, tx, event, row, outcome);
    });
  } catch (error) {
    desk.log.error(
      { rule: row.id, event: event.id, ticket: event.ticketId, error },
      'A rule failed; what it was about went on without it.',
    );
    await change(desk, `rule ${row.id} failed`, (tx, desk) => writeFiring(desk, tx, event, row, [{ key: 'firing.failed' }]));
  }
}

async function writeFiring(desk: Desk, tx: Writer, event: TicketEvent, row: Row<'rules'>, outcome: Reason[]): Promise<void> {
  await tx
    .insert(tx.tables.firings)
    .values({ ruleId: row.id, ruleVersion: row.version, eventId: event.id, ticketId: event.ticketId, outcome, at: desk.clock.now() })
    .onConflictDoNothing();
}

/** Gathers what rules may ask about, for a matcher that asks nothing itself. */
async function factsOf(desk: Desk, tx: Writer, event: TicketEvent): Promise<Facts> {
  const ticket = await mustFind(tx, event.ticketId);
  const comment = event.type === 'comment.added' ? await commentById(tx, event.data.commentId) : (await commentsOf(tx, ticket.id, 1))[0];
  const isFollowUp = event.type === 'ticket.opened' && (event.data.why ?? []).some((why) => why.key === 'opened.follow_up');
  const repliedRecently = ticket.lastReplyAt !== null && ticket.lastReplyAt > later(desk.clock.now(), -RECENTLY);
  return {
    words: `${ticket.subject} ${comment ? documentText(comment.document) : ''}`,
    channel: ticket.channel,
    status: ticket.status,
    language: ticket.language,
    visibility: comment?.visibility ?? 'internal',
    direction: comment?.direction ?? 'in',
    answerable: event.type === 'ticket.opened' && event.data.isAnswerable ? 'yes' : 'no',
    automatic: comment?.isAutomatic ? 'yes' : 'no',
    followUp: isFollowUp ? 'yes' : 'no',
    repliedRecently: repliedRecently ? 'yes' : 'no',
  };
}
