import type { Reader } from '#db/database.ts';
import type { Reason } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import { groupById, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { knownMessage } from './message.ts';
import type { Hold } from './hold.ts';

export async function holdSecondsOf(desk: Desk, ticket: Ticket): Promise<number> {
  const group = await groupById(desk.db, ticket.groupId);
  return group.holdSeconds ?? desk.settings.holdSeconds;
}

/**
 * What came to stand against a reply while it was held, whatever its words. A ticket that was solved meanwhile is no
 * reason: people answer and solve in one go, and the mail says so.
 */
export async function standingReasons(desk: Desk, reader: Reader, hold: Hold): Promise<Reason[]> {
  const ticket = await mustFind(reader, hold.ticketId);
  const group = await groupById(reader, ticket.groupId);
  const number = ticketName(desk.settings, ticket);
  return [
    ...(group.policy === 'alerts-only' ? [{ key: 'refused.reply.alerts_only' }] : []),
    ...(group.policy === 'confirm' ? [{ key: 'policy_confirm' }] : []),
    ...(group.policy === 'notes-first' && !(await wasDeliberate(reader, hold)) ? [{ key: 'hold.policy_changed' }] : []),
    ...(ticket.mergedIntoId === null ? [] : [{ key: 'ticket_merged', params: { number } }]),
    ...(ticket.status === 'closed' ? [{ key: 'ticket_closed', params: { number } }] : []),
    ...(ticket.verdict === 'fail' ? [{ key: 'sender_unverified' }] : []),
  ];
}

/** Marked for the customer, or sent from a modal or with 📨. A plain message's hold has the message's own key. */
async function wasDeliberate(reader: Reader, hold: Hold): Promise<boolean> {
  const known = await knownMessage(reader, hold.sourceKey);
  return !known || known.reasons.some((reason) => reason.key === 'public_mark');
}
