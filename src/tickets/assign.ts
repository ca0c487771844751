import { eq } from 'drizzle-orm';
import { Failure } from '#failure.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { mustFind, type Ticket } from './find.ts';
import { moveStatus } from './move.ts';
import { isAgent, personById } from './people.ts';

/** Gives the ticket to an agent, or to nobody. Assigning the same person again changes nothing. */
export function assignTicket(desk: Desk, ticketId: number, assigneeId: number | null, by: Actor): Promise<Ticket> {
  return change(desk, 'assign', async (tx, desk) => {
    const ticket = await mustFind(tx, ticketId);
    if (ticket.status === 'closed') throw new Failure('ticket.refused', { status: ticket.status });
    if (ticket.assigneeId === assigneeId) return ticket;
    const assignee = assigneeId === null ? null : await personById(tx, assigneeId);
    if (assigneeId !== null && !isAgent(assignee)) throw new Failure('assign.not_agent');
    const { tickets } = tx.tables;
    await tx.update(tickets).set({ assigneeId, updatedAt: desk.clock.now() }).where(eq(tickets.id, ticketId));
    await record(desk, tx, ticketId, by, { type: 'ticket.assigned', data: { from: ticket.assigneeId, to: assigneeId } });
    if (assigneeId !== null) await moveStatus(desk, tx, ticketId, 'assigned', by);
    return mustFind(tx, ticketId);
  });
}
