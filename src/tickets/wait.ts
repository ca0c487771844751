import { type Actor, change, type Desk } from './desk.ts';
import { mustFind, type Ticket } from './find.ts';
import { moveStatus } from './move.ts';

/** Waits for someone else; the requester is never told. */
export function waitTicket(desk: Desk, ticketId: number, by: Actor): Promise<Ticket> {
  return change(desk, 'wait', async (tx, desk) => {
    await moveStatus(desk, tx, ticketId, 'wait', by);
    return mustFind(tx, ticketId);
  });
}
