import { ne } from 'drizzle-orm';
import { MINUTE } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Ticket } from '#tickets/find.ts';
import type { Person } from '#tickets/people.ts';
import { team } from '#tickets/roles.ts';
import { audienceFacts, type AudienceFacts } from './audience-facts.ts';

const FRESH = 5 * MINUTE;
const OTHERS = 2_000;

interface Lists {
  at: number;
  colleagues: string[];
  others: string[];
  organizations: string[];
  domains: string[];
}
const kept = new WeakMap<object, Lists>();

/** Whom a customer's mail must not name: colleagues, and other customers as far as we know them lately. */
export async function audienceOf(desk: Desk, ticket: Ticket, author: Person | null): Promise<AudienceFacts> {
  const lists = await listsOf(desk);
  return audienceFacts({
    colleagueNames: lists.colleagues,
    colleagueHandles: [],
    authorName: author?.name ?? null,
    ownNames: [desk.settings.brand.name],
    internalHosts: ['.internal', '.local', '.lan', 'localhost'],
    otherPeople: [],
    otherOrganizations: lists.organizations,
    otherDomains: lists.domains,
    otherAddresses: [],
    ticketPrefixes: desk.settings.prefixes,
    groupLanguage: ticket.language,
  });
}

async function listsOf(desk: Desk): Promise<Lists> {
  const now = desk.clock.now().getTime();
  const known = kept.get(desk.settings);
  if (known && now - known.at < FRESH) return known;
  const { organizations, organizationDomains } = desk.db.tables;
  const companies = await desk.db
    .select({ id: organizations.id, name: organizations.name })
    .from(organizations)
    .where(ne(organizations.name, ''))
    .limit(OTHERS);
  const domains = await desk.db.select({ domain: organizationDomains.domain }).from(organizationDomains).limit(OTHERS);
  const lists: Lists = {
    at: now,
    colleagues: (await team(desk.db)).map((person) => person.name),
    others: [],
    organizations: companies.map((company) => company.name),
    domains: domains.map((one) => one.domain),
  };
  kept.set(desk.settings, lists);
  return lists;
}
