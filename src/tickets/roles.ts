import { and, count, eq, ne } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import type { Role } from '#db/words.ts';
import { Failure } from '#failure.ts';
import { change, type Desk } from './desk.ts';
import { isAgent, type Person, personById } from './people.ts';

/** An admin gives or takes a role. The last admin can't be lost. */
export function setRole(desk: Desk, personId: number, role: Role, byId: number): Promise<Person> {
  return change(desk, 'role', async (tx, desk) => {
    const by = await personById(tx, byId);
    if (by?.role !== 'admin') throw new Failure('role.admin_only');
    const person = await personById(tx, personId);
    if (!person || person.erasedAt) throw new Failure('person.gone');
    if (person.role === role) return person;
    if (person.role === 'admin' && (await adminCount(tx)) <= 1) throw new Failure('role.last_admin');
    await tx.update(tx.tables.people).set({ role, updatedAt: desk.clock.now() }).where(eq(tx.tables.people.id, personId));
    await audit(desk, tx, byId, 'role.changed', `person:${personId}`, { from: person.role, to: role });
    return { ...person, role };
  });
}

/** Makes an agent of somebody who is less. Null when they are one already, or more. */
export function addAgent(desk: Desk, personId: number, byId: number): Promise<Person | null> {
  return change(desk, 'add agent', async (tx, desk) => {
    const person = await personById(tx, personId);
    if (person && isAgent(person)) return mustBeAdmin(tx, byId).then(() => null);
    return setRole(desk, personId, 'agent', byId);
  });
}

/** The request an admin was shown, and no other: somebody may have answered it, or taken the role away since. */
export function acceptRequest(desk: Desk, request: { personId: number; askedAt: number }, byId: number): Promise<Person> {
  return change(desk, 'accept request', async (tx, desk) => {
    await mustBeAdmin(tx, byId);
    const person = await personById(tx, request.personId);
    const isOpen = person?.askedToJoinAt?.getTime() === request.askedAt;
    const joined = isOpen ? await addAgent(desk, request.personId, byId) : null;
    if (!joined) throw new Failure('join.settled');
    await tx.update(tx.tables.people).set({ askedToJoinAt: null }).where(eq(tx.tables.people.id, joined.id));
    return joined;
  });
}

/** Returns when; nobody asks while there is no admin to hear it. */
export function markAsked(desk: Desk, personId: number): Promise<Date> {
  return change(desk, 'ask to join', async (tx, desk) => {
    if ((await adminCount(tx)) === 0) throw new Failure('join.no_admin');
    const askedToJoinAt = desk.clock.now();
    await tx.update(tx.tables.people).set({ askedToJoinAt }).where(eq(tx.tables.people.id, personId));
    return askedToJoinAt;
  });
}

/** At first start: these people are admins, if nobody is yet. Returns whether it made any. */
export async function firstAdmins(desk: Desk, tx: Writer, personIds: number[]): Promise<boolean> {
  if (personIds.length === 0 || (await adminCount(tx)) > 0) return false;
  for (const id of personIds) {
    await tx.update(tx.tables.people).set({ role: 'admin', updatedAt: desk.clock.now() }).where(eq(tx.tables.people.id, id));
    await audit(desk, tx, null, 'role.changed', `person:${id}`, { from: 'none', to: 'admin' });
  }
  return true;
}

export async function adminCount(reader: Reader): Promise<number> {
  const [row] = await reader.select({ admins: count() }).from(reader.tables.people).where(eq(reader.tables.people.role, 'admin'));
  return row?.admins ?? 0;
}

/** People with any role, with their Slack ids. */
export async function team(reader: Reader): Promise<(Person & { slackId: string | null })[]> {
  const { people, identities } = reader.tables;
  const rows = await reader
    .select({ person: people, slackId: identities.value })
    .from(people)
    .leftJoin(identities, and(eq(identities.personId, people.id), eq(identities.kind, 'slack')))
    .where(ne(people.role, 'none'))
    .orderBy(people.name)
    .limit(500);
  return rows.map((row) => ({ ...row.person, slackId: row.slackId }));
}

export async function mustBeAgent(reader: Reader, personId: number): Promise<Person> {
  const person = await personById(reader, personId);
  if (!person || !isAgent(person)) throw new Failure('role.agent_only');
  return person;
}

export async function mustBeAdmin(reader: Reader, personId: number): Promise<Person> {
  const person = await personById(reader, personId);
  if (person?.role !== 'admin') throw new Failure('role.admin_only');
  return person;
}

/** Who changed what an admin may be asked about. */
export async function audit(
  desk: Desk,
  tx: Writer,
  actorId: number | null,
  action: string,
  subject: string,
  data: Row<'audit'>['data'],
): Promise<void> {
  await tx.insert(tx.tables.audit).values({ actorId, action, subject, data, at: desk.clock.now() });
}
