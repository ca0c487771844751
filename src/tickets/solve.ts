import { Failure } from '#failure.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { mustFind, type Ticket } from './find.ts';
import { moveStatus, takeIfFree } from './move.ts';
import { isAgent, personById } from './people.ts';

/** The solver takes the ticket where nobody has it; a rule may solve only an assigned one. Solving twice solves once. */
export function solveTicket(desk: Desk, ticketId: number, by: Actor): Promise<Ticket> {
  return change(desk, 'solve', async (tx, desk) => {
    const ticket = await mustFind(tx, ticketId);
    if (ticket.assigneeId === null && by.kind !== 'person') throw new Failure('solve.unassigned');
    if (ticket.status === 'closed') throw new Failure('ticket.refused', { status: ticket.status });
    if (by.kind === 'person' && isAgent(await personById(tx, by.id))) await takeIfFree(desk, tx, ticket, by.id);
    await moveStatus(desk, tx, ticketId, 'solve', by);
    return mustFind(tx, ticketId);
  });
}
