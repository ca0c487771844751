import { and, eq, inArray, or, type SQL } from 'drizzle-orm';
import type { Row } from '#db/schema.ts';
import { documentText } from '#text/document.ts';
import type { Desk } from './desk.ts';
import type { Subject } from './erase-subject.ts';
import { inBatches } from './erase-tally.ts';
import { carry, type Load } from './export-load.ts';
import { filesOf, groupById, mustFind, ticketName } from './find.ts';
import { personById } from './people.ts';

export interface ExportedTicket {
  name: string;
  ticket: Row<'tickets'>;
  group: string;
  comments: ExportedComment[];
  sideConversations: { conversation: Row<'sideConversations'>; messages: { author: string | null; text: string; at: Date }[] }[];
  deliveries: ExportedDelivery[];
  holds: { text: string; state: string; createdAt: Date }[];
  events: Row<'events'>[];
}

export interface ExportedComment {
  id: number;
  author: string | null;
  direction: string;
  visibility: string;
  via: string;
  at: Date;
  text: string;
  fullText: string | null;
  files: { id: number; filename: string; contentType: string; sizeBytes: number; sha256: string }[];
}

type ExportedDelivery = Omit<Row<'deliveries'>, 'bytes' | 'claimedBy' | 'claimedUntil'> & {
  recipients: Row<'deliveryRecipients'>[];
  /** The mail as it left; null when it is no longer kept, or too much for one document. */
  bytesBase64: string | null;
};

export interface TicketScope {
  /** Limits it to what this person wrote or was sent on somebody else's. */
  of: Subject | null;
  load: Load;
}

export async function exportTicket(desk: Desk, ticketId: number, { of, load }: TicketScope): Promise<ExportedTicket> {
  const ticket = await mustFind(desk.db.aside, ticketId);
  return {
    name: ticketName(desk.settings, ticket),
    ticket: of ? { ...ticket, subject: '', customFields: {}, tags: [] } : ticket,
    group: (await groupById(desk.db.aside, ticket.groupId)).name,
    comments: await commentsFor(desk, ticketId, of),
    sideConversations: of ? [] : await sidesFor(desk, ticketId),
    deliveries: await deliveriesFor(desk, ticketId, { of, load }),
    holds: of ? [] : await holdsFor(desk, ticketId),
    events: await eventsFor(desk, ticketId, of),
  };
}

async function commentsFor(desk: Desk, ticketId: number, of: Subject | null): Promise<ExportedComment[]> {
  const { comments } = desk.db.tables;
  const isTheirs = of ? eq(comments.authorId, of.person?.id ?? -1) : undefined;
  const rows = await desk.db.aside
    .select()
    .from(comments)
    .where(and(eq(comments.ticketId, ticketId), isTheirs))
    .orderBy(comments.id);
  const files = (await Promise.all(inBatches(rows.map((row) => row.id)).map((ids) => filesOf(desk.db.aside, ids)))).flat();
  const names = await namesOf(
    desk,
    rows.map((row) => row.authorId),
  );
  return rows.map(({ id, authorId, direction, visibility, via, at, document, fullText }) => ({
    id,
    author: authorId === null ? null : (names.get(authorId) ?? null),
    direction,
    visibility,
    via,
    at,
    text: documentText(document),
    fullText,
    files: files
      .filter((one) => one.commentId === id)
      .map(({ file }) => ({
        id: file.id,
        filename: file.filename,
        contentType: file.contentType,
        sizeBytes: file.sizeBytes,
        sha256: file.sha256,
      })),
  }));
}

async function namesOf(desk: Desk, ids: (number | null)[]): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (const id of new Set(ids)) {
    const person = id === null ? undefined : await personById(desk.db.aside, id);
    if (person) names.set(person.id, person.name);
  }
  return names;
}

async function sidesFor(desk: Desk, ticketId: number): Promise<ExportedTicket['sideConversations']> {
  const { sideConversations, sideMessages } = desk.db.tables;
  const sides = await desk.db.aside.select().from(sideConversations).where(eq(sideConversations.ticketId, ticketId));
  const said = await desk.db.aside.select().from(sideMessages).where(eq(sideMessages.ticketId, ticketId)).orderBy(sideMessages.id);
  const names = await namesOf(
    desk,
    said.map((message) => message.authorId),
  );
  return sides.map((conversation) => ({
    conversation,
    messages: said
      .filter((message) => message.sideId === conversation.id)
      .map(({ authorId, document, at }) => ({
        author: authorId === null ? null : (names.get(authorId) ?? null),
        text: documentText(document),
        at,
      })),
  }));
}

async function deliveriesFor(desk: Desk, ticketId: number, { of, load }: TicketScope): Promise<ExportedDelivery[]> {
  const { deliveries, deliveryRecipients } = desk.db.tables;
  const places = of ? [...of.addresses, ...of.slackIds] : [];
  const rows = await desk.db.aside.select().from(deliveries).where(eq(deliveries.ticketId, ticketId)).orderBy(deliveries.id);
  const recipients: Row<'deliveryRecipients'>[] = [];
  for (const ids of inBatches(rows.map((row) => row.id))) {
    const isTheirs: SQL | undefined = of ? inArray(deliveryRecipients.address, [...places, '']) : undefined;
    recipients.push(
      ...(await desk.db.aside
        .select()
        .from(deliveryRecipients)
        .where(and(inArray(deliveryRecipients.deliveryId, ids), isTheirs))),
    );
  }
  return rows
    .filter(({ id }) => !of || recipients.some((one) => one.deliveryId === id))
    .map(({ bytes, claimedBy: _by, claimedUntil: _until, ...delivery }) => ({
      ...delivery,
      recipients: recipients.filter((one) => one.deliveryId === delivery.id),
      bytesBase64: bytes && carry(load, bytes),
    }));
}

async function holdsFor(desk: Desk, ticketId: number): Promise<ExportedTicket['holds']> {
  const { holds } = desk.db.tables;
  const rows = await desk.db.aside.select().from(holds).where(eq(holds.ticketId, ticketId)).orderBy(holds.id);
  return rows.map(({ document, state, createdAt }) => ({ text: documentText(document), state, createdAt }));
}

async function eventsFor(desk: Desk, ticketId: number, of: Subject | null): Promise<Row<'events'>[]> {
  const { events } = desk.db.tables;
  const isTheirs = of ? or(and(eq(events.actorKind, 'person'), eq(events.actorId, of.person?.id ?? -1))) : undefined;
  return desk.db.aside
    .select()
    .from(events)
    .where(and(eq(events.ticketId, ticketId), isTheirs))
    .orderBy(events.id);
}
