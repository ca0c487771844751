import { eq } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { documentText } from '#text/document.ts';
import { openMatters, type Ticket } from './find.ts';
import type { Person } from './people.ts';
import { isSameMatter } from './same-matter.ts';

const MAX_MATTERS = 30;

/** Tickets of the requester or their organization that these words may be about: alive, or solved since. */
export async function alikeMatters(
  reader: Reader,
  { person, words, since }: { person: Pick<Person, 'id' | 'organizationId'>; words: string; since: Date },
): Promise<Ticket[]> {
  if (words.trim() === '') return [];
  const matters = await openMatters(reader, person, since, MAX_MATTERS);
  const alike: Ticket[] = [];
  for (const ticket of matters) {
    if (isSameMatter(words, `${ticket.subject} ${await firstWords(reader, ticket.id)}`)) alike.push(ticket);
  }
  return alike;
}

async function firstWords(reader: Reader, ticketId: number): Promise<string> {
  const { comments } = reader.tables;
  const [first] = await reader
    .select({ document: comments.document })
    .from(comments)
    .where(eq(comments.ticketId, ticketId))
    .orderBy(comments.id)
    .limit(1);
  return first ? documentText(first.document) : '';
}
