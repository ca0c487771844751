import { eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import type { Priority } from '#db/words.ts';
import { Failure } from '#failure.ts';
import { indexTicket } from './comment.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { mustFind, type Ticket } from './find.ts';

export function setPriority(desk: Desk, ticketId: number, priority: Priority, by: Actor): Promise<Ticket> {
  return change(desk, 'priority', async (tx, desk) => {
    const ticket = await mustChange(tx, ticketId);
    if (ticket.priority === priority) return ticket;
    await update(desk, tx, ticketId, { priority });
    await record(desk, tx, ticketId, by, { type: 'ticket.priority', data: { from: ticket.priority, to: priority } });
    return mustFind(tx, ticketId);
  });
}

/** Moves the ticket to a group; its card follows to that group's channel. */
export function setGroup(desk: Desk, ticketId: number, groupId: number, by: Actor): Promise<Ticket> {
  return change(desk, 'group', async (tx, desk) => {
    const ticket = await mustChange(tx, ticketId);
    if (ticket.groupId === groupId) return ticket;
    await update(desk, tx, ticketId, { groupId });
    await record(desk, tx, ticketId, by, { type: 'ticket.group', data: { from: ticket.groupId, to: groupId } });
    return mustFind(tx, ticketId);
  });
}

const MAX_TAGS = 50;
const MAX_TAG = 40;

export function tagTicket(desk: Desk, ticketId: number, wanted: { add?: string[]; remove?: string[] }, by: Actor): Promise<Ticket> {
  return change(desk, 'tag', async (tx, desk) => {
    const ticket = await mustChange(tx, ticketId);
    const old = new Set(ticket.tags);
    const next = old
      .union(new Set((wanted.add ?? []).map(normalTag).filter(Boolean)))
      .difference(new Set((wanted.remove ?? []).map(normalTag)));
    if (next.size > MAX_TAGS) throw new Failure('tag.limit', { limit: MAX_TAGS });
    const added = [...next.difference(old)];
    const removed = [...old.difference(next)];
    if (added.length + removed.length === 0) return ticket;
    await update(desk, tx, ticketId, { tags: [...next] });
    await record(desk, tx, ticketId, by, { type: 'ticket.tagged', data: { added, removed } });
    return mustFind(tx, ticketId);
  });
}

export function setSubject(desk: Desk, ticketId: number, subject: string, by: Actor): Promise<Ticket> {
  return change(desk, 'subject', async (tx, desk) => {
    const ticket = await mustChange(tx, ticketId);
    const clean = subject.replaceAll(/\s+/g, ' ').trim().slice(0, 250);
    if (!clean) throw new Failure('subject.empty');
    if (clean === ticket.subject) return ticket;
    await update(desk, tx, ticketId, { subject: clean });
    await indexTicket(tx, ticketId);
    await record(desk, tx, ticketId, by, { type: 'ticket.subject', data: { from: ticket.subject, to: clean } });
    return mustFind(tx, ticketId);
  });
}

async function mustChange(tx: Writer, ticketId: number): Promise<Ticket> {
  const ticket = await mustFind(tx, ticketId);
  if (ticket.status === 'closed') throw new Failure('ticket.refused', { status: ticket.status });
  return ticket;
}

async function update(desk: Desk, tx: Writer, ticketId: number, values: Partial<Ticket>): Promise<void> {
  const { tickets } = tx.tables;
  await tx
    .update(tickets)
    .set({ ...values, updatedAt: desk.clock.now() })
    .where(eq(tickets.id, ticketId));
}

/** Upper and lower case are one tag; spaces become hyphens. */
function normalTag(tag: string): string {
  return tag
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s,]+/g, '-')
    .slice(0, MAX_TAG);
}
