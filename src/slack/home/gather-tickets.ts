import { and, asc, count, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Desk } from '#tickets/desk.ts';
import { type Ticket, ticketName } from '#tickets/find.ts';
import { statusForRequester } from '#tickets/status.ts';
import { type Thread, threadUrls } from '../threads.ts';
import { PAGE_SIZE, type Page, pageWithin } from './parts.ts';
import type { TicketLine } from './tickets.ts';

/** Everything somebody asked for, the newest first. */
export function ownTickets(desk: Desk, personId: number, page: number | undefined): Promise<Page<TicketLine>> {
  const { tickets } = desk.db.tables;
  return pageOf(desk, page, {
    where: and(eq(tickets.requesterId, personId), isNull(tickets.deletedAt)),
    order: [desc(tickets.createdAt)],
    thread: 'requester',
  });
}

export function myTickets(desk: Desk, personId: number, page: number | undefined): Promise<Page<TicketLine>> {
  const { tickets } = desk.db.tables;
  return pageOf(desk, page, { where: and(eq(tickets.assigneeId, personId), isAlive(desk.db)), order: byUrgency(desk.db), thread: 'card' });
}

/** Of the groups somebody is in; every agent is in the default one. */
export async function unassignedTickets(desk: Desk, personId: number, page: number | undefined): Promise<Page<TicketLine>> {
  const { tickets } = desk.db.tables;
  const groupIds = await groupsOf(desk.db, personId);
  return pageOf(desk, page, {
    where: and(inArray(tickets.groupId, groupIds), isNull(tickets.assigneeId), isAlive(desk.db)),
    order: byUrgency(desk.db),
    thread: 'card',
  });
}

async function groupsOf(reader: Reader, personId: number): Promise<number[]> {
  const { groups, groupMembers } = reader.tables;
  const joined = await reader.select({ id: groupMembers.groupId }).from(groupMembers).where(eq(groupMembers.personId, personId));
  const shared = await reader.select({ id: groups.id }).from(groups).where(eq(groups.isDefault, true));
  return [...new Set([...joined, ...shared].map((group) => group.id))];
}

/** In the words of the partial index, which SQLite uses for nothing else. */
function isAlive(reader: Reader): SQL | undefined {
  const { tickets } = reader.tables;
  return and(sql`${tickets.status} in ('new','open','pending','on_hold')`, isNull(tickets.deletedAt), isNull(tickets.mergedIntoId));
}

function byUrgency(reader: Reader): SQL[] {
  const { tickets } = reader.tables;
  const rank = sql`case ${tickets.priority} when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end`;
  return [rank, asc(tickets.createdAt), asc(tickets.id)];
}

interface Question {
  where: SQL | undefined;
  order: SQL[];
  /** Which of its threads the reader can see. */
  thread: Thread['kind'];
}

async function pageOf(desk: Desk, wanted: number | undefined, { where, order, thread }: Question): Promise<Page<TicketLine>> {
  const { tickets } = desk.db.tables;
  const [counted] = await desk.db.select({ total: count() }).from(tickets).where(where);
  const total = counted?.total ?? 0;
  const page = pageWithin(wanted, total);
  const rows = await desk.db
    .select()
    .from(tickets)
    .where(where)
    .orderBy(...order)
    .limit(PAGE_SIZE)
    .offset(page * PAGE_SIZE);
  return { items: await linesOf(desk, rows, thread), page, total };
}

async function linesOf(desk: Desk, tickets: Ticket[], kind: Thread['kind']): Promise<TicketLine[]> {
  if (tickets.length === 0) return [];
  const { people } = desk.db.tables;
  const requesterIds = [...new Set(tickets.map((ticket) => ticket.requesterId))];
  const requesters = await desk.db.select({ id: people.id, name: people.name }).from(people).where(inArray(people.id, requesterIds));
  const names = new Map(requesters.map((person) => [person.id, person.name]));
  const urls = await threadUrls(
    desk.db,
    tickets.map((ticket) => ticket.id),
    kind,
  );
  return tickets.map((ticket) => ({
    id: ticket.id,
    name: ticketName(desk.settings, ticket),
    subject: ticket.subject,
    requester: names.get(ticket.requesterId) ?? '',
    status: kind === 'requester' ? statusForRequester(ticket.status) : ticket.status,
    priority: ticket.priority,
    createdAt: ticket.createdAt,
    url: urls.get(ticket.id) ?? null,
  }));
}
