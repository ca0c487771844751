import { createHash } from 'node:crypto';
import type { Writer } from '#db/database.ts';
import type { NewRow } from '#db/schema.ts';
import { bareId } from '#tickets/message-ids.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { idsOf, inPieces } from './seed-rows.ts';
import { eventsOf, type Sent, type Written } from './seed-events.ts';
import type { Story, StoryComment } from './seed-story.ts';

export interface Place {
  groupId: number;
  /** The number of the first of these tickets. */
  firstNumber: number;
}

/** These stories as rows: tickets, conversations, mails long purged of their bytes, deliveries, log and search. One commit. */
export function seedTickets(desk: Desk, stories: Story[], place: Place): Promise<number> {
  return change(desk, 'seed tickets', async (tx) => {
    const ticketIds = await writeTickets(tx, stories, place);
    const comments = await writeComments(tx, stories, ticketIds);
    await writeMails(tx, comments.filter(isMail));
    const sent = await writeDeliveries(desk, tx, comments.filter(isSent));
    const commentsOf = Map.groupBy(comments, ({ ticketId }) => ticketId);
    const sentOf = Map.groupBy(sent, ({ ticketId }) => ticketId);
    const events = ticketIds.flatMap((id, index) => {
      const story = stories[index];
      return story ? eventsOf(story, { ticketId: id, written: commentsOf.get(id) ?? [], sent: sentOf.get(id) ?? [] }) : [];
    });
    for (const piece of inPieces(events)) await tx.insert(tx.tables.events).values(piece);
    for (const [index, story] of stories.entries()) {
      const words = [story.subject, story.requester.name, ...story.comments.map((comment) => comment.text)];
      await tx.index('ticket', ticketIds[index] ?? 0, words.join(' '));
    }
    await countTo(tx, place.firstNumber + stories.length - 1);
    return comments.length;
  });
}

const isMail = ({ story, comment }: Written) => story.channel === 'email' && comment.direction === 'in';
const isSent = ({ story, comment }: Written) => story.channel !== 'slack' && comment.direction === 'out' && comment.visibility === 'public';

function writeTickets(tx: Writer, stories: Story[], { groupId, firstNumber }: Place): Promise<number[]> {
  const rows = stories.map((story, index) => ticketRow(story, { groupId, firstNumber: firstNumber + index }));
  const { tickets } = tx.tables;
  return idsOf(rows, (piece) => tx.insert(tickets).values(piece).returning({ id: tickets.id }));
}

function ticketRow(story: Story, place: Place): NewRow<'tickets'> {
  const { requester, assignee, comments, moves, status } = story;
  const createdAt = comments[0]?.at ?? new Date(0);
  const times = [...comments, ...moves].map(({ at }) => at.getTime());
  const answers = comments.filter((comment) => comment.direction === 'out' && comment.visibility === 'public');
  const lastMove = (to: Story['status']) => moves.findLast((move) => move.to === to)?.at ?? null;
  return {
    number: place.firstNumber,
    subject: story.subject,
    channel: story.channel,
    requesterId: requester.id,
    organizationId: requester.organizationId,
    groupId: place.groupId,
    assigneeId: assignee?.id ?? null,
    status,
    priority: story.priority,
    tags: story.tags,
    language: requester.language,
    languageSource: 'text',
    languageConfidence: 97,
    customFields: {},
    createdAt,
    updatedAt: new Date(Math.max(...times)),
    statusAt: moves.at(-1)?.at ?? createdAt,
    firstRepliedAt: answers[0]?.at ?? null,
    lastReplyAt: answers.at(-1)?.at ?? null,
    solvedAt: status === 'solved' || status === 'closed' ? lastMove('solved') : null,
    closedAt: lastMove('closed'),
  };
}

async function writeComments(tx: Writer, stories: Story[], ticketIds: number[]): Promise<Written[]> {
  const drafts = stories.flatMap((story, index) =>
    story.comments.map((comment, position) => ({ comment, story, ticketId: ticketIds[index] ?? 0, isFirst: position === 0 })),
  );
  const { comments } = tx.tables;
  const ids = await idsOf(drafts, (piece) =>
    tx
      .insert(comments)
      .values(piece.map(({ comment, story, ticketId }) => commentRow(comment, story, ticketId)))
      .returning({ id: comments.id }),
  );
  return drafts.map((draft, index) => ({ ...draft, commentId: ids[index] ?? 0 }));
}

