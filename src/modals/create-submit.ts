import { isUniqueViolation } from '#db/database.ts';
import { Failure } from '#failure.ts';
import { section } from '#slack/card.ts';
import type { Caller, Modal, Submission } from '#slack/doors.ts';
import { isSlackError } from '#slack/lanes.ts';
import { escape } from '#slack/mrkdwn.ts';
import { plainDocument } from '#text/document.ts';
import { addThread } from '#slack/threads.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { type Ticket, ticketName } from '#tickets/find.ts';
import { chooseLanguage } from '#tickets/language.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import type { CommentDraft } from '#tickets/comment.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Person } from '#tickets/people.ts';
import { SECOND } from '#clock.ts';
import { requesterFor } from './create-requester.ts';
import { fingerprint, isAuthor, type MessageSource } from './create-source.ts';
import { blockOf, valueIn } from './fields.ts';
import { CREATE, type CreateInput, type CreateMetadata, parseCreate, readMetadata } from './create.ts';

export const createModal: Modal = {
  id: CREATE,
  async submit(caller) {
    const parsed = parseCreate(caller.state);
    if ('errors' in parsed)
      return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, caller.t(`failures:${key}`)])) };
    const metadata = readMetadata(caller.metadata);
    if (await hasColleaguesSubject(caller, parsed.input, metadata))
      return { errors: { subject: caller.t('failures:ticket.subject_of_colleague') } };
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
        if (person.role === 'none') throw new Failure('role.agent_only');
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
        body: await firstComment(tx, { input, metadata, requester, person, sourceKey }),
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
      if (metadata.source && (await isAuthor(tx, metadata.source, requester.id))) await addSourceThread(desk, tx, ticket, metadata.source);
      return ticket;
    });
  } catch (error) {
    if (isUniqueViolation(error)) return null;
    throw error;
  }
}

/** From now on what the author writes under their message is for the ticket. A thread has one root, whichever message of it was taken. */
async function addSourceThread(desk: Desk, tx: Writer, ticket: Ticket, source: MessageSource): Promise<void> {
  const ts = source.threadTs ?? source.ts;
  await addThread(desk, tx, { channel: source.channel, ts, ticketId: ticket.id, kind: 'requester', sideId: null });
}

const MAX_WORK_SECONDS = 4 * 3_600;

interface First {
  input: CreateInput;
  metadata: CreateMetadata;
  requester: Person;
  person: Person;
  sourceKey: string;
}

/** What staff write down is the team's. Public are only the requester's own words, as they wrote them. */
async function firstComment(reader: Reader, { input, metadata, requester, person, sourceKey }: First): Promise<CommentDraft> {
  const { source } = metadata;
  const isTheirs =
    source !== undefined &&
    fingerprint(input.description) === source.prefilled.description &&
    (await isAuthor(reader, source, requester.id));
  return {
    authorId: isTheirs ? requester.id : person.id,
    direction: 'in',
    visibility: isTheirs ? 'public' : 'internal',
    via: input.channel,
    body: plainDocument(input.description),
    sourceKey,
  };
}

/** The subject a message began with, kept for somebody who did not write it: they would read a colleague's words. */
async function hasColleaguesSubject(caller: Caller & Submission, input: CreateInput, { source }: CreateMetadata): Promise<boolean> {
  if (!source || blockOf(caller.state, 'subject') !== 'subject') return false;
  if (fingerprint(valueIn(caller.state, 'subject')) !== source.prefilled.subject) return false;
  const personId = input.requester.startsWith('person:') ? Number(input.requester.slice('person:'.length)) : null;
  return !(await isAuthor(caller.desk.db, source, personId));
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
