import { isUniqueViolation } from '#db/database.ts';
import type { Writer } from '#db/database.ts';
import { Failure } from '#failure.ts';
import { section } from '#slack/card.ts';
import type { Caller, Modal, Submission } from '#slack/doors.ts';
import { isSlackError } from '#slack/lanes.ts';
import { escape } from '#slack/mrkdwn.ts';
import { plainDocument } from '#text/document.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { type Ticket, ticketName } from '#tickets/find.ts';
import { chooseLanguage } from '#tickets/language.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import { addIdentity, ensurePerson, normalAddress, normalPhone, type Person, personBy, personById } from '#tickets/people.ts';
import { SECOND } from '#clock.ts';
import { CREATE, type CreateInput, type CreateMetadata, parseCreate, readMetadata } from './create.ts';

export const createModal: Modal = {
  id: CREATE,
  async submit(caller) {
    const parsed = parseCreate(caller.state);
    if ('errors' in parsed)
      return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, caller.t(`failures:${key}`)])) };
    const metadata = readMetadata(caller.metadata);
    const made = await makeTicket(caller, parsed.input, metadata);
    await announce(caller, metadata, made);
    return undefined;
  },
};

/** One submission is one ticket, however often Slack sends it: the view's id is the comment's source. */
async function makeTicket(caller: Caller & Submission, input: CreateInput, metadata: CreateMetadata): Promise<Ticket | null> {
  const { desk, person } = caller;
  const sourceKey = `view:${caller.viewId}`;
  try {
    return await change(desk, 'create ticket', async (tx, desk) => {
      if (input.append !== 'new') {
        await note(desk, {
          ticketId: Number(input.append),
          authorId: person.id,
          body: plainDocument(`${input.subject}\n\n${input.description}`),
          sourceKey,
        });
        return null;
      }
      const requester = await requesterFor(desk, tx, input);
      const workSeconds = Math.max(0, Math.round((desk.clock.now().getTime() - metadata.openedAt) / SECOND));
      const { ticket } = await openTicket(desk, {
        subject: input.subject,
        channel: input.channel,
        requesterId: requester.id,
        by: { kind: 'person', id: person.id },
        // Staff wrote this down for the team during a call: it is theirs, not the customer's.
        body: {
          authorId: person.id,
          direction: 'in',
          visibility: metadata.source ? 'public' : 'internal',
          via: input.channel,
          body: plainDocument(input.description),
          sourceKey,
        },
        language: chooseLanguage({
          person: { language: requester.language, source: requester.languageSource },
          system: desk.settings.language,
        }),
        groupId: input.group ?? null,
        priority: input.priority,
        workSeconds: Math.min(workSeconds, MAX_WORK_SECONDS),
        source: metadata.source ?? null,
        isAnswerable: input.notify === 'email',
      });
      return ticket;
    });
  } catch (error) {
    if (isUniqueViolation(error)) return null;
    throw error;
  }
}

const MAX_WORK_SECONDS = 4 * 3_600;

async function requesterFor(desk: Desk, tx: Writer, input: CreateInput): Promise<Person> {
  if (input.requester.startsWith('person:')) {
    const person = await personById(tx, Number(input.requester.slice('person:'.length)));
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

/** The ticket exists now; saying so may fail without harm. */
async function announce(caller: Caller, metadata: CreateMetadata, ticket: Ticket | null): Promise<void> {
  const { desk, slack, t, user } = caller;
  const text = ticket
    ? t('modals:create.done', { number: ticketName(desk.settings, ticket), subject: escape(ticket.subject) })
    : t('modals:create.appended');
  try {
    await slack.lanes.call('answer', 'chat.postEphemeral', { channel: metadata.channel, user: user.id, text, blocks: [section(text)] });
  } catch (error) {
    if (!isSlackError(error)) throw error;
    desk.log.debug({ code: error.code }, 'The channel of a command could not be told.');
  }
}
