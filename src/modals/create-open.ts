import { SECOND } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { addThread } from '#slack/threads.ts';
import { plainDocument } from '#text/document.ts';
import type { CommentDraft } from '#tickets/comment.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Ticket } from '#tickets/find.ts';
import { chooseLanguage } from '#tickets/language.ts';
import { openTicket } from '#tickets/open.ts';
import type { Person } from '#tickets/people.ts';
import type { CreateInput, CreateMetadata } from './create.ts';
import { requesterFor } from './create-requester.ts';
import { fingerprint, isAuthor, type MessageSource } from './create-source.ts';

export interface Creation {
  input: CreateInput;
  metadata: CreateMetadata;
  /** Who filled the form in. */
  person: Person;
  sourceKey: string;
}

const MAX_WORK_SECONDS = 4 * 3_600;

/** The new ticket of a form, with its requester where they are new too. */
export async function openFromForm(desk: Desk, tx: Writer, creation: Creation): Promise<Ticket> {
  const { input, metadata, person } = creation;
  const requester = await requesterFor(desk, tx, input);
  const { ticket } = await openTicket(desk, {
    subject: input.subject,
    channel: input.channel,
    requesterId: requester.id,
    by: { kind: 'person', id: person.id },
    body: await firstComment(tx, creation, requester),
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
  if (metadata.source && (await isAuthor(tx, metadata.source, requester.id))) await addSourceThread(desk, tx, ticket, metadata.source);
  return ticket;
}

/** How long the form stood open: the call. */
export function workSeconds(desk: Desk, { openedAt }: CreateMetadata): number {
  return Math.min(Math.max(0, Math.round((desk.clock.now().getTime() - openedAt) / SECOND)), MAX_WORK_SECONDS);
}

/** What staff write down is the team's. Public are only the requester's own words, as they wrote them. */
async function firstComment(reader: Reader, { input, metadata, person, sourceKey }: Creation, requester: Person): Promise<CommentDraft> {
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

/** From now on what the author writes under their message is for the ticket. A thread has one root, whichever message of it was taken. */
async function addSourceThread(desk: Desk, tx: Writer, ticket: Ticket, source: MessageSource): Promise<void> {
  const ts = source.threadTs ?? source.ts;
  await addThread(desk, tx, { channel: source.channel, ts, ticketId: ticket.id, kind: 'requester', sideId: null });
}
