import { isUniqueViolation, type Reader } from '#db/database.ts';
import type { Params } from '#i18n.ts';
import { section } from '#slack/card.ts';
import type { Caller, Modal, Submission, Submitted } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { tell } from '#slack/tell.ts';
import { change } from '#tickets/desk.ts';
import { commentBySource, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { CREATE, type CreateMetadata, createView, readMetadata } from './create.ts';
import { dataFor, offeredMatters } from './create-data.ts';
import { readMessage } from './create-message.ts';
import { appendFromForm, type Creation, openFromForm } from './create-open.ts';
import { chosenPerson, type CreateInput, parseCreate } from './create-parse.ts';
import { isAuthor, fingerprint, refuseIfMade } from './create-source.ts';
import { blockOf, chosenText, valueIn } from './fields.ts';

export const createModal: Modal = {
  id: CREATE,
  fields: {
    'person.gone': 'requester',
    'ticket.requester_unclear': 'requester',
    'ticket.already_made': 'description',
    'ticket.no_address': 'notify',
    'ticket.gone': 'append',
    'ticket.closed': 'append',
    'ticket.not_theirs': 'append',
    'role.agent_only': 'append',
  },
  async submit(caller) {
    const parsed = parseCreate(caller.state);
    if ('errors' in parsed)
      return { errors: Object.fromEntries(Object.entries(parsed.errors).map(([block, key]) => [block, caller.t(`failures:${key}`)])) };
    const metadata = readMetadata(caller.metadata);
    const sourceKey = `view:${caller.viewId}`;
    const refusal = (await madeBefore(caller.desk.db, sourceKey)) ? undefined : await lookAgain(caller, parsed.input, metadata);
    if (refusal) return refusal;
    const message = metadata.source ? await readMessage(caller, metadata.source) : null;
    const creation = { input: parsed.input, metadata, person: caller.person, sourceKey, message };
    await announce(caller, creation, await makeOnce(caller, creation));
    return undefined;
  },
};

/** What a person must see before a ticket is made. */
async function lookAgain(caller: Caller & Submission, input: CreateInput, metadata: CreateMetadata): Promise<Submitted> {
  if (metadata.source) await refuseIfMade(caller, metadata.source);
  if (await hasColleaguesSubject(caller, input, metadata)) return { errors: { subject: caller.t('failures:ticket.subject_of_colleague') } };
  return maybeSame(caller, input, metadata);
}

/** The words may be about a ticket that is there: asked once, on the form as it was filled in. */
async function maybeSame(caller: Caller & Submission, input: CreateInput, metadata: CreateMetadata): Promise<Submitted> {
  const { desk, person, state, t } = caller;
  const requesterId = chosenPerson(input);
  if (person.role === 'none' || input.append !== undefined || requesterId === null) return undefined;
  const requester = await personById(desk.db, requesterId);
  const offered = requester ? await offeredMatters(desk, requester, input) : [];
  if (offered.every((matter) => metadata.offered?.includes(matter.id))) return undefined;
  const data = await dataFor(caller, { value: input.requester, text: chosenText(state, 'requester') }, { ...metadata, draft: input });
  return { update: createView({ ...data, isAskedAgain: true }, t) };
}

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

function make({ desk }: Caller, creation: Creation): Promise<Made> {
  return change(desk, 'create ticket', async (tx, desk) =>
    creation.input.append === undefined
      ? { ticket: await openFromForm(desk, tx, creation), isNew: true }
      : { ticket: await appendFromForm(desk, tx, creation, creation.input.append), isNew: false },
  );
}

async function madeBefore(reader: Reader, sourceKey: string): Promise<Made | undefined> {
  const comment = await commentBySource(reader, sourceKey);
  return comment && { ticket: await mustFind(reader, comment.ticketId), isNew: comment.isFirst };
}

/** The subject a message began with, kept for somebody who did not write it: they would read a colleague's words. */
async function hasColleaguesSubject(caller: Caller & Submission, input: CreateInput, { source }: CreateMetadata): Promise<boolean> {
  if (!source || blockOf(caller.state, 'subject') !== 'subject') return false;
  if (fingerprint(valueIn(caller.state, 'subject')) !== source.prefilled.subject) return false;
  return !(await isAuthor(caller.desk.db, source, chosenPerson(input)));
}

/** Who made it learns its number, wherever they are: the customer may be asking for it on the phone. */
async function announce(caller: Caller, creation: Creation, { ticket, isNew }: Made): Promise<void> {
  const { desk, slack, t, user } = caller;
  const words = { number: ticketName(desk.settings, ticket), subject: escape(ticket.subject) };
  const lines = [{ text: isNew ? 'modals:create.done' : 'modals:create.appended', params: words }, ...missing(creation)];
  const text = lines.map((line) => t(line.text, line.params)).join('\n');
  if (await responded(caller, creation.metadata.responseUrl, text)) return;
  for (const [at, line] of lines.entries())
    await tell(desk, slack, { key: `${creation.sourceKey}:${at}`, userId: user.id, ticketId: ticket.id, ...line });
}

async function responded({ desk, slack }: Caller, url: string | undefined, text: string): Promise<boolean> {
  if (!url) return false;
  try {
    await slack.respond(url, { text, blocks: [section(text)] });
    return true;
  } catch (error) {
    desk.log.info({ error }, 'The answer to a command came too late for its place.');
    return false;
  }
}

interface Line {
  text: string;
  params: Params;
}

/** What of the message did not come along. */
function missing({ metadata, message }: Creation): Line[] {
  const { source } = metadata;
  if (!source) return [];
  if (!message) return source.isCut || source.fileCount > 0 ? [{ text: 'modals:create.message_unread', params: {} }] : [];
  return message.missingFiles > 0 ? [{ text: 'modals:create.files_missing', params: { count: message.missingFiles } }] : [];
}
