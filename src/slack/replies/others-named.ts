import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Document } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Ticket } from '#tickets/find.ts';
import type { AudienceFacts } from './audience-facts.ts';
import { personIndex } from './names.ts';
import { contentsOf, type Token } from './passages.ts';

/** A reply names few people; what goes beyond is a list, and lists are held for other reasons. */
const MAX_NAMES = 12;
const MAX_ADDRESSES = 20;
const MAX_NAMESAKES = 200;
const MIN_STEM = 3;
/** The longest ending that a name is bent with: Virta|selle. */
const MAX_ENDING = 5;
const ADDRESS = /[\p{L}\p{N}.+_-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu;

type Others = Pick<AudienceFacts, 'otherPeople' | 'otherAddresses'>;

/** Customers who have nothing to do with this ticket and whom the words may name: only these are then looked for in them. */
export async function othersNamed(desk: Desk, ticket: Ticket, document: Document): Promise<Others> {
  const { passages } = contentsOf(document);
  const names = capitalPairs(passages.flatMap((passage) => passage.sentences));
  const addresses = passages.flatMap((passage) => passage.text.match(ADDRESS) ?? []).map((address) => address.toLowerCase());
  const own = await partiesOf(desk, ticket);
  return {
    otherPeople: personIndex(await namesakes(desk, ticket, { names, own }), { alone: false }),
    otherAddresses: await addressesOfOthers(desk, ticket, { addresses: [...new Set(addresses)].slice(0, MAX_ADDRESSES), own }),
  };
}

/** `Pekka Pouta`, `Pekalle Poudalle`: two words with capitals and nothing between them but a space. */
function capitalPairs(sentences: Token[][]): [string, string][] {
  const pairs = sentences.flatMap((sentence) =>
    sentence.flatMap((token, at): [string, string][] => {
      const next = sentence[at + 1];
      return next && isCapital(token) && isCapital(next) && /^\s+$/.test(token.after) ? [[stem(token), stem(next)]] : [];
    }),
  );
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()].slice(0, MAX_NAMES);
}

function isCapital(token: Token): boolean {
  return /^\p{Lu}[\p{Ll}\p{M}'’]+(?:-\p{Lu}[\p{Ll}\p{M}'’]+)?$/u.test(token.text);
}

function stem({ word }: Token): string {
  const [first = ''] = word.split(/[-'’]/);
  return first.slice(0, Math.max(MIN_STEM, first.length - MAX_ENDING));
}

interface About {
  own: number[];
}

async function namesakes(desk: Desk, ticket: Ticket, { names, own }: About & { names: [string, string][] }): Promise<string[]> {
  const found: number[] = [];
  // Asked beside the main thread, and of the index that finds people by the beginnings of their names.
  for (const pair of names) found.push(...(await desk.db.aside.search('person', pair.join(' '), MAX_NAMESAKES)));
  const ids = [...new Set(found)].filter((id) => !own.includes(id)).slice(0, MAX_NAMESAKES);
  if (ids.length === 0) return [];
  const { people } = desk.db.tables;
  const rows = await desk.db
    .select({ name: people.name, organizationId: people.organizationId })
    .from(people)
    .where(and(inArray(people.id, ids), eq(people.role, 'none'), isNull(people.erasedAt)));
  return rows.filter((row) => !isColleague(row, ticket)).map((row) => row.name);
}

async function addressesOfOthers(desk: Desk, ticket: Ticket, { addresses, own }: About & { addresses: string[] }): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const { identities, people } = desk.db.tables;
  const rows = await desk.db
    .select({ value: identities.value, personId: people.id, role: people.role, organizationId: people.organizationId })
    .from(identities)
    .innerJoin(people, eq(people.id, identities.personId))
    .where(and(eq(identities.kind, 'email'), inArray(identities.value, addresses)));
  const others = rows.filter((row) => row.role === 'none' && !own.includes(row.personId) && !isColleague(row, ticket));
  return new Set(others.map((row) => row.value));
}

/** Of the requester, in one company. */
function isColleague({ organizationId }: { organizationId: number | null }, ticket: Ticket): boolean {
  return organizationId !== null && organizationId === ticket.organizationId;
}

async function partiesOf(desk: Desk, ticket: Ticket): Promise<number[]> {
  const { ticketPeople } = desk.db.tables;
  const rows = await desk.db.select({ id: ticketPeople.personId }).from(ticketPeople).where(eq(ticketPeople.ticketId, ticket.id));
  return [ticket.requesterId, ...rows.map((row) => row.id)];
}
