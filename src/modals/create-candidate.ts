import type { Caller } from '#slack/doors.ts';
import { normalPhone } from '#tickets/people.ts';
import { type FoundPerson, searchPeople } from '#tickets/search.ts';
import type { Candidate, CreateData } from './create.ts';
import type { TypedWords } from './create-typed.ts';

/** What the form begins with. */
export interface Beginning {
  requester: Candidate | null;
  draft: NonNullable<CreateData['draft']>;
  /** Several people are called that: the picker shows them. */
  searched?: string;
}

/** Nothing was typed: who is not of the team asks for themselves. */
export function nobodyYet({ person }: Pick<Caller, 'person'>): Beginning {
  return { requester: person.role === 'none' ? { value: `person:${person.id}`, text: person.name } : null, draft: {} };
}

/** What `/ticket create Liisa 040 123 4567` means: somebody known, or what a new person begins with; else it is the subject. */
export async function beginningOf(caller: Caller, typed: TypedWords): Promise<Beginning> {
  const { phone, address, rest } = typed;
  if (phone === null && address === null) return byName(caller, typed);
  const known = await only(caller, phone ?? address ?? '');
  if (known) return { requester: personCandidate(known), draft: isNameOf(known, typed) ? {} : subjectOf(rest) };
  const requester = newCandidate(caller, phone ?? address ?? '');
  // One word in lower case beside a number is whose it is; several say what for.
  const isName = typed.isName === 'yes' || (typed.isName === 'maybe' && !rest.includes(' '));
  const draft = isName ? { newName: rest } : subjectOf(rest);
  return { requester, draft: { ...draft, newEmail: address ?? undefined } };
}

async function byName(caller: Caller, { rest, isName }: TypedWords): Promise<Beginning> {
  const nobody = nobodyYet(caller);
  if (isName === 'no') return { ...nobody, draft: subjectOf(rest) };
  const found = await people(caller, rest);
  const [first, ...others] = found;
  if (first && others.length > 0) return { requester: null, draft: {}, searched: rest };
  if (first) return { requester: personCandidate(first), draft: {} };
  return isName === 'yes' ? { requester: newCandidate(caller, rest), draft: {} } : { ...nobody, draft: subjectOf(rest) };
}

function subjectOf(rest: string): CreateData['draft'] & object {
  return rest === '' ? {} : { subject: rest };
}

function isNameOf({ person }: FoundPerson, { rest, isName }: TypedWords): boolean {
  const names = person.name.toLowerCase().split(' ');
  return isName === 'yes' || rest.split(' ').every((word) => names.includes(word.toLowerCase()));
}

async function only(caller: Caller, words: string): Promise<FoundPerson | undefined> {
  const [first, ...others] = await people(caller, words);
  return others.length === 0 ? first : undefined;
}

function people({ desk }: Caller, words: string): Promise<FoundPerson[]> {
  return searchPeople(desk.db, words, { limit: 2, country: desk.settings.country });
}

export function personCandidate({ person, contact }: FoundPerson): Candidate {
  return { value: `person:${person.id}`, text: contact && contact !== person.name ? `${person.name} · ${contact}` : person.name };
}

export function newCandidate({ desk, t }: Caller, typed: string): Candidate {
  const phone = normalPhone(typed, desk.settings.country);
  return { value: `new:${phone ?? typed}`.slice(0, 150), text: t('modals:create.new_person', { words: typed }).slice(0, 75) };
}
