import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Row } from '#db/schema.ts';
import { type Desk, queue } from './desk.ts';
import { type Comment, filesOf, type Ticket, ticketName } from './find.ts';
import type { Address, Addressing, OutgoingContent, Template } from './frozen.ts';
import { watched } from './late.ts';
import { rememberOwnId, threadOf } from './message-ids.ts';
import type { Way } from './recipients.ts';

export type Delivery = Row<'deliveries'>;

export type Source = { comment: Comment } | { noticeId: number };

export interface FreezeDraft {
  ticket: Ticket;
  source: Source;
  way: Way;
  content: OutgoingContent;
  /** Who it is from: the agent's name at the group's address, or the brand's. */
  fromName: string;
  /** Null for what a person wrote. */
  automatic: Addressing['automatic'];
  /** Not before this: a confirmation of a forwarded mail waits for the requester to be settled. */
  notBefore?: Date;
}

/** Fixes what leaves and to whom, and queues it, in the caller's transaction. From here on nothing is looked up again. */
export async function freezeDelivery(desk: Desk, tx: Writer, draft: FreezeDraft): Promise<Pick<Delivery, 'id'>> {
  const now = desk.clock.now();
  const { ticket, source, way } = draft;
  const isMail = way.via === 'mail';
  const messageId = isMail ? desk.tokens.messageId(ticket.id) : null;
  const addressing = messageId && isMail ? await addressingOf(desk, tx, draft, messageId, way) : { ...way };
  const orderKey = `${ticket.id}:${isMail ? (way.to[0]?.address ?? '') : way.userId}`;
  const nextAt = draft.notBefore ?? now;
  const id = await tx.add('deliveries', {
    ...unsent(ticket.id, source, now),
    via: way.via,
    messageId,
    template: draft.content.template,
    content: draft.content as unknown as Record<string, unknown>,
    addressing: addressing as unknown as Record<string, unknown>,
    orderKey,
    isAutomatic: draft.automatic !== null,
    nextAt,
  });
  for (const row of recipientRows(way, id, now)) await tx.add('deliveryRecipients', row);
  if (messageId) await rememberOwnId(desk, tx, ticket.id, messageId);
  desk.failPoint('frozen');
  await queue(desk, tx, {
    kind: `deliver.${way.via}`,
    lane: `deliver:${orderKey}`,
    payload: { deliveryId: id },
    runAt: nextAt,
  });
  return { id };
}

