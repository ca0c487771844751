import { and, eq } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import type { Actor, Desk } from './desk.ts';
import { record } from './events.ts';
import type { Ticket } from './find.ts';

/** As many as an answer can go to. */
const MAX_COPIED = 40;

/** Who gets copies of what a ticket's requester gets. */
export async function copiedOn(reader: Reader, ticketId: number): Promise<number[]> {
  const { ticketPeople } = reader.tables;
  const rows = await reader
    .select({ personId: ticketPeople.personId })
    .from(ticketPeople)
    .where(and(eq(ticketPeople.ticketId, ticketId), eq(ticketPeople.role, 'cc')))
    .orderBy(ticketPeople.addedAt, ticketPeople.personId)
    .limit(MAX_COPIED);
  return rows.map((row) => row.personId);
}

/** These people get copies from now on. Who gets them already, or is the requester, is left as they are. */
export async function copyPeople(
  desk: Desk,
  tx: Writer,
  { ticket, personIds }: { ticket: Pick<Ticket, 'id' | 'requesterId'>; personIds: number[] },
  by: Actor,
): Promise<void> {
  if (personIds.length === 0) return;
  const known = await copiedOn(tx, ticket.id);
  const added = [...new Set(personIds).difference(new Set([...known, ticket.requesterId]))].slice(0, MAX_COPIED - known.length);
  for (const personId of added) {
    const row = { ticketId: ticket.id, personId, role: 'cc' as const, addedAt: desk.clock.now() };
    await tx.insert(tx.tables.ticketPeople).values(row).onConflictDoNothing();
    await record(desk, tx, ticket.id, by, { type: 'ticket.joined', data: { personId, role: 'cc' } });
  }
}
