import { type Actor, change, type Desk } from './desk.ts';
import { mustFind, type Ticket } from './find.ts';
import { moveStatus } from './move.ts';

/** Waits for the requester. */
export function pendTicket(desk: Desk, ticketId: number, by: Actor): Promise<Ticket> {
  return change(desk, 'pend', async (tx, desk) => {
    await moveStatus(desk, tx, ticketId, 'pend', by);
    return mustFind(tx, ticketId);
  });
}