/** What a delivery is before its first try. */
function unsent(ticketId: number, source: Source, at: Date) {
  const isOfComment = 'comment' in source;
  return {
    ticketId,
    commentId: isOfComment ? source.comment.id : null,
    commentVisibility: isOfComment ? ('public' as const) : null,
    sideMessageId: null,
    noticeId: isOfComment ? null : source.noticeId,
    state: 'queued' as const,
    bytes: null,
    revision: 1,
    mayHaveArrivedTwice: false,
    attempts: 0,
    claimedBy: null,
    claimedUntil: null,
    response: null,
    firstTriedAt: null,
    ...(isOfComment ? watched(at) : { lateness: 'none' as const, lateAt: null }),
    acceptedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

function recipientRows(way: Way, deliveryId: number, updatedAt: Date) {
  const unsent = { deliveryId, state: 'queued' as const, status: null, response: null, updatedAt };
  if (way.via === 'slack') return [{ ...unsent, kind: 'slack' as const, address: way.userId, name: way.name, role: 'to' as const }];
  const row = (role: 'to' | 'cc') => (person: Address) => ({
    ...unsent,
    kind: 'email' as const,
    address: person.address,
    name: person.name,
    role,
  });
  return [...way.to.map(row('to')), ...way.cc.map(row('cc'))];
}

async function addressingOf(
  desk: Desk,
  tx: Reader,
  draft: FreezeDraft,
  messageId: string,
  way: Way & { via: 'mail' },
): Promise<Addressing> {
  const ours = await ourAddress(tx, draft.ticket);
  const { references, answered } = await threadOf(tx, draft.ticket.id);
  return {
    messageId,
    inReplyTo: answered,
    references,
    from: { name: draft.fromName, address: ours },
    replyTo: desk.tokens.replyAddress(ours, draft.ticket.id),
    to: way.to,
    cc: way.cc,
    date: desk.clock.now().toISOString(),
    automatic: draft.automatic,
    instance: desk.tokens.instance,
  };
}

type OurAddress = Pick<Row<'addresses'>, 'id' | 'address' | 'groupId' | 'isDefault'>;

const OUR_ADDRESSES = keep<Record<string, never>, OurAddress[]>((reader) => {
  const { id, address, groupId, isDefault } = reader.tables.addresses;
  return reader.select({ id, address, groupId, isDefault }).from(reader.tables.addresses).limit(200);
});

/** The address the customer wrote to, else the first one. */
export async function ourAddress(reader: Reader, ticket: Pick<Ticket, 'addressId' | 'groupId'>): Promise<string> {
  const rows = await reader.ask(OUR_ADDRESSES, {});
  const chosen =
    rows.find((row) => row.id === ticket.addressId) ??
    rows.find((row) => row.groupId === ticket.groupId) ??
    rows.find((row) => row.isDefault) ??
    rows[0];
  if (!chosen) throw new Error('There is no address to send from: MAIL_FROM was not stored.');
  return chosen.address;
}

export interface ContentDraft {
  ticket: Ticket;
  template: Template;
  person: { name: string | null };
  agent?: { name: string | null; signature: string | null };
  body?: OutgoingContent['body'];
  quoted?: OutgoingContent['quoted'];
  isSolved?: boolean;
  files?: OutgoingContent['files'];
  variables?: Record<string, string>;
}

export function contentOf(desk: Desk, draft: ContentDraft): OutgoingContent {
  return {
    template: draft.template,
    templateVersion: 1,
    language: draft.ticket.language,
    timeZone: desk.settings.timeZone,
    brand: desk.settings.brand,
    ticket: { number: ticketName(desk.settings, draft.ticket), subject: draft.ticket.subject },
    person: draft.person,
    agent: draft.agent ?? { name: null, signature: null },
    body: draft.body ?? null,
    quoted: draft.quoted ?? null,
    isSolved: draft.isSolved ?? false,
    files: draft.files ?? [],
    variables: draft.variables ?? {},
  };
}

/** A comment's files as a mail carries them. */
export async function filesToSend(reader: Reader, commentId: number): Promise<OutgoingContent['files']> {
  const rows = await filesOf(reader, [commentId]);
  return rows.map(({ file, contentId }) => ({
    fileId: file.id,
    sha256: file.sha256,
    filename: file.filename,
    contentType: file.contentType,
    contentId,
  }));
}

export async function deliveryById(reader: Reader, id: number): Promise<Delivery | undefined> {
  const [delivery] = await reader.select().from(reader.tables.deliveries).where(eq(reader.tables.deliveries.id, id)).limit(1);
  return delivery;
}

export async function deliveriesOf(reader: Reader, commentId: number): Promise<Delivery[]> {
  return reader.select().from(reader.tables.deliveries).where(eq(reader.tables.deliveries.commentId, commentId));
}

export async function recipientsOf(reader: Reader, deliveryId: number): Promise<Row<'deliveryRecipients'>[]> {
  const { deliveryRecipients } = reader.tables;
  return reader.select().from(deliveryRecipients).where(eq(deliveryRecipients.deliveryId, deliveryId)).orderBy(deliveryRecipients.id);
}

/** The newest mail of a comment: what its control line tells of. */
export async function lastDeliveryOf(reader: Reader, commentId: number): Promise<Delivery | undefined> {
  const { deliveries } = reader.tables;
  const [row] = await reader.select().from(deliveries).where(eq(deliveries.commentId, commentId)).orderBy(desc(deliveries.id)).limit(1);
  return row;
}

/** What the server said to the delivery that this one waits behind. */
export async function responseAhead(reader: Reader, { id, orderKey }: Pick<Delivery, 'id' | 'orderKey'>): Promise<string | null> {
  const { deliveries } = reader.tables;
  const [ahead] = await reader
    .select({ response: deliveries.response })
    .from(deliveries)
    .where(and(eq(deliveries.orderKey, orderKey), lt(deliveries.id, id), inArray(deliveries.state, ['sending', 'delayed', 'unknown'])))
    .orderBy(desc(deliveries.id))
    .limit(1);
  return ahead?.response ?? null;
}
