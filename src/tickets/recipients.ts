import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Ticket } from './find.ts';
import type { Address } from './frozen.ts';
import { identitiesOf } from './people.ts';

export type Way =
  | { via: 'mail'; to: Address[]; cc: Address[] }
  /** A requester who is a Slack member: a thread under the source message, else a direct message. */
  | { via: 'slack'; userId: string; name: string; channel: string | null; threadTs: string | null };

/** How the requester of a ticket is reached, and who gets copies; null when there is no way. */
export async function wayToRequester(reader: Reader, ticket: Ticket): Promise<Way | null> {
  const way = await wayToRequesterAlone(reader, ticket);
  return way?.via === 'mail' ? { ...way, cc: await copies(reader, ticket, way.to[0]?.address ?? '') } : way;
}

/** The same for what is nobody else's: notices. */
export async function wayToRequesterAlone(reader: Reader, ticket: Ticket): Promise<Way | null> {
  const { people, identities: all } = reader.tables;
  const identities = await reader
    .select({ name: people.name, kind: all.kind, value: all.value, undeliverableAt: all.undeliverableAt })
    .from(people)
    .innerJoin(all, eq(all.personId, people.id))
    .where(and(eq(people.id, ticket.requesterId), isNull(people.erasedAt)))
    .orderBy(all.id);
  const slack = identities.find((identity) => identity.kind === 'slack');
  if (slack && ticket.channel === 'slack') {
    return { via: 'slack', userId: slack.value, name: slack.name, channel: ticket.sourceChannel, threadTs: ticket.sourceTs };
  }
  const mails = identities.filter((identity) => identity.kind === 'email' && identity.undeliverableAt === null);
  if (mails.length === 0) {
    return slack ? { via: 'slack', userId: slack.value, name: slack.name, channel: ticket.sourceChannel, threadTs: ticket.sourceTs } : null;
  }
  const lastUsed = await lastSender(reader, ticket.id);
  const chosen = mails.find((identity) => identity.value === lastUsed) ?? mails[0];
  if (!chosen) return null;
  return { via: 'mail', to: [{ name: chosen.name, address: chosen.value }], cc: [] };
}

async function lastSender(reader: Reader, ticketId: number): Promise<string | null> {
  const { mails } = reader.tables;
  const [row] = await reader
    .select({ from: mails.fromAddress })
    .from(mails)
    .where(and(eq(mails.ticketId, ticketId), isNotNull(mails.commentId)))
    .orderBy(desc(mails.id))
    .limit(1);
  return row?.from ?? null;
}

const MAX_COPIES = 40;

async function copies(reader: Reader, ticket: Ticket, requesterAddress: string): Promise<Address[]> {
  const { ticketPeople, people } = reader.tables;
  const rows = await reader
    .select({ id: people.id, name: people.name })
    .from(ticketPeople)
    .innerJoin(people, eq(people.id, ticketPeople.personId))
    .where(and(eq(ticketPeople.ticketId, ticket.id), eq(ticketPeople.role, 'cc')))
    .limit(MAX_COPIES);
  const identities = await identitiesOf(
    reader,
    rows.map((row) => row.id),
  );
  return rows.flatMap((row) => {
    const mail = identities.find(
      (identity) => identity.personId === row.id && identity.kind === 'email' && identity.undeliverableAt === null,
    );
    return mail && mail.value !== requesterAddress ? [{ name: row.name, address: mail.value }] : [];
  });
}
