import { SECOND } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import { Failure } from '#failure.ts';
import { addThread } from '#slack/threads.ts';
import { documentText, plainDocument } from '#text/document.ts';
import type { CommentDraft } from '#tickets/comment.ts';
import { recordContact } from '#tickets/contact.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Ticket } from '#tickets/find.ts';
import { chooseLanguage } from '#tickets/language.ts';
import { note } from '#tickets/note.ts';
import { openTicket } from '#tickets/open.ts';
import { identitiesOf, type Person } from '#tickets/people.ts';
import type { CreateMetadata } from './create.ts';
import type { WholeMessage } from './create-message.ts';
import type { CreateInput } from './create-parse.ts';
import { requesterFor } from './create-requester.ts';
import { fingerprint, isAuthor, type MessageSource } from './create-source.ts';

export interface Creation {
  input: CreateInput;
  metadata: CreateMetadata;
  /** Who filled the form in. */
  person: Person;
  sourceKey: string;
  /** What the ticket is made of, as it stands in Slack; null when it is made of none, or of one we can't read. */
  message: WholeMessage | null;
}

const MAX_WORK_SECONDS = 4 * 3_600;

/** The new ticket of a form, with its requester where they are new too. */
export async function openFromForm(desk: Desk, tx: Writer, creation: Creation): Promise<Ticket> {
  const { input, metadata, person } = creation;
  const requester = await requesterFor(desk, tx, input);
  if (input.notify === 'email') await mustBeReachable(tx, requester);
  const isAuthors = metadata.source !== undefined && (await isAuthor(tx, metadata.source, requester.id));
  const isTheirs = isAuthors && (creation.message !== null || !isChanged(creation));
  const { ticket } = await openTicket(desk, {
    subject: input.subject,
    channel: input.channel,
    requesterId: requester.id,
    by: { kind: 'person', id: person.id },
    body: isTheirs ? ownWords(creation, requester) : staffWords(creation),
    language: chooseLanguage({
      person: { language: requester.language, source: requester.languageSource },
      system: desk.settings.language,
    }),
    groupId: input.group ?? null,
    priority: input.priority,
    workSeconds: workSeconds(desk, metadata),
    source: metadata.source ?? null,
    isAnswerable: input.notify === 'email',
  });
  if (isTheirs && isChanged(creation)) {
    const body = plainDocument(input.description);
    await note(desk, { ticketId: ticket.id, authorId: person.id, body, sourceKey: `${creation.sourceKey}:note` });
  }
  if (metadata.source && isAuthors) await addSourceThread(desk, tx, ticket, metadata.source);
  return ticket;
}

async function mustBeReachable(tx: Writer, requester: Person): Promise<void> {
  const identities = await identitiesOf(tx, [requester.id]);
  const isReachable = identities.some(({ kind, undeliverableAt }) => kind === 'slack' || (kind === 'email' && undeliverableAt === null));
  if (!isReachable) throw new Failure('ticket.no_address');
}

/** The call is about a ticket that is there. */
export async function appendFromForm(desk: Desk, tx: Writer, creation: Creation, ticketId: number): Promise<Ticket> {
  const { input, metadata, person, message, sourceKey } = creation;
  const requester = await requesterFor(desk, tx, input);
  const words = message && !isChanged(creation) ? message.document : plainDocument(input.description);
  return recordContact(desk, {
    ticketId,
    requesterId: requester.id,
    authorId: person.id,
    via: input.channel,
    body: { blocks: [...plainDocument(input.subject).blocks, ...words.blocks] },
    files: message?.files ?? [],
    workSeconds: workSeconds(desk, metadata),
    priority: input.priority === 'normal' ? null : input.priority,
    sourceKey,
  });
}

/** How long the form stood open: the call. */
function workSeconds(desk: Desk, { openedAt }: CreateMetadata): number {
  return Math.min(Math.max(0, Math.round((desk.clock.now().getTime() - openedAt) / SECOND)), MAX_WORK_SECONDS);
}

function isChanged({ input, metadata }: Creation): boolean {
  return fingerprint(input.description) !== metadata.source?.prefilled.description;
}

/** The requester's own message, whole and as they wrote it: the one thing that is public from the start. */
function ownWords({ input, message, sourceKey }: Creation, requester: Person): CommentDraft {
  return {
    authorId: requester.id,
    direction: 'in',
    visibility: 'public',
    via: input.channel,
    body: message?.document ?? plainDocument(input.description),
    files: message?.files ?? [],
    sourceKey,
  };
}

/** What staff write down, of a call or of a colleague's message, is the team's. */
function staffWords(creation: Creation): CommentDraft {
  const { input, message, person, sourceKey } = creation;
  const draft = { authorId: person.id, direction: 'in', visibility: 'internal', via: input.channel, sourceKey } as const;
  if (!message) return { ...draft, body: plainDocument(input.description) };
  const { document, files } = message;
  if (!isChanged(creation)) return { ...draft, body: document, files };
  const fullText = documentText(document);
  return {
    ...draft,
    body: plainDocument(input.description),
    files,
    fullText,
    hiddenLines: fullText === '' ? 0 : fullText.split('\n').length,
  };
}

/** From now on what the author writes under their message is for the ticket. A thread has one root, whichever message of it was taken. */
async function addSourceThread(desk: Desk, tx: Writer, ticket: Ticket, source: MessageSource): Promise<void> {
  const ts = source.threadTs ?? source.ts;
  await addThread(desk, tx, { channel: source.channel, ts, ticketId: ticket.id, kind: 'requester', sideId: null });
}
