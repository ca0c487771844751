import { eq } from 'drizzle-orm';
import type { Database } from '#db/database.ts';
import type { Role } from '#db/words.ts';
import { plainDocument } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import { defaultGroup, type Ticket } from '#tickets/find.ts';
import { openTicket, type TicketDraft } from '#tickets/open.ts';
import { ensurePerson, type Person } from '#tickets/people.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

export async function openDesk(db: Database): Promise<TestDesk & { defaultGroupId: number }> {
  const desk = await testDesk(db);
  return { ...desk, defaultGroupId: (await defaultGroup(db)).id };
}

/** Somebody of the workspace. */
export function addPerson(desk: Desk, name: string, role: Role = 'none', slackId = `U${name.toUpperCase()}`): Promise<Person> {
  return desk.db.transaction('a person', async (tx) => {
    const person = await ensurePerson(desk, tx, { kind: 'slack', value: slackId, name });
    await tx.update(tx.tables.people).set({ role }).where(eq(tx.tables.people.id, person.id));
    return { ...person, role };
  });
}

export function addCustomer(desk: Desk, name: string): Promise<Person> {
  return desk.db.transaction('a customer', (tx) =>
    ensurePerson(desk, tx, { kind: 'email', value: `${name.toLowerCase()}@customer.test`, name }),
  );
}

export async function addTicket(desk: Desk, requesterId: number, draft: Partial<TicketDraft> = {}): Promise<Ticket> {
  const { ticket } = await openTicket(desk, {
    subject: 'Printer',
    channel: 'email',
    requesterId,
    by: { kind: 'person', id: requesterId },
    body: { authorId: requesterId, direction: 'in', visibility: 'public', via: 'email', body: plainDocument('It does not print.') },
    language: { code: 'en', source: 'system' },
    isAnswerable: false,
    ...draft,
  });
  return ticket;
}
