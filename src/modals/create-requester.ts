import type { Writer } from '#db/database.ts';
import { Failure } from '#failure.ts';
import type { Desk } from '#tickets/desk.ts';
import { addIdentity, ensurePerson, normalAddress, normalPhone, type Person, personBy, personById } from '#tickets/people.ts';
import { chosenPerson, type CreateInput } from './create-parse.ts';

/** Who was chosen, or the new person that was typed; somebody known by one of their identities is no new person. */
export async function requesterFor(desk: Desk, tx: Writer, input: CreateInput): Promise<Person> {
  const chosen = chosenPerson(input);
  if (chosen !== null) {
    const person = await personById(tx, chosen);
    if (!person || person.erasedAt) throw new Failure('person.gone');
    return person;
  }
  const typed = input.requester.slice('new:'.length).trim();
  const phone = normalPhone(typed, desk.settings.country);
  const address = input.newEmail ?? (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed) ? typed : undefined);
  const name = input.newName ?? (phone || typed.includes('@') ? null : typed);
  const first = phone
    ? { kind: 'phone' as const, value: phone, display: phone, name }
    : address
      ? { kind: 'email' as const, value: normalAddress(address), display: address, name }
      : null;
  if (!first) return namedPerson(desk, tx, name);
  const known = address ? await personBy(tx, 'email', normalAddress(address)) : undefined;
  if (phone && known && !(await personBy(tx, 'phone', phone))) {
    // Somebody who wrote before now calls: one human, one more identity.
    await addIdentity(desk, tx, known.id, { kind: 'phone', value: phone, display: phone });
    return known;
  }
  const person = await ensurePerson(desk, tx, first);
  if (phone && address && !known)
    await addIdentity(desk, tx, person.id, { kind: 'email', value: normalAddress(address), display: address });
  return person;
}

/** Somebody known only by name: they can be called back, not written to. */
async function namedPerson(desk: Desk, tx: Writer, name: string | null): Promise<Person> {
  if (!name) throw new Failure('ticket.requester_unclear');
  const now = desk.clock.now();
  const [person] = await tx.insert(tx.tables.people).values({ name, signatures: {}, createdAt: now, updatedAt: now }).returning();
  if (!person) throw new Error('A person was not written.');
  await tx.index('person', person.id, name);
  return person;
}
