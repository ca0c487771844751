import { eq } from 'drizzle-orm';
import type { Writer } from '#db/database.ts';
import { languageOf } from '#i18n.ts';
import { type Desk, SYSTEM } from './desk.ts';
import { record } from './events.ts';
import { isConfirmed, isSure, laterLanguage, type TextLanguage } from './language.ts';
import type { Ticket } from './find.ts';
import type { Person } from './people.ts';

/** What a sure text said of this person stands until they write otherwise, or until a person confirms one. */
export async function learnOfPerson(desk: Desk, tx: Writer, person: Person, text: TextLanguage | null): Promise<void> {
  const code = languageOf(text?.code);
  if (!text || !code || !isSure(text) || isConfirmed(person.languageSource)) return;
  if (person.language === code && person.languageSource === 'text') return;
  const { people } = tx.tables;
  await tx.update(people).set({ language: code, languageSource: 'text', updatedAt: desk.clock.now() }).where(eq(people.id, person.id));
}

/** Two sure mails of the requester in a row, or a long one, change their ticket's language. */
export async function learnOfTicket(desk: Desk, tx: Writer, ticket: Ticket, text: TextLanguage | null): Promise<void> {
  const next = laterLanguage(ticket, text);
  if (next.language === ticket.language && next.nextLanguage === ticket.nextLanguage) return;
  const isChanged = next.language !== ticket.language;
  const { tickets } = tx.tables;
  await tx
    .update(tickets)
    .set({
      ...next,
      ...(isChanged
        ? {
            languageSource: 'text',
            languageConfidence: text ? Math.round(text.confidence * 100) : null,
            previousLanguage: ticket.language,
          }
        : {}),
    })
    .where(eq(tickets.id, ticket.id));
  if (!isChanged) return;
  await record(desk, tx, ticket.id, SYSTEM, { type: 'ticket.language', data: { from: ticket.language, to: next.language, why: 'text' } });
}
