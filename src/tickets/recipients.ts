import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Ticket } from './find.ts';
import type { Address } from './frozen.ts';
import { type Identity, identitiesOf } from './people.ts';

export type Way =
  | { via: 'mail'; to: Address[]; cc: Address[] }
  /** A requester who is a Slack member: a thread under the message they wrote, else a direct message. */
  | { via: 'slack'; userId: string; name: string; channel: string | null; threadTs: string | null };

/** How the requester of a ticket is reached, and who gets copies; null when there is no way. */
export async function wayToRequester(reader: Reader, ticket: Ticket): Promise<Way | null> {
  const way = await wayToRequesterAlone(reader, ticket);
  return way?.via === 'mail' ? { ...way, cc: await copies(reader, ticket, way.to[0]?.address ?? '') } : way;
}

type Place = Pick<Identity, 'kind' | 'value' | 'undeliverableAt'> & { name: string };

const PLACES = keep<{ personId: number }, Place[]>((reader, { personId }) => {
  const { people, identities } = reader.tables;
  return reader
    .select({ name: people.name, kind: identities.kind, value: identities.value, undeliverableAt: identities.undeliverableAt })
    .from(people)
    .innerJoin(identities, eq(identities.personId, people.id))
    .where(and(eq(people.id, personId), isNull(people.erasedAt)))
    .orderBy(identities.id);
});

/** The same for what is nobody else's: notices. */
export async function wayToRequesterAlone(reader: Reader, ticket: Ticket): Promise<Way | null> {
  const identities = await reader.ask(PLACES, { personId: ticket.requesterId });
  const slack = identities.find((identity) => identity.kind === 'slack');
  if (slack && ticket.channel === 'slack') return inSlack(reader, ticket, slack);
  const mails = identities.filter((identity) => identity.kind === 'email' && identity.undeliverableAt === null);
  if (mails.length === 0) return slack ? inSlack(reader, ticket, slack) : null;
  const lastUsed = await lastSender(reader, ticket.id);
  const chosen = mails.find((identity) => identity.value === lastUsed) ?? mails[0];
  if (!chosen) return null;
  return { via: 'mail', to: [{ name: chosen.name, address: chosen.value }], cc: [] };
}

const THREADS = keep<{ ticketId: number }, { channel: string; ts: string }[]>((reader, { ticketId }) => {
  const { slackThreads } = reader.tables;
  return reader
    .select({ channel: slackThreads.channel, ts: slackThreads.ts })
    .from(slackThreads)
    .where(and(eq(slackThreads.ticketId, ticketId), eq(slackThreads.kind, 'requester')))
    .orderBy(slackThreads.id)
    .limit(MAX_THREADS);
});

const MAX_THREADS = 50;

/** Under the message they wrote themselves; where a colleague wrote it, they may not even be in the channel. */
async function inSlack(reader: Reader, ticket: Ticket, { value: userId, name }: Place): Promise<Way> {
  const threads = ticket.sourceChannel === null ? [] : await reader.ask(THREADS, { ticketId: ticket.id });
  const own = threads.find((thread) => thread.channel === ticket.sourceChannel);
  return { via: 'slack', userId, name, channel: own?.channel ?? null, threadTs: own?.ts ?? null };
}

const LAST_SENDER = keep<{ ticketId: number }, { from: string | null }[]>((reader, { ticketId }) => {
  const { mails } = reader.tables;
  return reader
    .select({ from: mails.fromAddress })
    .from(mails)
    .where(and(eq(mails.ticketId, ticketId), isNotNull(mails.commentId)))
    .orderBy(desc(mails.id))
    .limit(1);
});

async function lastSender(reader: Reader, ticketId: number): Promise<string | null> {
  const [row] = await reader.ask(LAST_SENDER, { ticketId });
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
