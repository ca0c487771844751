import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import parsePhone from 'libphonenumber-js/min';
import type { CountryCode } from 'libphonenumber-js/min';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Row } from '#db/schema.ts';
import type { Desk } from './desk.ts';

export type Person = Row<'people'>;
export type Identity = Row<'identities'>;
export type IdentityKind = Identity['kind'];

export interface PersonDraft {
  kind: IdentityKind;
  value: string;
  /** As people write it; the value itself when not given. */
  display?: string;
  name?: string | null;
  language?: string | null;
}

/** Roles that answer customers. */
export const isAgent = (person: Pick<Person, 'role'> | undefined | null): boolean => person?.role === 'admin' || person?.role === 'agent';

/** Anybody with a role: they read tickets in Slack, and are no customer's company. */
export const isStaff = (person: Pick<Person, 'role'> | undefined | null): boolean =>
  person !== undefined && person !== null && person.role !== 'none';

export function normalAddress(address: string): string {
  return address.trim().toLowerCase();
}

/** E.164, or null when it is no number a phone could ring at. */
export function normalPhone(text: string, country: string): string | null {
  const parsed = parsePhone(text, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : null;
}

const BY_IDENTITY = keep<{ kind: IdentityKind; value: string }, { person: Person }[]>((reader, { kind, value }) => {
  const { people, identities } = reader.tables;
  return reader
    .select({ person: people })
    .from(identities)
    .innerJoin(people, eq(people.id, identities.personId))
    .where(and(eq(identities.kind, kind), eq(identities.value, value)));
});

export async function personBy(reader: Reader, kind: IdentityKind, value: string): Promise<Person | undefined> {
  const [row] = await reader.ask(BY_IDENTITY, { kind, value });
  return row?.person;
}

const BY_ID = keep<{ id: number }, Person[]>((reader, { id }) =>
  reader.select().from(reader.tables.people).where(eq(reader.tables.people.id, id)),
);

export async function personById(reader: Reader, id: number): Promise<Person | undefined> {
  const [person] = await reader.ask(BY_ID, { id });
  return person;
}

/** The person with this identity, made when there is none. `value` must be normalised. */
export async function ensurePerson(desk: Desk, tx: Writer, draft: PersonDraft): Promise<Person> {
  const known = await personBy(tx, draft.kind, draft.value);
  if (known) return withBetterName(desk, tx, known, draft);
  const now = desk.clock.now();
  const organization = draft.kind === 'email' ? await organizationOf(tx, draft.value) : undefined;
  const name = cleanName(draft.name) || draft.display || draft.value;
  const row: Omit<Person, 'id'> = {
    name,
    role: 'none',
    organizationId: organization?.id ?? null,
    language: draft.language ?? null,
    languageSource: null,
    nextLanguage: null,
    timeZone: null,
    signatures: {},
    hintedAt: null,
    askedToJoinAt: null,
    createdAt: now,
    updatedAt: now,
    erasedAt: null,
  };
  const id = await tx.add('people', row);
  const identity = await writeIdentity(desk, tx, id, draft);
  await tx.index('person', id, wordsOfPerson({ name, organization: organization?.name ?? null }, [identity]));
  return { id, ...row };
}

export async function addIdentity(desk: Desk, tx: Writer, personId: number, draft: PersonDraft): Promise<void> {
  await writeIdentity(desk, tx, personId, draft);
  await indexPerson(tx, personId);
}

async function writeIdentity(desk: Desk, tx: Writer, personId: number, draft: PersonDraft): Promise<Findable> {
  const identity = { kind: draft.kind, value: draft.value, display: draft.display ?? draft.value };
  await tx.add('identities', { ...identity, personId, undeliverableAt: null, createdAt: desk.clock.now() });
  return identity;
}

export async function identitiesOf(reader: Reader, personIds: number[]): Promise<Identity[]> {
  if (personIds.length === 0) return [];
  return reader
    .select()
    .from(reader.tables.identities)
    .where(inArray(reader.tables.identities.personId, personIds))
    .orderBy(reader.tables.identities.id);
}

/** What a search for people looks in. */
export async function indexPerson(tx: Writer, personId: number): Promise<void> {
  const { people, organizations } = tx.tables;
  const [person] = await tx
    .select({ name: people.name, erasedAt: people.erasedAt, organization: organizations.name })
    .from(people)
    .leftJoin(organizations, eq(organizations.id, people.organizationId))
    .where(eq(people.id, personId));
  if (!person) return;
  const words = wordsOfPerson(person, await identitiesOf(tx, [personId]));
  await tx.index('person', personId, person.erasedAt ? '' : words);
}

type Findable = Pick<Identity, 'kind' | 'value' | 'display'>;

export function wordsOfPerson(person: { name: string; organization: string | null }, identities: Findable[]): string {
  return [person.name, person.organization ?? '', ...identities.flatMap((identity) => searchForms(identity))].join(' ');
}

/** Numbers are typed with and without the country's prefix and with spaces anywhere. */
function searchForms(identity: Findable): string[] {
  if (identity.kind !== 'phone') return [identity.value, identity.display];
  const parsed = parsePhone(identity.value);
  return [identity.value.slice(1), parsed ? parsed.formatNational().replaceAll(/\D/g, '') : ''];
}

const ORGANIZATION = keep<{ domain: string }, { id: number; name: string }[]>((reader, { domain }) => {
  const { organizations, organizationDomains } = reader.tables;
  return reader
    .select({ id: organizations.id, name: organizations.name })
    .from(organizationDomains)
    .innerJoin(organizations, eq(organizations.id, organizationDomains.organizationId))
    .where(and(eq(organizationDomains.domain, domain), isNotNull(organizationDomains.confirmedAt)));
});

async function organizationOf(reader: Reader, address: string): Promise<{ id: number; name: string } | undefined> {
  const [row] = await reader.ask(ORGANIZATION, { domain: address.slice(address.lastIndexOf('@') + 1) });
  return row;
}

export async function organizationName(reader: Reader, id: number | null): Promise<string | null> {
  if (id === null) return null;
  const { organizations } = reader.tables;
  const [row] = await reader.select({ name: organizations.name }).from(organizations).where(eq(organizations.id, id));
  return row?.name ?? null;
}

/** A name replaces an address that stood for one. */
async function withBetterName(desk: Desk, tx: Writer, person: Person, draft: PersonDraft): Promise<Person> {
  const name = cleanName(draft.name);
  if (!name || person.erasedAt || person.name !== (draft.display ?? draft.value)) return person;
  const { people } = tx.tables;
  await tx
    .update(people)
    .set({ name, updatedAt: desk.clock.now() })
    .where(and(eq(people.id, person.id), isNull(people.erasedAt)));
  await indexPerson(tx, person.id);
  return { ...person, name };
}

const MAX_NAME = 120;

/** One line, no control or direction-changing characters. */
export function cleanName(name: string | null | undefined): string {
  return (name ?? '')
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME);
}
