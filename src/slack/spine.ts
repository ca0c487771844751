import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import { type HoldState, LIVE_HOLDS } from '#db/words.ts';
import type { Wish } from '#jobs/queue.ts';
import { documentText } from '#text/document.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import type { CommentAdded, RecordedEvent } from '#tickets/events.ts';
import { commentById, filesOf, ticketById } from '#tickets/find.ts';
import { identitiesOf } from '#tickets/people.ts';
import { cardWish, openCardWish } from './jobs/card.ts';
import { commentWish } from './jobs/comment.ts';
import { homeWish } from './jobs/home.ts';
import { lineWish } from './jobs/line.ts';
import { mailboxWish } from './jobs/mailbox.ts';
import { quarantineWish } from './jobs/quarantine.ts';
import { sideLineWish, sideWish } from './jobs/side.ts';
import { pauseHolds } from './replies/hold.ts';

/** A card shows this much of the first comment; only a longer one, or one with files, is repeated in the thread. */
const CARD_EXCERPT = 280;

/** The reaction that keeps Slack true: what happened becomes jobs, in the event's transaction. */
export async function slackReaction(desk: Desk, tx: Writer, event: RecordedEvent): Promise<void> {
  if (event.type === 'mail.quarantined') return queue(desk, tx, quarantineWish(desk));
  if (event.type === 'mailbox.trouble' || event.type === 'mailbox.mended' || event.type === 'mailbox.filling')
    return queue(desk, tx, mailboxWish(desk, event));
  if (event.ticketId === null) return;
  const wishes = [...(await wishesFor(desk, tx, event, event.ticketId)), ...(await homeWishes(desk, tx, event, event.ticketId))];
  if (wishes.length > 0) await queue(desk, tx, wishes);
}

async function wishesFor(desk: Desk, tx: Writer, event: RecordedEvent, ticketId: number): Promise<Wish[]> {
  switch (event.type) {
    case 'ticket.opened':
      return [openCardWish(desk, ticketId)];
    case 'comment.added':
      return commentWishes(desk, tx, ticketId, event.data);
    case 'comment.edited':
    case 'comment.withdrawn':
      return holdLines(desk, tx, event.data.commentId);
    case 'delivery.state':
      return deliveryWishes(desk, tx, ticketId, {
        ...event.data,
        eventId: event.id,
        isLoud: event.data.state === 'failed' || event.data.state === 'bounced',
      });
    case 'delivery.late':
      return deliveryWishes(desk, tx, ticketId, { ...event.data, eventId: event.id, state: 'delayed' });
    case 'hold.changed':
      return holdWishes(desk, tx, ticketId, event.data);
    case 'side.opened':
      return [sideWish(desk, event.data.sideId)];
    case 'side.message':
      return [sideLineWish(desk, event.data.sideId)];
    case 'ticket.status':
    case 'ticket.assigned':
    case 'ticket.priority':
    case 'ticket.group':
    case 'ticket.tagged':
    case 'ticket.subject':
    case 'ticket.requester':
    case 'ticket.language':
      return [cardWish(desk, ticketId)];
    case 'ticket.joined':
    case 'ticket.linked':
    case 'mail.recorded':
    case 'mail.quarantined':
    case 'mailbox.trouble':
    case 'mailbox.mended':
    case 'mailbox.filling':
    case 'notice.withheld':
      return [];
    default:
      return event satisfies never;
  }
}

async function commentWishes(desk: Desk, tx: Writer, ticketId: number, added: CommentAdded): Promise<Wish[]> {
  const comment = await commentById(tx, added.commentId);
  if (!comment) return [];
  if (added.direction === 'in' && added.visibility === 'public' && !added.isAutomatic && !added.isFirst) {
    await pauseHolds(desk, tx, ticketId, { key: 'hold.customer_wrote' });
  }
  // An answer that opened a follow-up stands in the thread of the closed ticket.
  const isAlreadyThere = (added.isFirst ? /^slack:/ : /^(slack|hold):/).test(comment.sourceKey ?? '');
  const isShort = added.isFirst && comment.via !== 'email' && documentText(comment.document).length <= CARD_EXCERPT;
  const isOnCard = isShort && (await filesOf(tx, [comment.id])).length === 0;
  const card = added.isFirst ? [] : [cardWish(desk, ticketId)];
  return isAlreadyThere || isOnCard ? card : [commentWish(desk, ticketId, comment.id), ...card];
}

