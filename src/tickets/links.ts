import { and, eq } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Desk } from './desk.ts';
import type { Ticket } from './find.ts';

export async function linkFollowUp(desk: Desk, tx: Writer, fromId: number, toId: number): Promise<void> {
  await tx.insert(tx.tables.ticketLinks).values({ kind: 'follow_up', fromId, toId, createdAt: desk.clock.now() });
}

const FOLLOWED = keep<{ ticketId: number }, { ticket: Ticket }[]>((reader, { ticketId }) => {
  const { ticketLinks, tickets } = reader.tables;
  return reader
    .select({ ticket: tickets })
    .from(ticketLinks)
    .innerJoin(tickets, eq(tickets.id, ticketLinks.toId))
    .where(and(eq(ticketLinks.fromId, ticketId), eq(ticketLinks.kind, 'follow_up')));
});

/** The closed ticket a follow-up goes on from. */
export async function followedBy(reader: Reader, ticketId: number): Promise<Ticket | undefined> {
  const [row] = await reader.ask(FOLLOWED, { ticketId });
  return row?.ticket;
}
