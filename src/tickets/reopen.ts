import { type Actor, change, type Desk } from './desk.ts';
import { mustFind, type Ticket } from './find.ts';
import { moveStatus } from './move.ts';

/** Back to open. */
export function reopenTicket(desk: Desk, ticketId: number, by: Actor): Promise<Ticket> {
  return change(desk, 'reopen', async (tx, desk) => {
    await moveStatus(desk, tx, ticketId, 'reopen', by);
    return mustFind(tx, ticketId);
  });
}
