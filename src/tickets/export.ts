import { and, eq, inArray, or } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { findSubject, type Subject } from './erase-subject.ts';
import { ownTickets, sharedTickets } from './erase-tickets.ts';
import { exportFiles, type ExportedFile } from './export-files.ts';
import type { Load } from './export-load.ts';
import { type ExportedMails, exportMails } from './export-mails.ts';
import { type ExportedRows, exportRows } from './export-rows.ts';
import { type ExportedTicket, exportTicket } from './export-tickets.ts';
import { identitiesOf } from './people.ts';
import { audit } from './roles.ts';

/** Everything kept about a person, as plain JSON: what they are given when they ask. Times are ISO 8601. */
export interface PersonExport {
  exportedAt: string;
  person: Row<'people'> | null;
  organization: string | null;
  identities: Row<'identities'>[];
  slackUsers: Row<'slackUsers'>[];
  /** Their own tickets, whole. */
  tickets: ExportedTicket[];
  /** Other people's tickets: only what this person wrote or was sent. */
  partIn: ExportedTicket[];
  mails: ExportedMails['mails'];
  mailsNaming: ExportedMails['mailsNaming'];
  files: ExportedFile[];
  audit: Row<'audit'>[];
  /** Whatever else is kept of them, by table. */
  rows: ExportedRows;
}

/** Throws Failure for an unknown address. Who asked is written into the audit log. */
export async function exportPerson(desk: Desk, address: string, by?: Actor): Promise<PersonExport> {
  const subject = await findSubject(desk, desk.db.aside, address);
  const own = await ownTickets(desk.db.aside, subject);
  const shared = await sharedTickets(desk.db.aside, subject, own);
  const load: Load = { bytes: 0 };
  const tickets: ExportedTicket[] = [];
  for (const id of own) tickets.push(await exportTicket(desk, id, { of: null, load }));
  const partIn: ExportedTicket[] = [];
  for (const id of shared) partIn.push(await exportTicket(desk, id, { of: subject, load }));
  const exported = {
    exportedAt: desk.clock.now().toISOString(),
    ...(await identityOf(desk.db.aside, subject)),
    tickets,
    partIn,
    files: await exportFiles(desk, [...tickets, ...partIn], load),
    ...(await exportMails(desk, { subject, own, load })),
    rows: await exportRows(desk, subject, own),
  };
  await change(desk, 'export person', (tx, desk) =>
    audit(desk, tx, by?.kind === 'person' ? by.id : null, 'person.exported', subject.person ? `person:${subject.person.id}` : 'person', {
      tickets: own.length,
    }),
  );
  return exported;
}

async function identityOf(
  reader: Reader,
  subject: Subject,
): Promise<Pick<PersonExport, 'person' | 'organization' | 'identities' | 'slackUsers' | 'audit'>> {
  const { organizations, slackUsers, audit: log } = reader.tables;
  const { person } = subject;
  const [organization] = person?.organizationId
    ? await reader.select({ name: organizations.name }).from(organizations).where(eq(organizations.id, person.organizationId))
    : [];
  const isTheirs = or(inArray(slackUsers.id, subject.slackIds), inArray(slackUsers.email, subject.addresses));
  return {
    person,
    organization: organization?.name ?? null,
    identities: person ? await identitiesOf(reader, [person.id]) : [],
    slackUsers: subject.slackIds.length + subject.addresses.length > 0 ? await reader.select().from(slackUsers).where(isTheirs) : [],
    audit: person
      ? await reader
          .select()
          .from(log)
          .where(and(or(eq(log.subject, `person:${person.id}`), eq(log.actorId, person.id))))
          .orderBy(log.id)
      : [],
  };
}
