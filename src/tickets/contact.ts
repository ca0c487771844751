import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Channel, Priority } from '#db/words.ts';
import { Failure } from '#failure.ts';
import type { Document } from '#text/document.ts';
import { type FileRef, indexTicket, writeComment } from './comment.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { setPriority } from './fields.ts';
import { mustFind, survivorOf, type Ticket, ticketName } from './find.ts';
import { moveStatus } from './move.ts';
import { isAgent, type Person, personById } from './people.ts';

export interface ContactDraft {
  ticketId: number;
  /** Who got in touch. */
  requesterId: number;
  authorId: number;
  via: Channel;
  body: Document;
  files?: FileRef[];
  workSeconds: number;
  /** Null leaves it as it is. */
  priority: Priority | null;
  sourceKey: string;
}

/** The requester got in touch about a ticket that is there. Its words are the team's note, its effect is the requester's. */
export function recordContact(desk: Desk, draft: ContactDraft): Promise<Ticket> {
  return change(desk, 'contact', async (tx, desk) => {
    const author = await personById(tx, draft.authorId);
    if (!author || author.role === 'none') throw new Failure('role.agent_only');
    const chosen = await mustFind(tx, draft.ticketId);
    mustConcern(desk, chosen, await personById(tx, draft.requesterId));
    const ticket = await survivorOf(tx, chosen);
    if (ticket.status === 'closed') throw new Failure('ticket.closed', { number: ticketName(desk.settings, ticket) });
    const by: Actor = { kind: 'person', id: author.id };
    const { authorId, via, body, files = [], sourceKey } = draft;
    const comment = await writeComment(desk, tx, ticket.id, {
      authorId,
      via,
      body,
      files,
      sourceKey,
      direction: 'in',
      visibility: 'internal',
    });
    const { tickets } = tx.tables;
    const workSeconds = ticket.workSeconds + draft.workSeconds;
    await tx.update(tickets).set({ workSeconds, updatedAt: desk.clock.now() }).where(eq(tickets.id, ticket.id));
    await indexTicket(tx, ticket.id);
    await moveStatus(desk, tx, ticket.id, 'requester comment', by);
    // Light agents write; what a ticket is worth is for those who answer it.
    if (draft.priority !== null && isAgent(author)) await setPriority(desk, ticket.id, draft.priority, by);
    await record(desk, tx, ticket.id, by, {
      type: 'comment.added',
      data: { commentId: comment.id, visibility: 'internal', direction: 'in', isAutomatic: false, isFirst: false },
    });
    return mustFind(tx, ticket.id);
  });
}

function mustConcern(desk: Desk, ticket: Ticket, person: Person | undefined): void {
  const isTheirs = person?.id === ticket.requesterId;
  const isOfTheirs = person?.organizationId != null && person.organizationId === ticket.organizationId;
  if (ticket.deletedAt || !(isTheirs || isOfTheirs)) throw new Failure('ticket.not_theirs', { number: ticketName(desk.settings, ticket) });
}

/** When and how a requester was last in touch, the newest first. */
export async function lastContacts(
  reader: Reader,
  requesterId: number,
  limit: number,
): Promise<{ at: Date; via: Channel; number: number }[]> {
  const { comments, tickets } = reader.tables;
  const isTheirs = and(eq(tickets.requesterId, requesterId), isNull(tickets.deletedAt));
  return reader
    .select({ at: comments.at, via: comments.via, number: tickets.number })
    .from(comments)
    .innerJoin(tickets, eq(tickets.id, comments.ticketId))
    .where(and(isTheirs, eq(comments.direction, 'in'), eq(comments.isAutomatic, false)))
    .orderBy(desc(comments.id))
    .limit(limit);
}
