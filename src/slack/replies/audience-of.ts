import { eq, ne } from 'drizzle-orm';
import { MINUTE } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Ticket } from '#tickets/find.ts';
import type { Person } from '#tickets/people.ts';
import { detectLanguage } from '#text/language.ts';
import { team } from '#tickets/roles.ts';
import { audienceFacts, type AudienceFacts } from './audience-facts.ts';

const FRESH = 5 * MINUTE;
const OTHERS = 2_000;

interface Lists {
  at: number;
  colleagues: string[];
  organizations: string[];
  domains: string[];
  /** Made once an author and language: the name indexes are costly. */
  facts: Map<string, AudienceFacts>;
}
const kept = new WeakMap<object, Lists>();

/** Whom a customer's mail must not name: colleagues, and other customers' companies as we knew them lately. */
export async function audienceOf(desk: Desk, ticket: Ticket, author: Person | null): Promise<AudienceFacts> {
  const lists = await listsOf(desk);
  const key = `${author?.name ?? ''}\n${ticket.language}`;
  const made = lists.facts.get(key);
  if (made) return made;
  const facts = audienceFacts({
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
    detectLanguage,
  });
  lists.facts.set(key, facts);
  return facts;
}

/** The requester's own company is no other customer. */
export async function companyOf(desk: Desk, organizationId: number | null): Promise<{ organizationName?: string; ownDomains?: string[] }> {
  if (organizationId === null) return {};
  const { organizations, organizationDomains } = desk.db.tables;
  const [company] = await desk.db.select({ name: organizations.name }).from(organizations).where(eq(organizations.id, organizationId));
  const domains = await desk.db
    .select({ domain: organizationDomains.domain })
    .from(organizationDomains)
    .where(eq(organizationDomains.organizationId, organizationId));
  return company ? { organizationName: company.name, ownDomains: domains.map((one) => one.domain) } : {};
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
    facts: new Map(),
    organizations: companies.map((company) => company.name),
    domains: domains.map((one) => one.domain),
  };
  kept.set(desk.settings, lists);
  return lists;
}
