import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { inBatches } from './erase-tally.ts';
import type { Subject } from './erase-subject.ts';

/** Every ticket of theirs, deleted ones too. */
export async function ownTickets(reader: Reader, subject: Subject): Promise<number[]> {
  if (!subject.person) return [];
  const { tickets } = reader.tables;
  const rows = await reader.select({ id: tickets.id }).from(tickets).where(eq(tickets.requesterId, subject.person.id)).orderBy(tickets.id);
  return rows.map((row) => row.id);
}

/** Other people's tickets they had a part in: copied, following, writing, written to. */
export async function sharedTickets(reader: Reader, subject: Subject, own: number[]): Promise<number[]> {
  const found = new Set([...(await ticketsOfPerson(reader, subject)), ...(await ticketsOfAddresses(reader, subject))]);
  return [...found.difference(new Set(own))].toSorted((a, b) => a - b);
}

async function ticketsOfPerson(reader: Reader, { person }: Subject): Promise<number[]> {
  if (!person) return [];
  const { ticketPeople, comments, threadMessages, sideMessages } = reader.tables;
  const looks = [
    reader.select({ id: ticketPeople.ticketId }).from(ticketPeople).where(eq(ticketPeople.personId, person.id)),
    reader.selectDistinct({ id: comments.ticketId }).from(comments).where(eq(comments.authorId, person.id)),
    reader.selectDistinct({ id: threadMessages.ticketId }).from(threadMessages).where(eq(threadMessages.authorId, person.id)),
    reader.selectDistinct({ id: sideMessages.ticketId }).from(sideMessages).where(eq(sideMessages.authorId, person.id)),
  ];
  const found: number[] = [];
  for (const look of looks) for (const row of await look) found.push(row.id);
  return found;
}

async function ticketsOfAddresses(reader: Reader, { addresses, slackIds }: Subject): Promise<number[]> {
  const places = [...addresses, ...slackIds];
  if (places.length === 0) return [];
  const { mails, deliveries, deliveryRecipients } = reader.tables;
  const written = await reader
    .selectDistinct({ id: mails.ticketId })
    .from(mails)
    .where(or(inArray(mails.fromAddress, places), inArray(mails.envelopeFrom, places)));
  const sent = await reader
    .selectDistinct({ id: deliveries.ticketId })
    .from(deliveryRecipients)
    .innerJoin(deliveries, eq(deliveries.id, deliveryRecipients.deliveryId))
    .where(inArray(deliveryRecipients.address, places));
  return [...written, ...sent].flatMap((row) => row.id ?? []);
}

export interface SlackPlace {
  channel: string;
  ts: string;
}

/** What people wrote in Slack about these tickets, and what the person wrote anywhere: a bot can't change their messages. */
export async function humanMessages(reader: Reader, subject: Subject, own: number[]): Promise<SlackPlace[]> {
  const { threadMessages, tickets } = reader.tables;
  const { channel, ts, ticketId, authorId, deletedAt } = threadMessages;
  const found: { channel: string | null; ts: string | null }[] = [];
  for (const ids of inBatches(own)) {
    found.push(
      ...(await reader.select({ channel: tickets.sourceChannel, ts: tickets.sourceTs }).from(tickets).where(inArray(tickets.id, ids))),
      ...(await reader
        .select({ channel, ts })
        .from(threadMessages)
        .where(and(inArray(ticketId, ids), isNull(deletedAt)))),
      ...(await sidePlaces(reader, ids)),
    );
  }
  if (subject.person)
    found.push(
      ...(await reader
        .select({ channel, ts })
        .from(threadMessages)
        .where(and(eq(authorId, subject.person.id), isNull(deletedAt)))),
    );
  const places = found.flatMap((place): [string, SlackPlace][] =>
    place.channel && place.ts ? [[`${place.channel}:${place.ts}`, { channel: place.channel, ts: place.ts }]] : [],
  );
  return [...new Map(places).values()];
}

export interface SlackPlace {
  channel: string;
  ts: string;
}

async function sidePlaces(reader: Reader, ticketIds: number[]): Promise<SlackPlace[]> {
  const { sideMessages } = reader.tables;
  const rows = await reader
    .select({ key: sideMessages.sourceKey })
    .from(sideMessages)
    .where(and(inArray(sideMessages.ticketId, ticketIds), isNull(sideMessages.deletedAt)));
  return rows.flatMap(({ key }) => {
    const [, channel, ts] = /(?:^|:)slack:[^:]+:([^:]+):([\d.]+)$/.exec(key ?? '') ?? [];
    return channel && ts ? [{ channel, ts }] : [];
  });
}
