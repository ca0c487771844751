import { desc, eq } from 'drizzle-orm';
import type { Reason, Row } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import { recipientsOf } from '#tickets/deliveries.ts';
import { type Happened, historyOf } from '#tickets/history.ts';
import { postAt } from './posts.ts';
import { holdById } from './replies/hold.ts';
import { knownMessage, messageKey } from './replies/message.ts';
import type { Slack } from './slack.ts';
import { threadAt } from './threads.ts';

export type WhyAbout = 'note' | 'reply' | 'command' | 'ignored' | 'requester' | 'mail' | 'ticket';

/** Everything that was decided about one thing in Slack, and on what grounds. */
export interface WhyFacts {
  about: WhyAbout;
  ticketId: number;
  reasons: Reason[];
  /** What the mail itself showed, in the words of the mail standards. */
  signs: string[];
  recipients: { name: string; state: Row<'deliveryRecipients'>['state']; response: string | null }[];
  history: Happened[];
  /** What rules did, on a ticket. */
  firings: { rule: Pick<Row<'rules'>, 'name' | 'builtin'>; outcome: Reason[]; at: Date }[];
}

const MAX_LOOK_BACK = 500;
const MAX_HISTORY = 30;

/** Null for what is none of ours. */
export async function whyOf(desk: Desk, slack: Slack, message: { channel: string; ts: string }): Promise<WhyFacts | null> {
  const known = await knownMessage(desk.db, messageKey(slack, message.channel, message.ts));
  if (known) return ofMessage(desk, known);
  const post = await postAt(desk.db, message.channel, message.ts);
  const [kind, id] = (post?.key ?? '').split(':');
  if (kind === 'comment') return ofComment(desk, Number(id));
  if (kind === 'line') return ofLine(desk, Number(id));
  const thread = await threadAt(desk.db, message.channel, message.ts);
  return thread && (thread.kind === 'card' || thread.kind === 'alias') ? ofTicket(desk, thread.ticketId) : null;
}

async function ofMessage(desk: Desk, known: Row<'threadMessages'>): Promise<WhyFacts> {
  const { kind, ticketId, reasons, holdId, commentId } = known;
  const facts = { about: kind, ticketId, reasons, signs: [], firings: [] };
  const hold = holdId === null ? undefined : await holdById(desk.db, holdId);
  return { ...facts, ...(await whatBecame(desk, ticketId, { holdId, commentId: hold?.commentId ?? commentId })) };
}

async function ofLine(desk: Desk, holdId: number): Promise<WhyFacts | null> {
  const hold = await holdById(desk.db, holdId);
  if (!hold) return null;
  const { threadMessages } = desk.db.tables;
  const [said] = await desk.db.select().from(threadMessages).where(eq(threadMessages.holdId, holdId)).limit(1);
  const { ticketId, commentId } = hold;
  const facts = { about: 'reply' as const, ticketId, reasons: said?.reasons ?? hold.reasons, signs: [], firings: [] };
  return { ...facts, ...(await whatBecame(desk, ticketId, { holdId, commentId })) };
}

/** A customer's mail or words, or what a colleague noted elsewhere. */
async function ofComment(desk: Desk, commentId: number): Promise<WhyFacts | null> {
  const { comments, mails } = desk.db.tables;
  const [comment] = await desk.db.select().from(comments).where(eq(comments.id, commentId));
  if (!comment) return null;
  const [mail] = await desk.db
    .select({ reasons: mails.reasons, outcome: mails.outcome })
    .from(mails)
    .where(eq(mails.commentId, commentId))
    .limit(1);
  const about = mail ? 'mail' : comment.visibility === 'internal' ? 'note' : 'requester';
  return {
    about,
    ticketId: comment.ticketId,
    reasons: comment.reasons,
    firings: [],
    signs: mail ? [mail.outcome ?? '', ...mail.reasons].filter(Boolean) : [],
    ...(await whatBecame(desk, comment.ticketId, { holdId: null, commentId })),
  };
}

async function ofTicket(desk: Desk, ticketId: number): Promise<WhyFacts> {
  const history = await historyOf(desk.db, ticketId, MAX_LOOK_BACK);
  const told = history.filter(({ event }) => event.data['why'] !== undefined || event.actorKind !== 'person');
  return {
    about: 'ticket',
    ticketId,
    reasons: [],
    signs: [],
    recipients: [],
    history: told.slice(0, MAX_HISTORY),
    firings: await firingsOn(desk, ticketId),
  };
}

async function whatBecame(
  desk: Desk,
  ticketId: number,
  { holdId, commentId }: { holdId: number | null; commentId: number | null },
): Promise<Pick<WhyFacts, 'recipients' | 'history'>> {
  const { deliveries } = desk.db.tables;
  const sent =
    commentId === null
      ? []
      : await desk.db
          .select({ id: deliveries.id })
          .from(deliveries)
          .where(eq(deliveries.commentId, commentId))
          .orderBy(desc(deliveries.id));
  const ids = sent.map((delivery) => delivery.id);
  const recipients = ids[0] === undefined ? [] : await recipientsOf(desk.db, ids[0]);
  const isAbout = ({ event: { data } }: Happened) =>
    (holdId !== null && data['holdId'] === holdId) ||
    (commentId !== null && data['commentId'] === commentId) ||
    ids.includes(Number(data['deliveryId']));
  const history = (await historyOf(desk.db, ticketId, MAX_LOOK_BACK)).filter(isAbout).slice(0, MAX_HISTORY);
  return { history, recipients: recipients.map(({ name, address, state, response }) => ({ name: name || address, state, response })) };
}

async function firingsOn(desk: Desk, ticketId: number): Promise<WhyFacts['firings']> {
  const { firings, rules } = desk.db.tables;
  return desk.db
    .select({ rule: { name: rules.name, builtin: rules.builtin }, outcome: firings.outcome, at: firings.at })
    .from(firings)
    .innerJoin(rules, eq(rules.id, firings.ruleId))
    .where(eq(firings.ticketId, ticketId))
    .orderBy(desc(firings.id))
    .limit(MAX_HISTORY);
}
