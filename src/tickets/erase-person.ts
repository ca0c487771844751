import { and, between, eq, inArray, isNotNull, isNull, like, or } from 'drizzle-orm';
import { later, SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { translator } from '#i18n.ts';
import { type Actor, change, type Desk, queue } from './desk.ts';
import { dropFiles } from './erase-files.ts';
import { withoutWords } from './erase-events.ts';
import { count, inBatches, type Tally } from './erase-tally.ts';
import type { Subject } from './erase-subject.ts';
import { erasedWords, eraseMails, eraseRecipients, queueSlackErasure } from './erase-ticket.ts';
import { ownTickets } from './erase-tickets.ts';
import { audit } from './roles.ts';

/** The files of a mail are written with its fate, in one transaction. */
const SAME_MOMENT = 2 * SECOND;

/** Mail of theirs that belongs to no ticket: quarantined, ignored, a duplicate. Its files hang on no comment. */
export function eraseLooseMails(desk: Desk, { addresses }: Subject, tally: Tally): Promise<void> {
  return change(desk, 'erase loose mail', async (tx) => {
    const { mails, files } = tx.tables;
    const isTheirs = and(isNull(mails.ticketId), or(inArray(mails.fromAddress, addresses), inArray(mails.envelopeFrom, addresses)));
    const moments = await tx
      .select({ at: mails.processedAt })
      .from(mails)
      .where(and(isTheirs, isNotNull(mails.processedAt)));
    for (const { at } of moments) {
      if (!at) continue;
      const written = await tx
        .select({ id: files.id })
        .from(files)
        .where(between(files.createdAt, later(at, -SAME_MOMENT), at));
      await dropFiles(
        desk,
        tx,
        written.map((file) => file.id),
        tally,
      );
    }
    await eraseMails(desk, tx, isTheirs, tally);
  });
}

/** Private messages Tiketti sent them in Slack; their keys end with whom they were for. */
export function eraseTold(desk: Desk, { slackIds }: Subject): Promise<void> {
  return change(desk, 'erase private messages', async (tx, desk) => {
    const { slackPosts } = tx.tables;
    for (const id of slackIds) {
      const told = await tx
        .select({ id: slackPosts.id })
        .from(slackPosts)
        .where(like(slackPosts.key, `tell:%:${id}`));
      const wishes = told.map((post) => ({
        kind: 'slack.erase',
        key: `erase-post:${post.id}`,
        payload: { postId: post.id },
        runAt: desk.clock.now(),
      }));
      await queue(desk, tx, wishes);
    }
  });
}

export interface Farewell {
  subject: Subject;
  by: Actor;
  tally: Tally;
  /** Tickets that were emptied. */
  tickets: number[];
  /** Other people's, which show less than before. */
  touched: number[];
}

/**
 * The last step: from this commit on nobody here is called so, and their next mail makes a new person. False, and nothing
 * changed, when they wrote meanwhile: then there is more to erase first.
 */
export function forgetPerson(desk: Desk, farewell: Farewell): Promise<boolean> {
  return change(desk, 'forget person', async (tx, desk) => {
    const { subject, tally, by } = farewell;
    if (await wroteMeanwhile(tx, subject, farewell.tickets)) return false;
    await forgetPlaces(tx, subject, tally);
    await forgetSources(tx, farewell.tickets);
    if (subject.person) await emptyPerson(desk, tx, subject.person.id, tally);
    await queueSlackErasure(desk, tx, [...farewell.tickets, ...farewell.touched]);
    const done = { tickets: farewell.tickets.length, rows: Object.fromEntries(tally) };
    await audit(
      desk,
      tx,
      by.kind === 'person' ? by.id : null,
      'person.erased',
      subject.person ? `person:${subject.person.id}` : 'person',
      done,
    );
    return true;
  });
}

async function wroteMeanwhile(reader: Reader, subject: Subject, known: number[]): Promise<boolean> {
  if (!subject.person) return false;
  const emptied = new Set(known);
  if ((await ownTickets(reader, subject)).some((id) => !emptied.has(id))) return true;
  const { tickets, comments } = reader.tables;
  const left = await reader
    .select({ id: comments.id })
    .from(comments)
    .innerJoin(tickets, eq(tickets.id, comments.ticketId))
    .where(and(eq(tickets.requesterId, subject.person.id), isNull(comments.redactedAt)))
    .limit(1);
  return left.length > 0;
}

/** Which message a ticket was made of is told in the report; after it nobody asks. */
export async function forgetSources(tx: Writer, ticketIds: number[]): Promise<void> {
  const { tickets } = tx.tables;
  for (const ids of inBatches(ticketIds))
    await tx.update(tickets).set({ sourceChannel: null, sourceTs: null }).where(inArray(tickets.id, ids));
}

/** Where addresses stand for people: budgets, recipients of other people's mail, what Slack told of a member. */
async function forgetPlaces(tx: Writer, { addresses, slackIds }: Subject, tally: Tally): Promise<void> {
  const { automaticMails, deliveryRecipients, slackUsers } = tx.tables;
  const places = [...addresses, ...slackIds];
  for (const batch of inBatches(places)) {
    await eraseRecipients(tx, inArray(deliveryRecipients.address, batch), tally);
    const spent = await tx.delete(automaticMails).where(inArray(automaticMails.address, batch)).returning({ id: automaticMails.id });
    const users = await tx
      .delete(slackUsers)
      .where(or(inArray(slackUsers.id, batch), inArray(slackUsers.email, batch)))
      .returning({ id: slackUsers.id });
    count(tally, 'automatic_mails', spent.length);
    count(tally, 'slack_users', users.length);
  }
}

/** The row stays for the tickets that count it. */
async function emptyPerson(desk: Desk, tx: Writer, personId: number, tally: Tally): Promise<void> {
  const { people, identities, groupMembers, ticketPeople, audit: log } = tx.tables;
  const now = desk.clock.now();
  const nameless = { name: translator(desk.settings.language)('privacy:person'), organizationId: null, signatures: {}, timeZone: null };
  const unknown = { language: null, languageSource: null, nextLanguage: null, hintedAt: null, askedToJoinAt: null };
  await tx
    .update(people)
    .set({ ...nameless, ...unknown, updatedAt: now, erasedAt: now })
    .where(eq(people.id, personId));
  count(tally, 'people', 1);
  count(
    tally,
    'identities',
    (await tx.delete(identities).where(eq(identities.personId, personId)).returning({ id: identities.id })).length,
  );
  await tx.delete(groupMembers).where(eq(groupMembers.personId, personId));
  count(
    tally,
    'ticket_people',
    (await tx.delete(ticketPeople).where(eq(ticketPeople.personId, personId)).returning({ id: ticketPeople.ticketId })).length,
  );
  const said = await tx
    .select({ id: log.id, action: log.action, data: log.data })
    .from(log)
    .where(eq(log.subject, `person:${personId}`));
  for (const { id, action, data } of said) {
    const kept = action === 'role.changed' ? ['from', 'to'] : [];
    await tx
      .update(log)
      .set({ data: withoutWords(data, kept, erasedWords(desk)) })
      .where(eq(log.id, id));
  }
  await tx.index('person', personId, '');
}
