import { DAY, later } from '#clock.ts';
import type { Caller } from '#slack/doors.ts';
import { allGroups, openMatters, ticketName } from '#tickets/find.ts';
import { identitiesOf, normalPhone, personById } from '#tickets/people.ts';
import { type FoundPerson, searchPeople } from '#tickets/search.ts';
import type { Candidate, CreateData } from './create.ts';
import { fingerprint, isAuthor } from './create-source.ts';

const MATTERS = 5;
const RECENT_DAYS = 7;

type Known = Pick<CreateData, 'openedAt' | 'channel' | 'source' | 'draft'>;

/** What the desk knows of the chosen requester: organization, language, open matters to append to. */
export async function dataFor(caller: Caller, requester: Candidate | null, known: Known): Promise<CreateData> {
  const groups = (await allGroups(caller.desk.db)).map((group) => ({ id: group.id, name: group.name }));
  const personId = requester?.value.startsWith('person:') ? Number(requester.value.slice('person:'.length)) : null;
  const isOwnMessage = known.source !== undefined && (await isAuthor(caller.desk.db, known.source, personId));
  return {
    ...known,
    isOwnMessage,
    draft: known.source && !isOwnMessage ? withoutPrefilledSubject(known.draft, known.source.prefilled.subject) : known.draft,
    requester,
    groups,
    isNew: requester?.value.startsWith('new:') ?? false,
    about: personId === null ? null : await aboutPerson(caller, personId),
  };
}

function withoutPrefilledSubject(draft: CreateData['draft'], prefilled: string): CreateData['draft'] {
  return fingerprint(draft?.subject) === prefilled ? { ...draft, subject: undefined } : draft;
}

/** Other people's matters are for the team; without a role one reads one's own. */
async function aboutPerson({ desk, t, person: caller }: Caller, personId: number): Promise<CreateData['about']> {
  if (caller.role === 'none' && caller.id !== personId) return null;
  const person = await personById(desk.db, personId);
  if (!person) return null;
  const since = later(desk.clock.now(), -RECENT_DAYS * DAY);
  const whose = caller.role === 'none' ? { id: person.id, organizationId: null } : person;
  const matters = await openMatters(desk.db, whose, since, MATTERS);
  const contacts = (await identitiesOf(desk.db, [person.id]))
    .filter((identity) => identity.kind !== 'slack')
    .map((identity) => identity.display);
  return {
    lines: [...contacts, ...(person.language ? [t(`modals:language.${person.language}`)] : [])],
    isAppendable: caller.role !== 'none',
    matters: matters.map((ticket) => ({
      id: ticket.id,
      name: ticketName(desk.settings, ticket),
      subject: ticket.subject,
      status: ticket.status,
    })),
  };
}

/** What `/ticket create 040 123 4567` means: somebody known, or what a new person begins with. Who is not of the team asks for themselves. */
export async function candidateFor(caller: Caller, typed: string): Promise<Candidate | null> {
  if (!typed) return caller.person.role === 'none' ? { value: `person:${caller.person.id}`, text: caller.person.name } : null;
  const found = await searchPeople(caller.desk.db, typed, { limit: 2, country: caller.desk.settings.country });
  return found.length === 1 && found[0] ? personCandidate(found[0]) : newCandidate(caller, typed);
}

export function personCandidate({ person, contact }: FoundPerson): Candidate {
  return { value: `person:${person.id}`, text: contact && contact !== person.name ? `${person.name} · ${contact}` : person.name };
}

export function newCandidate({ desk, t }: Caller, typed: string): Candidate {
  const phone = normalPhone(typed, desk.settings.country);
  return { value: `new:${phone ?? typed}`.slice(0, 150), text: t('modals:create.new_person', { words: typed }).slice(0, 75) };
}