function commentRow(comment: StoryComment, story: Story, ticketId: number): NewRow<'comments'> {
  return {
    ticketId,
    authorId: comment.author.id,
    direction: comment.direction,
    visibility: comment.visibility,
    via: comment.direction === 'out' ? 'slack' : story.channel,
    document: comment.body,
    reasons: [],
    at: comment.at,
  };
}

async function writeMails(tx: Writer, written: Written[]): Promise<void> {
  const { mails, messageIds } = tx.tables;
  for (const piece of inPieces(written)) {
    await tx.insert(mails).values(piece.map(mailRow));
    const ids = piece.map((one) => ({ messageId: theirId(one), ticketId: one.ticketId, isOwn: false, at: one.comment.at }));
    await tx.insert(messageIds).values(ids);
  }
}

function theirId({ commentId, story }: Written): string {
  return `${digest(`message ${commentId}`).slice(0, 24)}@${story.requester.address.split('@')[1] ?? ''}`;
}

/** Its bytes are gone, as retention would have it; that it came stays known. */
function mailRow(written: Written): NewRow<'mails'> {
  const { comment, commentId, ticketId, isFirst } = written;
  return {
    mailbox: 'seed',
    rawDigest: digest(`raw ${commentId}`),
    contentDigest: digest(`content ${commentId}`),
    messageId: `<${theirId(written)}>`,
    envelopeFrom: comment.author.address,
    envelopeTo: [],
    fromAddress: comment.author.address,
    sizeBytes: comment.text.length,
    state: 'processed',
    outcome: isFirst ? 'created' : 'appended',
    reasons: [],
    kind: 'message',
    ticketId,
    commentId,
    receivedAt: comment.at,
    processedAt: comment.at,
    purgedAt: comment.at,
  };
}

async function writeDeliveries(desk: Desk, tx: Writer, written: Written[]): Promise<Sent[]> {
  const { deliveries, deliveryRecipients, messageIds } = tx.tables;
  const drafts = written.map((one) => ({ ...one, messageId: desk.tokens.messageId(one.ticketId) }));
  const ids = await idsOf(drafts, (piece) => tx.insert(deliveries).values(piece.map(deliveryRow)).returning({ id: deliveries.id }));
  const sent = drafts.map((draft, index) => ({ ...draft, deliveryId: ids[index] ?? 0 }));
  for (const piece of inPieces(sent)) {
    await tx.insert(deliveryRecipients).values(piece.map(recipientRow));
    const own = piece.map((one) => ({ messageId: bareId(one.messageId), ticketId: one.ticketId, isOwn: true, at: one.comment.at }));
    await tx.insert(messageIds).values(own);
  }
  return sent;
}

function deliveryRow({ comment, commentId, ticketId, story, messageId }: Written & { messageId: string }): NewRow<'deliveries'> {
  return {
    ticketId,
    commentId,
    commentVisibility: 'public',
    via: 'mail',
    state: 'accepted',
    messageId,
    template: 'reply',
    orderKey: `${ticketId}:${story.requester.address}`,
    attempts: 1,
    nextAt: comment.at,
    firstTriedAt: comment.at,
    acceptedAt: comment.at,
    createdAt: comment.at,
    updatedAt: comment.at,
  };
}

function recipientRow({ deliveryId, story, comment }: Sent): NewRow<'deliveryRecipients'> {
  const { address, name } = story.requester;
  return { deliveryId, kind: 'email', address, name, role: 'to', state: 'accepted', updatedAt: comment.at };
}

/** The next ticket of a person gets the number after these. */
async function countTo(tx: Writer, value: number): Promise<void> {
  const { counters } = tx.tables;
  await tx.insert(counters).values({ name: 'ticket', value }).onConflictDoUpdate({ target: counters.name, set: { value } });
}

function digest(text: string): string {
  return createHash('sha256').update(`seed ${text}`).digest('hex');
}
