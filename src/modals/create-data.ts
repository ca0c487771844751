import { DAY, later } from '#clock.ts';
import type { Caller } from '#slack/doors.ts';
import { lastContacts } from '#tickets/contact.ts';
import type { Desk } from '#tickets/desk.ts';
import { allGroups, openMatters, type Ticket, ticketName } from '#tickets/find.ts';
import { alikeMatters } from '#tickets/matters.ts';
import { identitiesOf, organizationName, type Person, personById } from '#tickets/people.ts';
import type { Candidate, CreateData } from './create.ts';
import type { Matter } from './create-about.ts';
import { fingerprint, isAuthor } from './create-source.ts';

const MATTERS = 5;
const CONTACTS = 3;
const RECENT_DAYS = 7;

export type Known = Pick<CreateData, 'openedAt' | 'responseUrl' | 'source' | 'draft' | 'searched'>;

/** What the desk knows of the chosen requester: organization, language, open matters to append to. */
export async function dataFor(caller: Caller, requester: Candidate | null, known: Known): Promise<CreateData> {
  const groups = (await allGroups(caller.desk.db)).toSorted((one, other) => Number(other.isDefault) - Number(one.isDefault));
  const personId = requester?.value.startsWith('person:') ? Number(requester.value.slice('person:'.length)) : null;
  const isOwnMessage = known.source !== undefined && (await isAuthor(caller.desk.db, known.source, personId));
  return {
    ...known,
    isOwnMessage,
    draft: known.source && !isOwnMessage ? withoutPrefilledSubject(known.draft, known.source.prefilled.subject) : known.draft,
    requester,
    groups: groups.map(({ id, name }) => ({ id, name })),
    way: personId === null ? 'email' : await wayTo(caller, personId, known),
    isNew: requester?.value.startsWith('new:') ?? false,
    about: personId === null ? null : await aboutPerson(caller, personId, known.draft),
  };
}

/** As the ticket's own notices go: to a member who wrote in Slack there, else by mail where there is an address. */
async function wayTo({ desk }: Caller, personId: number, { source }: Known): Promise<'email' | 'slack'> {
  const identities = await identitiesOf(desk.db, [personId]);
  const hasMail = identities.some((identity) => identity.kind === 'email' && identity.undeliverableAt === null);
  return identities.some((identity) => identity.kind === 'slack') && (source !== undefined || !hasMail) ? 'slack' : 'email';
}

function withoutPrefilledSubject(draft: CreateData['draft'], prefilled: string): CreateData['draft'] {
  return fingerprint(draft?.subject) === prefilled ? { ...draft, subject: undefined } : draft;
}

/** Other people's matters are for the team; without a role one reads one's own. */
async function aboutPerson(caller: Caller, personId: number, draft: CreateData['draft']): Promise<CreateData['about']> {
  const { desk, t } = caller;
  const isOfTeam = caller.person.role !== 'none';
  if (!isOfTeam && caller.person.id !== personId) return null;
  const person = await personById(desk.db, personId);
  if (!person) return null;
  const matters = await openMatters(desk.db, isOfTeam ? person : { ...person, organizationId: null }, recently(desk), MATTERS);
  const identities = (await identitiesOf(desk.db, [person.id])).filter((identity) => identity.kind !== 'slack');
  const organization = await organizationName(desk.db, person.organizationId);
  return {
    lines: [
      ...(organization ? [organization] : []),
      ...identities.map((identity) => identity.display),
      ...(person.language ? [t(`modals:language.${person.language}`)] : []),
    ],
    contacts: (await lastContacts(desk.db, person.id, CONTACTS)).map((one) => ({ ...one, ticket: ticketName(desk.settings, one) })),
    matters: matters.map((ticket) => matterOf(desk, ticket)),
    offered: isOfTeam ? await offeredMatters(desk, person, draft) : [],
  };
}

/** Tickets that what was typed so far may belong to. */
export async function offeredMatters(desk: Desk, person: Person, draft: CreateData['draft']): Promise<Matter[]> {
  const words = `${draft?.subject ?? ''} ${draft?.description ?? ''}`;
  const alike = await alikeMatters(desk.db, { person, words, since: recently(desk) });
  return alike.slice(0, MATTERS).map((ticket) => matterOf(desk, ticket));
}

function recently(desk: Desk): Date {
  return later(desk.clock.now(), -RECENT_DAYS * DAY);
}

function matterOf(desk: Desk, ticket: Ticket): Matter {
  return { id: ticket.id, name: ticketName(desk.settings, ticket), subject: ticket.subject, status: ticket.status };
}
