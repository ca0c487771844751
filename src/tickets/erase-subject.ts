import { randomBytes } from 'node:crypto';
import { eq, inArray, or } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { Failure } from '#failure.ts';
import type { Desk } from './desk.ts';
import type { Term } from './erase-terms.ts';
import { identitiesOf, normalAddress, normalPhone, type IdentityKind, personBy, type Person } from './people.ts';

/** Whom an operator's question is about, and everything they are called here. */
export interface Subject {
  /** Null for somebody who left traces (a quarantined mail, a copy) but never became a person. */
  person: Person | null;
  addresses: string[];
  phones: string[];
  slackIds: string[];
  names: string[];
}

/** Somebody by address, phone number or Slack id. Throws Failure when nothing here is about them. */
export async function findSubject(desk: Desk, reader: Reader, words: string): Promise<Subject> {
  const { kind, value } = readIdentity(desk, words);
  const person = (await personBy(reader, kind, value)) ?? null;
  const identities = person ? await identitiesOf(reader, [person.id]) : [];
  const valuesOf = (wanted: IdentityKind) => [
    ...new Set([...(kind === wanted ? [value] : []), ...identities.filter((one) => one.kind === wanted).map((one) => one.value)]),
  ];
  const slackUsers = await slackUsersOf(reader, valuesOf('slack'), valuesOf('email'));
  const addresses = [...new Set([...valuesOf('email'), ...slackUsers.flatMap((user) => user.email ?? [])])];
  const subject = {
    person,
    addresses,
    phones: valuesOf('phone'),
    slackIds: [...new Set([...valuesOf('slack'), ...slackUsers.map((user) => user.id)])],
  };
  if (!person && slackUsers.length === 0 && !(await hasTraces(reader, value))) throw new Failure('person.unknown', { address: words });
  const displays = identities.flatMap((one) => (one.kind === 'slack' ? [one.display] : []));
  const given = [person?.name ?? '', ...displays, ...slackUsers.map((user) => user.name), ...(await namesOnMails(reader, addresses))];
  return { ...subject, names: properNames(given, [...addresses, ...subject.slackIds, ...subject.phones]) };
}

function readIdentity(desk: Desk, words: string): { kind: IdentityKind; value: string } {
  const text = words
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^<(.*)>$/, '$1');
  if (text.includes('@')) return { kind: 'email', value: normalAddress(text) };
  if (/^[UW][A-Z0-9]{5,}$/.test(text)) return { kind: 'slack', value: text };
  const phone = normalPhone(text, desk.settings.country);
  if (!phone) throw new Failure('person.unclear', { text: words });
  return { kind: 'phone', value: phone };
}

async function slackUsersOf(reader: Reader, ids: string[], addresses: string[]) {
  const { slackUsers } = reader.tables;
  if (ids.length + addresses.length === 0) return [];
  return reader
    .select()
    .from(slackUsers)
    .where(or(inArray(slackUsers.id, ids), inArray(slackUsers.email, addresses)));
}

async function hasTraces(reader: Reader, value: string): Promise<boolean> {
  const { mails, deliveryRecipients, automaticMails } = reader.tables;
  const looks = [
    reader
      .select({ id: mails.id })
      .from(mails)
      .where(or(eq(mails.fromAddress, value), eq(mails.envelopeFrom, value))),
    reader.select({ id: deliveryRecipients.id }).from(deliveryRecipients).where(eq(deliveryRecipients.address, value)),
    reader.select({ id: automaticMails.id }).from(automaticMails).where(eq(automaticMails.address, value)),
  ];
  for (const look of looks) if ((await look.limit(1)).length > 0) return true;
  return false;
}

const MAX_NAMES = 20;

async function namesOnMails(reader: Reader, addresses: string[]): Promise<string[]> {
  const { deliveryRecipients } = reader.tables;
  if (addresses.length === 0) return [];
  const rows = await reader
    .selectDistinct({ name: deliveryRecipients.name })
    .from(deliveryRecipients)
    .where(inArray(deliveryRecipients.address, addresses))
    .limit(MAX_NAMES);
  return rows.map((row) => row.name);
}

/** An address or a number that stands for a name is looked for as what it is. */
function properNames(names: string[], known: string[]): string[] {
  const taken = new Set(known.map((one) => one.toLowerCase()));
  return [...new Set(names.map((name) => name.trim()))].filter(
    (name) => /\p{L}/u.test(name) && !name.includes('@') && !taken.has(name.toLowerCase()),
  );
}

export interface Terms {
  /** Nobody else is called so: looked for everywhere. */
  exact: Term[];
  /** Others may be called so too: looked for where the person had a part. */
  names: Term[];
  /** Single words of them: only on the person's own tickets, where colleagues talk about nobody else. */
  nameParts: Term[];
}

export function termsOf(subject: Subject): Terms {
  const secret = randomBytes(8).toString('hex');
  let next = 0;
  const term =
    (kind: Term['kind']) =>
    (text: string): Term => ({ kind, text, token: `erased-${secret}-${(next += 1)}` });
  const parts = new Set(subject.names.flatMap((name) => name.split(/[\s,]+/)));
  return {
    exact: [...subject.addresses.map(term('email')), ...subject.phones.map(term('phone')), ...subject.slackIds.map(term('slack'))],
    names: subject.names.map(term('name')),
    nameParts: [...parts].filter((part) => /\p{L}{3}/u.test(part)).map(term('part')),
  };
}

/** Full names are rarely ordinary words, so they may be looked for where no ticket says whom it is about. */
export function fullNames(terms: Terms): Term[] {
  return terms.names.filter((term) => /\s/.test(term.text));
}

/** Erasing an agent would take the desk's own answers along; erasing our own address would take everything. */
export async function mustBeErasable(reader: Reader, subject: Subject): Promise<void> {
  const { addresses } = reader.tables;
  if (subject.person && subject.person.role !== 'none') throw new Failure('person.has_role', { name: subject.person.name });
  const [own] = await reader
    .select({ address: addresses.address })
    .from(addresses)
    .where(inArray(addresses.address, subject.addresses))
    .limit(1);
  if (own) throw new Failure('person.own_address', { address: own.address });
}
