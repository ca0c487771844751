import { eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Status } from '#db/words.ts';
import { Failure } from '#failure.ts';
import type { Actor, Desk } from './desk.ts';
import { record } from './events.ts';
import { mustFind, type Ticket } from './find.ts';
import { type Happening, nextStatus } from './status.ts';

/** Applies product §2's table to one ticket. `follow up` is the caller's to act on; a refusal is a Failure. */
export async function moveStatus(desk: Desk, tx: Writer, ticketId: number, happening: Happening, by: Actor): Promise<Status | 'follow up'> {
  const ticket = await mustFind(tx, ticketId);
  const outcome = nextStatus(ticket.status, happening);
  if (outcome === 'refused') throw new Failure('ticket.refused', { status: ticket.status });
  if (outcome === 'same') return ticket.status;
  if (outcome === 'follow up') return outcome;
  await setStatus(desk, tx, ticket, outcome, happening, by);
  return outcome;
}

async function setStatus(desk: Desk, tx: Writer, ticket: Ticket, to: Status, happening: Happening, by: Actor): Promise<void> {
  const now = desk.clock.now();
  const { tickets } = tx.tables;
  await tx
    .update(tickets)
    .set({
      status: to,
      statusAt: now,
      updatedAt: now,
      ...(to === 'solved' ? { solvedAt: now } : {}),
      ...(to === 'open' ? { solvedAt: null } : {}),
      ...(to === 'closed' ? { closedAt: now } : {}),
    })
    .where(eq(tickets.id, ticket.id));
  const why = { key: `status.${happening.replaceAll(' ', '_')}` };
  await record(desk, tx, ticket.id, by, { type: 'ticket.status', data: { from: ticket.status, to, why } });
}

/** The first to answer an unassigned ticket takes it. */
export async function takeIfFree(desk: Desk, tx: Writer, ticket: Ticket, personId: number): Promise<void> {
  if (ticket.assigneeId !== null) return;
  const { tickets } = tx.tables;
  await tx.update(tickets).set({ assigneeId: personId, updatedAt: desk.clock.now() }).where(eq(tickets.id, ticket.id));
  await record(desk, tx, ticket.id, { kind: 'person', id: personId }, { type: 'ticket.assigned', data: { from: null, to: personId } });
  await moveStatus(desk, tx, ticket.id, 'assigned', { kind: 'person', id: personId });
}
