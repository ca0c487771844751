import { eq, inArray } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { change, type Desk, SYSTEM } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';
import type { Ticket } from '#tickets/find.ts';
import { type Chosen, chooseLanguage } from '#tickets/language.ts';
import { learnOfPerson } from '#tickets/learn-language.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import { isAgent, type Person } from '#tickets/people.ts';
import { plainDocument } from '#text/document.ts';
import { ensureMailbox, idOf, isAnswerable, letterBody, letterFiles } from './letter-body.ts';
import { type Arrival, type Fate, verdictOf, withoutPlus, writerOf } from './arrival.ts';
import { copiedPeople } from './copied.ts';
import { noteTooLarge } from './too-large.ts';
import { ownSubject } from './subject-tag.ts';
import type { Letter } from './understand/letter.ts';

/** A new ticket from a mail; `related` is one it points at although its sender doesn't belong there. */
export function openFromMail(desk: Desk, arrival: Arrival, related: Ticket | null): Promise<Fate> {
  return change(desk, 'open from mail', async (tx, desk) => {
    const { letter, mail } = arrival;
    const verdict = verdictOf(arrival);
    const sender = await ensureMailbox(desk, tx, writerOf(letter));
    const requester = await requesterOf(desk, tx, arrival, sender);
    const address = await addressedTo(tx, arrival);
    const body = letterBody(letter, 'first');
    const language = languageOfLetter(desk, letter, { requester, address: address?.language ?? address?.groupLanguage ?? null });
    const { ticket, comment } = await openTicket(desk, {
      subject: ownSubject(desk.settings, letter.subject) || firstWords(letter.text),
      channel: 'email',
      requesterId: requester.id,
      by: { kind: 'person', id: sender.id },
      body: {
        authorId: requester.id,
        direction: 'in',
        visibility: 'public',
        via: 'email',
        body: body.document,
        fullText: body.fullText,
        hiddenLines: body.hiddenLines,
        files: letterFiles(arrival),
        sourceKey: `mail:${mail.id}`,
      },
      language,
      groupId: address?.groupId ?? null,
      addressId: address?.id ?? null,
      verdict,
      ccIds: await copiedPeople(desk, tx, arrival),
      followerIds: requester.id === sender.id ? [] : [sender.id],
      mailId: mail.id,
      ...idOf(letter),
      isAnswerable: isAnswerable(letter),
      isImported: mail.isImported,
    });
    await noteTooLarge(desk, tx, { ticketId: ticket.id, mail });
    if (verdict !== 'fail') await learnOfPerson(desk, tx, requester, letter.language);
    if (related) await link(desk, tx, ticket.id, related.id);
    if (requester.id !== sender.id && letter.forwarded?.message.trim()) {
      await note(desk, {
        ticketId: ticket.id,
        authorId: sender.id,
        body: plainDocument(letter.forwarded.message),
        reasons: [{ key: 'mail.forwarded' }],
      });
    }
    return { outcome: 'created', ticketId: ticket.id, ticketNumber: ticket.number, commentId: comment.id, reasons: letter.reasons };
  });
}

/** A forward makes its original sender the requester only when an agent's mail passed authentication: anyone can type a header block. */
async function requesterOf(desk: Desk, tx: Writer, arrival: Arrival, sender: Person): Promise<Person> {
  const { letter } = arrival;
  const original = letter.forwarded?.from;
  if (!original?.address || !isAgent(sender) || verdictOf(arrival) !== 'pass' || letter.requester.why !== 'forward') return sender;
  return ensureMailbox(desk, tx, original);
}

interface Addressed {
  id: number;
  language: string | null;
  groupId: number;
  groupLanguage: string | null;
}

/** Which of our addresses it was written to; the first in the order of the header. */
async function addressedTo(reader: Reader, { mail, letter }: Arrival): Promise<Addressed | undefined> {
  const places = [
    ...letter.to.map((to) => to.address),
    ...letter.cc.map((cc) => cc.address),
    ...mail.envelopeTo,
    ...letter.deliveredTo,
  ].map(withoutPlus);
  const { addresses, groups } = reader.tables;
  const { id, address, language, groupId } = addresses;
  const rows = await reader
    .select({ id, address, language, groupId, groupLanguage: groups.language })
    .from(addresses)
    .innerJoin(groups, eq(groups.id, groupId))
    .where(inArray(address, places.length > 0 ? places : ['']));
  return places.map((place) => rows.find((row) => row.address === place)).find((row) => row !== undefined);
}

function languageOfLetter(desk: Desk, letter: Letter, known: { requester: Person; address: string | null }): Chosen {
  const header = letter.headers['content-language']?.[0] ?? letter.headers['accept-language']?.[0] ?? null;
  return chooseLanguage({
    person: { language: known.requester.language, source: known.requester.languageSource },
    text: letter.language,
    header,
    address: known.address,
    system: desk.settings.language,
  });
}

async function link(desk: Desk, tx: Writer, fromId: number, toId: number): Promise<void> {
  await tx.insert(tx.tables.ticketLinks).values({ kind: 'related', fromId, toId, createdAt: desk.clock.now() }).onConflictDoNothing();
  await record(desk, tx, fromId, SYSTEM, { type: 'ticket.linked', data: { kind: 'related', toId } });
}

/** A mail without a subject is called by its first words. */
function firstWords(text: string): string {
  const line = text.trim().split('\n')[0]?.trim() ?? '';
  return line.length > 60 ? `${line.slice(0, 60)}…` : line || '…';
}
