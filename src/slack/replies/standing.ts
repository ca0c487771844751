import type { Reason } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import { groupById, type Ticket, ticketName } from '#tickets/find.ts';
import { wayToRequester } from '#tickets/recipients.ts';

export async function holdSecondsOf(desk: Desk, ticket: Ticket): Promise<number> {
  const group = await groupById(desk.db, ticket.groupId);
  return group.holdSeconds ?? desk.settings.holdSeconds;
}

/**
 * What stands against sending anything on this ticket, whatever the words are. Empty: it may go after the hold.
 * `reply`: written in a modal made for answering, so the channel's policy is already satisfied.
 */
export async function standingReasons(desk: Desk, ticket: Ticket, _as: 'reply'): Promise<Reason[]> {
  const group = await groupById(desk.db, ticket.groupId);
  if (group.policy === 'alerts-only') return [{ key: 'policy_alerts_only' }];
  const params = { number: ticketName(desk.settings, ticket) };
  if (ticket.mergedIntoId !== null) return [{ key: 'ticket_merged', params }];
  if (ticket.status === 'solved' || ticket.status === 'closed')
    return [{ key: ticket.status === 'solved' ? 'ticket_solved' : 'ticket_closed', params }];
  if (!(await wayToRequester(desk.db, ticket))) return [{ key: 'unreachable' }];
  return ticket.verdict === 'fail' ? [{ key: 'sender_unverified' }] : [];
}
