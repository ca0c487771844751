import { DAY, later } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import type { NewRow } from '#db/schema.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { wordsOfPerson } from '#tickets/people.ts';
import type { Chance } from './seed-chance.ts';
import { addressPart, type SeedLanguage, someLanguage, SPEECHES } from './seed-speech.ts';
import { idsOf, inPieces } from './seed-rows.ts';

export interface SeedPerson {
  id: number;
  name: string;
  language: SeedLanguage;
  address: string;
  organizationId: number | null;
}

export interface Population {
  requesters: SeedPerson[];
  agents: SeedPerson[];
}

const AGENTS = 12;
const TICKETS_A_PERSON = 3;
const PEOPLE_AN_ORGANIZATION = 15;
const MIN_ORGANIZATIONS = 4;
const PHONE_SHARE = 0.6;
const COLLEAGUE_SHARE = 0.5;
const PEOPLE_A_TRANSACTION = 1_000;

interface Organization {
  id: number;
  name: string;
  domain: string;
  language: SeedLanguage;
}

/** Everybody a desk with so many tickets would know. Nobody of them is in Slack, and nobody is an admin. */
export async function seedPeople(desk: Desk, chance: Chance, plan: { tickets: number; since: Date }): Promise<Population> {
  const count = Math.max(MIN_ORGANIZATIONS, Math.ceil(plan.tickets / TICKETS_A_PERSON));
  const organizations = await seedOrganizations(desk, chance, Math.max(MIN_ORGANIZATIONS, Math.ceil(count / PEOPLE_AN_ORGANIZATION)));
  const agents = await seedSome(desk, chance, { from: 0, to: AGENTS, since: plan.since, organizations: [], isAgents: true });
  const requesters: SeedPerson[] = [];
  for (let from = 0; from < count; from += PEOPLE_A_TRANSACTION) {
    const to = Math.min(count, from + PEOPLE_A_TRANSACTION);
    requesters.push(...(await seedSome(desk, chance, { from, to, since: plan.since, organizations, isAgents: false })));
  }
  return { requesters, agents };
}

async function seedOrganizations(desk: Desk, chance: Chance, count: number): Promise<Organization[]> {
  const createdAt = desk.clock.now();
  const drafts = Array.from({ length: count }, (_, index) => {
    const language = someLanguage(chance);
    const name = `${chance.oneOf(SPEECHES[language].companies)} ${index + 1}`;
    return { language, name, domain: `${addressPart(name)}.example` };
  });
  return change(desk, 'seed organizations', async (tx) => {
    const { organizations, organizationDomains } = tx.tables;
    const ids = await idsOf(drafts, (piece) =>
      tx
        .insert(organizations)
        .values(piece.map(({ name }) => ({ name, createdAt })))
        .returning({ id: organizations.id }),
    );
    const known = drafts.map((draft, index) => ({ ...draft, id: ids[index] ?? 0 }));
    for (const piece of inPieces(known))
      await tx.insert(organizationDomains).values(piece.map(({ id, domain }) => ({ organizationId: id, domain, confirmedAt: createdAt })));
    return known;
  });
}

interface Share {
  from: number;
  to: number;
  since: Date;
  organizations: Organization[];
  isAgents: boolean;
}

type Draft = Omit<SeedPerson, 'id'> & { organization: string | null; phone: string | null };

function seedSome(desk: Desk, chance: Chance, share: Share): Promise<SeedPerson[]> {
  const drafts = Array.from({ length: share.to - share.from }, (_, offset) => somebody(chance, share, share.from + offset));
  return change(desk, 'seed people', async (tx) => {
    const at = later(share.since, -DAY);
    const { people } = tx.tables;
    const role = share.isAgents ? ('agent' as const) : ('none' as const);
    const ids = await idsOf(drafts, (piece) =>
      tx
        .insert(people)
        .values(
          piece.map(({ name, language, organizationId }) => ({
            name,
            role,
            language,
            languageSource: 'text' as const,
            organizationId,
            signatures: {},
            createdAt: at,
            updatedAt: at,
          })),
        )
        .returning({ id: people.id }),
    );
    const seeded = drafts.map((draft, index) => ({ ...draft, id: ids[index] ?? 0 }));
    await writeIdentities(tx, seeded, at);
    return seeded.map(({ id, name, language, address, organizationId }) => ({ id, name, language, address, organizationId }));
  });
}

function somebody(chance: Chance, { organizations, isAgents }: Share, index: number): Draft {
  const colleagues = organizations.length > 0 && chance.isLucky(COLLEAGUE_SHARE) ? chance.oneOf(organizations) : null;
  const language = colleagues?.language ?? someLanguage(chance);
  const speech = SPEECHES[language];
  const name = `${chance.oneOf(speech.first)} ${chance.oneOf(speech.last)}`;
  const place = isAgents ? 'desk.example' : (colleagues?.domain ?? 'post.example');
  const { prefix, digits } = speech.phone;
  return {
    name,
    language,
    address: `${addressPart(name)}.${index + 1}@${place}`,
    organizationId: colleagues?.id ?? null,
    organization: colleagues?.name ?? null,
    phone: !isAgents && chance.isLucky(PHONE_SHARE) ? `${prefix}${String(index).padStart(digits, '0')}` : null,
  };
}

async function writeIdentities(tx: Writer, seeded: (Draft & { id: number })[], createdAt: Date): Promise<void> {
  for (const person of seeded) {
    const identities = identitiesOf(person, createdAt);
    await tx.index('person', person.id, wordsOfPerson(person, identities));
  }
  for (const piece of inPieces(seeded.flatMap((person) => identitiesOf(person, createdAt)))) {
    await tx.insert(tx.tables.identities).values(piece);
  }
}

function identitiesOf({ id, address, phone }: Draft & { id: number }, createdAt: Date) {
  const mail = { personId: id, kind: 'email' as const, value: address, display: address, createdAt };
  const call = phone ? [{ personId: id, kind: 'phone' as const, value: phone, display: phone, createdAt }] : [];
  return [mail, ...call] satisfies NewRow<'identities'>[];
}
