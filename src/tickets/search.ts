import { and, desc, inArray, isNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Ticket } from './find.ts';
import { identitiesOf, normalPhone, type Person } from './people.ts';

/** Tickets with all these words, newest first. */
export async function searchTickets(reader: Reader, words: string, limit: number): Promise<Ticket[]> {
  const ids = await reader.search('ticket', words, limit);
  if (ids.length === 0) return [];
  const { tickets } = reader.tables;
  return reader
    .select()
    .from(tickets)
    .where(and(inArray(tickets.id, ids), isNull(tickets.deletedAt)))
    .orderBy(desc(tickets.id));
}

export interface FoundPerson {
  person: Person;
  contact: string | null;
}

/** People by name, address, phone (however it is spaced) or organization. */
export async function searchPeople(reader: Reader, words: string, options: { limit: number; country: string }): Promise<FoundPerson[]> {
  const phone = normalPhone(words, options.country);
  const ids = await reader.search('person', phone ? phone.slice(1) : words, options.limit);
  if (ids.length === 0) return [];
  const { people } = reader.tables;
  const rows = await reader
    .select()
    .from(people)
    .where(and(inArray(people.id, ids), isNull(people.erasedAt)));
  const identities = await identitiesOf(reader, ids);
  return ids.flatMap((id): FoundPerson[] => {
    const person = rows.find((row) => row.id === id);
    const contact = identities.find((identity) => identity.personId === id && identity.kind !== 'slack');
    return person ? [{ person, contact: contact?.display ?? null }] : [];
  });
}