/** A hold that is settled leaves nothing to replace: answers that wait beside it say so. */
async function holdWishes(
  desk: Desk,
  tx: Writer,
  ticketId: number,
  { holdId, state }: { holdId: number; state: HoldState },
): Promise<Wish[]> {
  if (state === 'counting') return [];
  const own = lineWish(desk, holdId);
  if (LIVE_HOLDS.includes(state)) return [own];
  const { holds } = tx.tables;
  const waiting = await tx
    .select({ id: holds.id, reasons: holds.reasons })
    .from(holds)
    .where(and(eq(holds.ticketId, ticketId), inArray(holds.state, ['waiting', 'paused'])));
  const rivals = waiting.filter(({ reasons }) => reasons.some((reason) => reason.key === 'conflict'));
  return [own, ...rivals.map(({ id }) => lineWish(desk, id))];
}

async function holdLines(desk: Desk, tx: Writer, commentId: number): Promise<Wish[]> {
  const { holds } = tx.tables;
  const rows = await tx.select({ id: holds.id }).from(holds).where(eq(holds.commentId, commentId));
  return rows.map((hold) => lineWish(desk, hold.id));
}

const SOURCE = keep<{ deliveryId: number }, { commentId: number | null }[]>((reader, { deliveryId }) => {
  const { deliveries } = reader.tables;
  return reader.select({ commentId: deliveries.commentId }).from(deliveries).where(eq(deliveries.id, deliveryId));
});

/** The card and the control line tell of answers; a notice shows nowhere unless it failed. */
async function deliveryWishes(
  desk: Desk,
  tx: Writer,
  ticketId: number,
  { deliveryId, state, eventId, isLoud }: { deliveryId: number; state: string; eventId: number; isLoud: boolean },
): Promise<Wish[]> {
  const [delivery] = await tx.ask(SOURCE, { deliveryId });
  const lines = delivery?.commentId ? await holdLines(desk, tx, delivery.commentId) : [];
  const card = delivery?.commentId || isLoud ? [cardWish(desk, ticketId)] : [];
  const alarm: Wish[] = isLoud
    ? [{ kind: 'slack.alarm', key: `alarm:${eventId}`, payload: { deliveryId, state, eventId }, runAt: desk.clock.now() }]
    : [];
  return [...card, ...lines, ...alarm];
}

/** Whose Home shows something else now: the assignee, and the author of an answer that moved. */
async function homeWishes(desk: Desk, tx: Writer, event: RecordedEvent, ticketId: number): Promise<Wish[]> {
  const people = await peopleConcerned(tx, event, ticketId);
  const ids = people.filter((id) => id !== null);
  if (ids.length === 0) return [];
  const identities = await identitiesOf(tx, [...new Set(ids)]);
  return identities.filter((identity) => identity.kind === 'slack').map((identity) => homeWish(desk, identity.value));
}

async function peopleConcerned(tx: Writer, event: RecordedEvent, ticketId: number): Promise<(number | null)[]> {
  switch (event.type) {
    case 'ticket.assigned':
      return [event.data.from, event.data.to];
    case 'ticket.status':
    case 'ticket.priority':
      return [(await ticketById(tx, ticketId))?.assigneeId ?? null];
    case 'hold.changed': {
      const { holds } = tx.tables;
      const [hold] = await tx.select({ authorId: holds.authorId }).from(holds).where(eq(holds.id, event.data.holdId));
      return [hold?.authorId ?? null];
    }
    default:
      return [];
  }
}
