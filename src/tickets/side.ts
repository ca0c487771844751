import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import type { Document } from '#text/document.ts';
import { change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { type Comment, mustFind, type Ticket } from './find.ts';
import { note } from './note.ts';
import { identitiesOf } from './people.ts';
import { mustBeAgent } from './roles.ts';

export type SideConversation = Row<'sideConversations'>;
export type SideMessage = Row<'sideMessages'>;

export interface SideDraft {
  ticketId: number;
  channel: string;
  question: Document;
  subject: string;
  startedById: number;
  sourceKey: string;
}

/** Asks colleagues in a channel of their own. Separate from the customer's conversation, recorded on the ticket. */
export function openSide(desk: Desk, draft: SideDraft): Promise<SideConversation> {
  return change(desk, 'open side', async (tx, desk) => {
    await mustBeAgent(tx, draft.startedById);
    const ticket = await mustFind(tx, draft.ticketId);
    if (ticket.sourceChannel === draft.channel) throw new Failure('side.requester_there');
    const { sideConversations, sideMessages } = tx.tables;
    const now = desk.clock.now();
    const [known] = await tx.select({ sideId: sideMessages.sideId }).from(sideMessages).where(eq(sideMessages.sourceKey, draft.sourceKey));
    if (known) return mustFindSide(tx, known.sideId);
    const [side] = await tx
      .insert(sideConversations)
      .values({
        ticketId: ticket.id,
        kind: 'channel',
        channel: draft.channel,
        subject: draft.subject,
        startedById: draft.startedById,
        createdAt: now,
      })
      .returning();
    if (!side) throw new Error('A side conversation was not written.');
    await tx.insert(sideMessages).values({
      sideId: side.id,
      ticketId: ticket.id,
      authorId: draft.startedById,
      direction: 'out',
      document: draft.question,
      sourceKey: draft.sourceKey,
      at: now,
    });
    await record(
      desk,
      tx,
      ticket.id,
      { kind: 'person', id: draft.startedById },
      { type: 'side.opened', data: { sideId: side.id, channel: draft.channel } },
    );
    return side;
  });
}

export interface SideAnswer {
  sideId: number;
  authorId: number | null;
  document: Document;
  sourceKey: string;
  editedTs?: string | null;
}

/** What colleagues write in the side thread. The same message again, or an older edit, changes nothing. */
export function recordSideMessage(desk: Desk, answer: SideAnswer): Promise<void> {
  return change(desk, 'side message', async (tx, desk) => {
    const side = await mustFindSide(tx, answer.sideId);
    const { sideMessages } = tx.tables;
    const [known] = await tx.select().from(sideMessages).where(eq(sideMessages.sourceKey, answer.sourceKey));
    if (known) {
      if (!answer.editedTs || (known.editedTs ?? '') >= answer.editedTs) return;
      await tx.update(sideMessages).set({ document: answer.document, editedTs: answer.editedTs }).where(eq(sideMessages.id, known.id));
    }
    const [message] = known
      ? [known]
      : await tx
          .insert(sideMessages)
          .values({
            sideId: side.id,
            ticketId: side.ticketId,
            authorId: answer.authorId,
            direction: 'in',
            document: answer.document,
            sourceKey: answer.sourceKey,
            editedTs: answer.editedTs ?? null,
            at: desk.clock.now(),
          })
          .returning();
    if (!message) throw new Error('A side message was not written.');
    const by = answer.authorId === null ? { kind: 'system' as const } : { kind: 'person' as const, id: answer.authorId };
    await record(desk, tx, side.ticketId, by, { type: 'side.message', data: { sideId: side.id, messageId: message.id } });
  });
}

export function withdrawSideMessage(desk: Desk, sourceKey: string): Promise<void> {
  return change(desk, 'withdraw side message', async (tx) => {
    await tx.update(tx.tables.sideMessages).set({ deletedAt: desk.clock.now() }).where(eq(tx.tables.sideMessages.sourceKey, sourceKey));
  });
}

/** One click: the answer is a note on the ticket. Clicking twice notes once. */
export function noteSideMessage(desk: Desk, messageId: number, byId: number): Promise<Comment | null> {
  return change(desk, 'note side message', async (tx, desk) => {
    await mustBeAgent(tx, byId);
    const { sideMessages } = tx.tables;
    const [message] = await tx.select().from(sideMessages).where(eq(sideMessages.id, messageId));
    if (!message || message.deletedAt) throw new Failure('side.message_gone');
    if (message.noteId !== null) return null;
    const comment = await note(desk, {
      ticketId: message.ticketId,
      authorId: message.authorId ?? byId,
      body: message.document,
      sourceKey: `side:${message.id}`,
      reasons: [{ key: 'note.from_side' }],
    });
    await tx.update(sideMessages).set({ noteId: comment.id }).where(eq(sideMessages.id, message.id));
    const side = { sideId: message.sideId, messageId: message.id };
    await record(desk, tx, message.ticketId, { kind: 'person', id: byId }, { type: 'side.message', data: side });
    return comment;
  });
}

/** The Slack ids of the requester and of those copied on the ticket: they must not read along. */
export async function customersInSlack(reader: Reader, ticket: Pick<Ticket, 'id' | 'requesterId'>): Promise<Set<string>> {
  const { ticketPeople } = reader.tables;
  const copied = await reader
    .select({ id: ticketPeople.personId })
    .from(ticketPeople)
    .where(and(eq(ticketPeople.ticketId, ticket.id), eq(ticketPeople.role, 'cc')));
  const identities = await identitiesOf(reader, [ticket.requesterId, ...copied.map((person) => person.id)]);
  return new Set(identities.filter((identity) => identity.kind === 'slack').map((identity) => identity.value));
}

export async function mustFindSide(reader: Reader, id: number): Promise<SideConversation> {
  const [side] = await reader.select().from(reader.tables.sideConversations).where(eq(reader.tables.sideConversations.id, id));
  if (!side) throw new Error(`Side conversation ${id} does not exist.`);
  return side;
}

export async function questionOf(reader: Reader, sideId: number): Promise<SideMessage | undefined> {
  const { sideMessages } = reader.tables;
  const [first] = await reader.select().from(sideMessages).where(eq(sideMessages.sideId, sideId)).orderBy(sideMessages.id).limit(1);
  return first;
}

/** The newest of what colleagues answered, in order. */
export async function lastAnswers(reader: Reader, sideId: number, limit: number): Promise<SideMessage[]> {
  const { sideMessages } = reader.tables;
  const newest = await reader
    .select()
    .from(sideMessages)
    .where(and(eq(sideMessages.sideId, sideId), eq(sideMessages.direction, 'in'), isNull(sideMessages.deletedAt)))
    .orderBy(desc(sideMessages.id))
    .limit(limit);
  return newest.toReversed();
}
