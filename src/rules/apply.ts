import { and, asc, desc, eq, lte } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Reason, Row } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import { documentText } from '#text/document.ts';
import { type Actor, change, type Desk } from '#tickets/desk.ts';
import type { RecordedEvent } from '#tickets/events.ts';
import { act } from './actions.ts';
import { matches, mayMatch } from './match.ts';
import { EVENTS, type Facts, readTrigger, type Trigger } from './rule.ts';

/** Rules may set each other off this often; then the chain ends, and the log says so. */
const MAX_RULE_DEPTH = 5;
const RECENTLY = 10 * MINUTE;
const MAX_RULES = 500;
const MAX_ID = 2 ** 31 - 1;

type TicketEvent = RecordedEvent & { ticketId: number };

/**
 * The reaction that runs triggers, in the transaction of the event: a released reply and its frozen delivery are one commit.
 * Each rule that acts has a savepoint of its own, fires once an event, and can't take the event down with it.
 */
export async function applyTriggers(desk: Desk, tx: Writer, event: RecordedEvent): Promise<void> {
  if (event.ticketId === null || !(EVENTS as readonly string[]).includes(event.type)) return;
  if (event.depth >= MAX_RULE_DEPTH) {
    desk.log.warn({ event: event.id, ticket: event.ticketId }, 'Rules set each other off too often; the chain was ended.');
    return;
  }
  const ticketEvent = event as TicketEvent;
  const known = knownFacts(ticketEvent);
  let facts: Facts | undefined;
  for (const row of await enabledRules(tx)) {
    if (!row.on.includes(event.type) || isOwn(event.actor, row.id)) continue;
    try {
      const rule = readTrigger(row);
      if (!mayMatch(rule.conditions, known)) continue;
      facts ??= await factsOf(desk, tx, ticketEvent, known);
      if (!matches(rule.conditions, facts)) continue;
      // It may change the ticket: the next one looks for itself.
      facts = undefined;
      await fire(desk, ticketEvent, row, rule);
    } catch (error) {
      await tellFailure(desk, ticketEvent, row, error);
    }
  }
}

function isOwn(actor: Actor, ruleId: number): boolean {
  return actor.kind === 'rule' && actor.id === ruleId;
}

/** A verb often records several events: the rules are read once in its transaction. */
const rulesIn = new WeakMap<Writer, Promise<Row<'rules'>[]>>();

function enabledRules(tx: Writer): Promise<Row<'rules'>[]> {
  const known = rulesIn.get(tx) ?? tx.ask(ENABLED_RULES, {});
  rulesIn.set(tx, known);
  return known;
}

const ENABLED_RULES = keep<Record<string, never>, Row<'rules'>[]>((reader) => {
  const { rules } = reader.tables;
  return reader
    .select()
    .from(rules)
    .where(and(eq(rules.isEnabled, true), eq(rules.kind, 'trigger')))
    .orderBy(asc(rules.position), asc(rules.id))
    .limit(MAX_RULES);
});

function fire(desk: Desk, event: TicketEvent, row: Row<'rules'>, rule: Trigger): Promise<void> {
  const by: Actor = { kind: 'rule', id: row.id, causeId: event.id, depth: event.depth + 1 };
  return change(desk, `rule ${row.id}`, async (tx, desk) => {
    const outcome: Reason[] = [];
    for (const action of rule.actions) outcome.push(await act(desk, tx, action, { rule: row, event, by }));
    await writeFiring(desk, tx, event, row, outcome);
  });
}

async function tellFailure(desk: Desk, event: TicketEvent, row: Row<'rules'>, error: unknown): Promise<void> {
  const about = { rule: row.id, event: event.id, ticket: event.ticketId, error };
  desk.log.error(about, 'A rule failed; what it was about went on without it.');
  await change(desk, `rule ${row.id} failed`, (tx, desk) => writeFiring(desk, tx, event, row, [{ key: 'firing.failed' }]));
}

async function writeFiring(desk: Desk, tx: Writer, event: TicketEvent, row: Row<'rules'>, outcome: Reason[]): Promise<void> {
  const at = desk.clock.now();
  await tx.addOnce('firings', { ruleId: row.id, ruleVersion: row.version, eventId: event.id, ticketId: event.ticketId, outcome, at });
}

/** What the event itself says. */
function knownFacts(event: TicketEvent): Partial<Facts> & Pick<Facts, 'answerable' | 'followUp'> {
  const isOpening = event.type === 'ticket.opened';
  const isFollowUp = isOpening && (event.data.why ?? []).some((why) => why.key === 'opened.follow_up');
  const opening = { answerable: yesNo(isOpening && event.data.isAnswerable), followUp: yesNo(isFollowUp) };
  if (event.type !== 'comment.added') return opening;
  const { visibility, direction, isAutomatic } = event.data;
  return { ...opening, visibility, direction, automatic: yesNo(isAutomatic) };
}

type Told = Pick<Row<'tickets'>, 'subject' | 'channel' | 'status' | 'language' | 'lastReplyAt'> & {
  [Name in 'visibility' | 'direction' | 'isAutomatic' | 'document']: Row<'comments'>[Name] | null;
};

/** A ticket with its newest comment up to `commentId`. */
const TOLD = keep<{ ticketId: number; commentId: number }, Told[]>((reader, { ticketId, commentId }) => {
  const { tickets, comments } = reader.tables;
  const { subject, channel, status, language, lastReplyAt } = tickets;
  const { visibility, direction, isAutomatic, document } = comments;
  return reader
    .select({ subject, channel, status, language, lastReplyAt, visibility, direction, isAutomatic, document })
    .from(tickets)
    .leftJoin(comments, and(eq(comments.ticketId, tickets.id), lte(comments.id, commentId)))
    .where(eq(tickets.id, ticketId))
    .orderBy(desc(comments.id))
    .limit(1);
});

/** Gathers what rules may ask about, for a matcher that asks nothing itself. */
async function factsOf(desk: Desk, tx: Writer, event: TicketEvent, known: ReturnType<typeof knownFacts>): Promise<Facts> {
  const commentId = event.type === 'comment.added' ? event.data.commentId : MAX_ID;
  const [row] = await tx.ask(TOLD, { ticketId: event.ticketId, commentId });
  if (!row) throw new Failure('ticket.gone');
  const repliedRecently = row.lastReplyAt !== null && row.lastReplyAt > later(desk.clock.now(), -RECENTLY);
  return {
    words: `${row.subject} ${row.document ? documentText(row.document) : ''}`,
    channel: row.channel,
    status: row.status,
    language: row.language,
    visibility: row.visibility ?? 'internal',
    direction: row.direction ?? 'in',
    automatic: yesNo(row.isAutomatic ?? false),
    repliedRecently: yesNo(repliedRecently),
    ...known,
  };
}

function yesNo(is: boolean): 'yes' | 'no' {
  return is ? 'yes' : 'no';
}
