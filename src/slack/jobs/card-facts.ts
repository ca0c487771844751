import { and, desc, eq, inArray, isNotNull, notInArray } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { translator } from '#i18n.ts';
import { documentText } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import { groupById, type Ticket, ticketName } from '#tickets/find.ts';
import type { Notice } from '#tickets/frozen.ts';
import { shownState } from '#tickets/late.ts';
import { identitiesOf, personById } from '#tickets/people.ts';
import { type CardFacts, renderCard } from '../card.ts';
import type { Message } from '../slack.ts';

export async function cardMessage(desk: Desk, ticket: Ticket, movedTo?: string): Promise<Message> {
  const facts = await cardFacts(desk, ticket);
  return renderCard({ ...facts, ...(movedTo ? { movedTo } : {}) }, translator(facts.group.language ?? desk.settings.language));
}

export async function cardFacts(desk: Desk, ticket: Ticket): Promise<CardFacts> {
  const reader = desk.db;
  const requester = await personById(reader, ticket.requesterId);
  const assignee = ticket.assigneeId === null ? undefined : await personById(reader, ticket.assigneeId);
  const identities = await identitiesOf(reader, [ticket.requesterId, ...(assignee ? [assignee.id] : [])]);
  const contact = identities.find((identity) => identity.personId === ticket.requesterId && identity.kind !== 'slack');
  const [first] = await reader
    .select({ document: reader.tables.comments.document })
    .from(reader.tables.comments)
    .where(eq(reader.tables.comments.ticketId, ticket.id))
    .orderBy(reader.tables.comments.id)
    .limit(1);
  return {
    ticket,
    name: ticketName(desk.settings, ticket),
    group: await groupById(reader, ticket.groupId),
    requester: {
      name: requester?.name ?? '',
      contact: contact?.display ?? null,
      organization: await organizationName(reader, ticket.organizationId),
    },
    assignee: assignee
      ? { name: assignee.name, slackId: identities.find((one) => one.personId === assignee.id && one.kind === 'slack')?.value ?? null }
      : null,
    trouble: await troubleOf(reader, ticket),
    missed: await missedOf(reader, ticket),
    excerpt: first ? documentText(first.document) : '',
  };
}

async function organizationName(reader: Reader, id: number | null): Promise<string | null> {
  if (id === null) return null;
  const { organizations } = reader.tables;
  const [row] = await reader.select({ name: organizations.name }).from(organizations).where(eq(organizations.id, id));
  return row?.name ?? null;
}

/** By how urgently somebody should look. */
const TROUBLES = ['failed', 'bounced', 'unknown', 'delayed'] as const;

/** An answer that did not leave marks the card until it does, or until somebody who has seen it solves the ticket. */
async function troubleOf(reader: Reader, ticket: Ticket): Promise<CardFacts['trouble']> {
  if (ticket.status === 'solved' || ticket.status === 'closed') return null;
  const { deliveries, deliveryRecipients } = reader.tables;
  const rows = await reader
    .select({ state: deliveryRecipients.state, lateness: deliveries.lateness })
    .from(deliveries)
    .innerJoin(deliveryRecipients, eq(deliveryRecipients.deliveryId, deliveries.id))
    .where(
      and(
        eq(deliveries.ticketId, ticket.id),
        isNotNull(deliveries.commentId),
        notInArray(deliveryRecipients.state, ['accepted', 'cancelled']),
      ),
    );
  const troubles = new Set(rows.map(shownState));
  return TROUBLES.find((trouble) => troubles.has(trouble)) ?? null;
}

/** The newest notice that did not arrive, until somebody who has seen it solves the ticket. */
async function missedOf(reader: Reader, ticket: Ticket): Promise<CardFacts['missed']> {
  if (ticket.status === 'solved' || ticket.status === 'closed') return null;
  const { deliveries } = reader.tables;
  const [row] = await reader
    .select({ template: deliveries.template })
    .from(deliveries)
    .where(and(eq(deliveries.ticketId, ticket.id), isNotNull(deliveries.noticeId), inArray(deliveries.state, ['failed', 'bounced'])))
    .orderBy(desc(deliveries.id))
    .limit(1);
  return (row?.template as Notice | undefined) ?? null;
}
