import { isUniqueViolation, type Reader } from '#db/database.ts';
import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import { section } from '#slack/card.ts';
import type { Caller, Modal, Submission } from '#slack/doors.ts';
import { isSlackError } from '#slack/lanes.ts';
import { escape } from '#slack/mrkdwn.ts';
import { plainDocument } from '#text/document.ts';
import { change } from '#tickets/desk.ts';
import { commentBySource, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { note } from '#tickets/note.ts';
import { CREATE, type CreateInput, type CreateMetadata, parseCreate, readMetadata } from './create.ts';
import { readMessage } from './create-message.ts';
import { type Creation, openFromForm } from './create-open.ts';
import { isAuthor, fingerprint, refuseIfMade } from './create-source.ts';
import { blockOf, valueIn } from './fields.ts';

export const createModal: Modal = {
  id: CREATE,
  async submit(caller) {
    const parsed = parseCreate(caller.state);
    if ('errors' in parsed)
      return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, caller.t(`failures:${key}`)])) };
    const metadata = readMetadata(caller.metadata);
    if (await hasColleaguesSubject(caller, parsed.input, metadata))
      return { errors: { subject: caller.t('failures:ticket.subject_of_colleague') } };
    const message = metadata.source ? await readMessage(caller, metadata.source) : null;
    const creation = { input: parsed.input, metadata, person: caller.person, sourceKey: `view:${caller.viewId}`, message };
    await announce(caller, creation, await makeOnce(caller, creation));
    return undefined;
  },
};

interface Made {
  ticket: Ticket;
  /** False when it was added to a ticket that was there. */
  isNew: boolean;
}

const TRIES = 3;

/**
 * One submission makes one ticket, however often Slack sends it: the view's id is the comment's source. Whatever else
 * was there first is looked at again: the message may be a ticket by now, the requester somebody who is known.
 */
async function makeOnce(caller: Caller, creation: Creation): Promise<Made> {
  const { desk } = caller;
  for (let tried = 1; ; tried += 1) {
    const made = await madeBefore(desk.db, creation.sourceKey);
    if (made) return made;
    if (creation.metadata.source) await refuseIfMade(caller, creation.metadata.source);
    try {
      return await make(caller, creation);
    } catch (error) {
      if (!isUniqueViolation(error) || tried === TRIES) throw error;
    }
  }
}

function make({ desk, person }: Caller, creation: Creation): Promise<Made> {
  const { input, sourceKey } = creation;
  return change(desk, 'create ticket', async (tx, desk) => {
    if (input.append === 'new') return { ticket: await openFromForm(desk, tx, creation), isNew: true };
    if (person.role === 'none') throw new Failure('role.agent_only');
    const ticket = await mustFind(tx, Number(input.append));
    const body = plainDocument(`${input.subject}\n\n${input.description}`);
    await note(desk, { ticketId: ticket.id, authorId: person.id, body, sourceKey });
    return { ticket, isNew: false };
  });
}

async function madeBefore(reader: Reader, sourceKey: string): Promise<Made | undefined> {
  const comment = await commentBySource(reader, sourceKey);
  return comment && { ticket: await mustFind(reader, comment.ticketId), isNew: comment.isFirst };
}

/** The subject a message began with, kept for somebody who did not write it: they would read a colleague's words. */
async function hasColleaguesSubject(caller: Caller & Submission, input: CreateInput, { source }: CreateMetadata): Promise<boolean> {
  if (!source || blockOf(caller.state, 'subject') !== 'subject') return false;
  if (fingerprint(valueIn(caller.state, 'subject')) !== source.prefilled.subject) return false;
  const personId = input.requester.startsWith('person:') ? Number(input.requester.slice('person:'.length)) : null;
  return !(await isAuthor(caller.desk.db, source, personId));
}

/** The ticket exists now; saying so may fail without harm. */
async function announce(caller: Caller, creation: Creation, { ticket, isNew }: Made): Promise<void> {
  const { desk, slack, t, user } = caller;
  const { metadata } = creation;
  const words = { number: ticketName(desk.settings, ticket), subject: escape(ticket.subject) };
  const done = isNew ? t('modals:create.done', words) : t('modals:create.appended', words);
  const text = [done, ...missing(creation, t)].join('\n');
  try {
    await slack.lanes.call('answer', 'chat.postEphemeral', { channel: metadata.channel, user: user.id, text, blocks: [section(text)] });
  } catch (error) {
    if (!isSlackError(error)) throw error;
    desk.log.debug({ code: error.code }, 'The channel of a command could not be told.');
  }
}

/** What of the message did not come along. */
function missing({ metadata, message }: Creation, t: Translate): string[] {
  const { source } = metadata;
  if (!source) return [];
  if (!message) return source.isCut || source.fileCount > 0 ? [t('modals:create.message_unread')] : [];
  return message.missingFiles > 0 ? [t('modals:create.files_missing', { count: message.missingFiles })] : [];
}
