import { and, desc, eq, gt, inArray, isNull, ne, or } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Row } from '#db/schema.ts';
import { Failure } from '#failure.ts';
import type { DeskSettings } from './desk.ts';

export type Ticket = Row<'tickets'>;
export type Comment = Row<'comments'>;

const LIVE: Ticket['status'][] = ['new', 'open', 'pending', 'on_hold'];
const MAX_MERGES = 20;

/** `TK-12`, as people say it. */
export function ticketName(settings: DeskSettings, ticket: Pick<Ticket, 'number'>): string {
  return `${settings.prefixes[0]}-${ticket.number}`;
}

/** Reads `TK-12`, `tk12`, `#12` or `12`; null when it is none of these. */
export function parseTicketName(settings: DeskSettings, text: string): number | null {
  const match = /^\s*(?:#|([\p{L}]{1,10})[-\s]?)?(\d{1,9})\s*$/u.exec(text);
  if (!match) return null;
  const prefix = match[1]?.toUpperCase();
  if (prefix && !settings.prefixes.includes(prefix)) return null;
  return Number(match[2]);
}

const TICKET = keep<{ id: number }, Ticket[]>((reader, { id }) =>
  reader.select().from(reader.tables.tickets).where(eq(reader.tables.tickets.id, id)),
);

export async function ticketById(reader: Reader, id: number): Promise<Ticket | undefined> {
  const [ticket] = await reader.ask(TICKET, { id });
  return ticket;
}

export async function ticketByNumber(reader: Reader, number: number): Promise<Ticket | undefined> {
  const { tickets } = reader.tables;
  const [ticket] = await reader
    .select()
    .from(tickets)
    .where(and(eq(tickets.number, number), isNull(tickets.deletedAt)))
    .limit(1);
  return ticket;
}

/** The ticket made of a Slack message. */
export async function ticketFromSource(reader: Reader, source: { channel: string; ts: string }): Promise<Ticket | undefined> {
  const { tickets } = reader.tables;
  const isSource = and(eq(tickets.sourceChannel, source.channel), eq(tickets.sourceTs, source.ts));
  const [ticket] = await reader.select().from(tickets).where(isSource).limit(1);
  return ticket;
}

export async function groupsOfChannel(reader: Reader, channel: string): Promise<Row<'groups'>[]> {
  return reader.select().from(reader.tables.groups).where(eq(reader.tables.groups.slackChannel, channel)).limit(100);
}

/** For verbs: the ticket, or the sentence that says there is none. */
export async function mustFind(reader: Reader, id: number): Promise<Ticket> {
  const ticket = await ticketById(reader, id);
  if (!ticket) throw new Failure('ticket.gone');
  return ticket;
}

/** Where the conversation of this ticket goes on: itself, or what it was merged into. */
export async function survivorOf(reader: Reader, ticket: Ticket): Promise<Ticket> {
  let current = ticket;
  for (let step = 0; current.mergedIntoId !== null && step < MAX_MERGES; step += 1) {
    current = await mustFind(reader, current.mergedIntoId);
  }
  return current;
}

export async function ticketsAssignedTo(reader: Reader, personId: number, limit: number): Promise<Ticket[]> {
  const { tickets } = reader.tables;
  return reader
    .select()
    .from(tickets)
    .where(and(eq(tickets.assigneeId, personId), inArray(tickets.status, LIVE), isNull(tickets.deletedAt)))
    .orderBy(desc(tickets.updatedAt))
    .limit(limit);
}

export async function ticketsRequestedBy(reader: Reader, personId: number, limit: number): Promise<Ticket[]> {
  const { tickets } = reader.tables;
  return reader
    .select()
    .from(tickets)
    .where(and(eq(tickets.requesterId, personId), isNull(tickets.deletedAt)))
    .orderBy(desc(tickets.createdAt))
    .limit(limit);
}

export async function unassignedTickets(reader: Reader, limit: number): Promise<Ticket[]> {
  const { tickets } = reader.tables;
  return reader
    .select()
    .from(tickets)
    .where(and(isNull(tickets.assigneeId), inArray(tickets.status, LIVE), isNull(tickets.deletedAt), isNull(tickets.mergedIntoId)))
    .orderBy(desc(tickets.createdAt))
    .limit(limit);
}

/** Matters a caller may be calling about: theirs or their organization's, alive or solved since `since`. */
export async function openMatters(reader: Reader, person: Pick<Row<'people'>, 'id' | 'organizationId'>, since: Date, limit: number) {
  const { tickets } = reader.tables;
  const isTheirs =
    person.organizationId === null
      ? eq(tickets.requesterId, person.id)
      : or(eq(tickets.requesterId, person.id), eq(tickets.organizationId, person.organizationId));
  return reader
    .select()
    .from(tickets)
    .where(
      and(
        isTheirs,
        isNull(tickets.deletedAt),
        isNull(tickets.mergedIntoId),
        ne(tickets.status, 'closed'),
        or(inArray(tickets.status, LIVE), gt(tickets.solvedAt, since)),
      ),
    )
    .orderBy(desc(tickets.createdAt))
    .limit(limit);
}

const NEWEST_COMMENTS = keep<{ ticketId: number; limit: number }, Comment[]>((reader, { ticketId, limit }) => {
  const { comments } = reader.tables;
  return reader.select().from(comments).where(eq(comments.ticketId, ticketId)).orderBy(desc(comments.id)).limit(limit);
});

export async function commentsOf(reader: Reader, ticketId: number, limit: number): Promise<Comment[]> {
  const newest = await reader.ask(NEWEST_COMMENTS, { ticketId, limit });
  return newest.toReversed();
}

/** The newest of what the requester said and was told, in order. */
export async function publicComments(reader: Reader, ticketId: number, limit: number): Promise<Comment[]> {
  const { comments } = reader.tables;
  const newest = await reader
    .select()
    .from(comments)
    .where(and(eq(comments.ticketId, ticketId), eq(comments.visibility, 'public'), isNull(comments.withdrawnAt)))
    .orderBy(desc(comments.id))
    .limit(limit);
  return newest.toReversed();
}

const COMMENT = keep<{ id: number }, Comment[]>((reader, { id }) =>
  reader.select().from(reader.tables.comments).where(eq(reader.tables.comments.id, id)),
);

export async function commentById(reader: Reader, id: number): Promise<Comment | undefined> {
  const [comment] = await reader.ask(COMMENT, { id });
  return comment;
}

/** What came from this source before, if anything did. */
export async function commentBySource(reader: Reader, sourceKey: string): Promise<{ ticketId: number; isFirst: boolean } | undefined> {
  const { comments } = reader.tables;
  const { id, ticketId } = comments;
  const [comment] = await reader.select({ id, ticketId }).from(comments).where(eq(comments.sourceKey, sourceKey)).limit(1);
  if (!comment) return undefined;
  const [first] = await reader.select({ id }).from(comments).where(eq(ticketId, comment.ticketId)).orderBy(id).limit(1);
  return { ticketId: comment.ticketId, isFirst: first?.id === comment.id };
}

export async function filesOf(reader: Reader, commentIds: number[]) {
  if (commentIds.length === 0) return [];
  const { files, commentFiles } = reader.tables;
  return reader
    .select({ commentId: commentFiles.commentId, isInline: commentFiles.isInline, contentId: commentFiles.contentId, file: files })
    .from(commentFiles)
    .innerJoin(files, eq(files.id, commentFiles.fileId))
    .where(inArray(commentFiles.commentId, commentIds))
    .orderBy(commentFiles.commentId, commentFiles.position);
}

const GROUP = keep<{ id: number }, Row<'groups'>[]>((reader, { id }) =>
  reader.select().from(reader.tables.groups).where(eq(reader.tables.groups.id, id)),
);

export async function groupById(reader: Reader, id: number): Promise<Row<'groups'>> {
  const [group] = await reader.ask(GROUP, { id });
  if (!group) throw new Error(`Group ${id} does not exist.`);
  return group;
}

export async function defaultGroup(reader: Reader): Promise<Row<'groups'>> {
  const [group] = await reader.select().from(reader.tables.groups).where(eq(reader.tables.groups.isDefault, true)).limit(1);
  if (!group) throw new Error('There is no default group: the desk was not set up.');
  return group;
}

export async function allGroups(reader: Reader): Promise<Row<'groups'>[]> {
  return reader.select().from(reader.tables.groups).orderBy(reader.tables.groups.name).limit(100);
}
