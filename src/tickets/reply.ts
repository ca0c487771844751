import { and, desc, eq } from 'drizzle-orm';
import type { Reader, Writer } from '#db/database.ts';
import { Failure } from '#failure.ts';
import { indexTicket, type ReplyDraft, writeComment } from './comment.ts';
import { contentOf, deliveriesOf, type Delivery, filesToSend, freezeDelivery } from './deliveries.ts';
import { type Actor, change, type Desk } from './desk.ts';
import { record } from './events.ts';
import { type Comment, commentById, groupById, mustFind, survivorOf, type Ticket } from './find.ts';
import type { OutgoingContent } from './frozen.ts';
import { followedBy } from './links.ts';
import { isAgent, personById } from './people.ts';
import { replyInFollowUp } from './reply-follow-up.ts';
import { wayToRequester } from './recipients.ts';
import { moveStatus, takeIfFree } from './move.ts';
import { isEmptyDocument } from '#text/document.ts';

/**
 * An agent's public reply, released. The `Reply notice` rule freezes its delivery in this very transaction;
 * when nothing would leave, the reply is refused, so that it stays held where a person sees it. On a closed ticket it
 * leaves from a follow-up.
 */
export function reply(desk: Desk, draft: ReplyDraft): Promise<{ comment: Comment; deliveries: Delivery[]; ticket: Ticket }> {
  return change(desk, 'reply', async (tx, desk) => {
    const ticket = await survivorOf(tx, await mustFind(tx, draft.ticketId));
    const author = await personById(tx, draft.authorId);
    if (!isAgent(author)) throw new Failure('reply.not_agent');
    if (isEmptyDocument(draft.body) && !draft.files?.length) throw new Failure('reply.empty');
    if ((await groupById(tx, ticket.groupId)).policy === 'alerts-only') throw new Failure('reply.alerts_only');
    if (!(await wayToRequester(tx, ticket))) throw new Failure('reply.unreachable');
    const said = ticket.status === 'closed' ? await replyInFollowUp(desk, draft, ticket) : await addReply(desk, tx, draft, ticket);
    const deliveries = await deliveriesOf(tx, said.comment.id);
    if (deliveries.length === 0) throw new Failure('reply.no_rule');
    return { ...said, deliveries };
  });
}

async function addReply(desk: Desk, tx: Writer, draft: ReplyDraft, ticket: Ticket): Promise<{ ticket: Ticket; comment: Comment }> {
  const by: Actor = { kind: 'person', id: draft.authorId };
  const comment = await writeComment(desk, tx, ticket.id, {
    authorId: draft.authorId,
    direction: 'out',
    visibility: 'public',
    via: 'slack',
    body: draft.body,
    files: draft.files ?? [],
    sourceKey: draft.sourceKey,
  });
  const now = desk.clock.now();
  const { tickets } = tx.tables;
  await tx.update(tickets).set({ lastReplyAt: now, updatedAt: now }).where(eq(tickets.id, ticket.id));
  await takeIfFree(desk, tx, ticket, draft.authorId);
  await moveStatus(desk, tx, ticket.id, 'agent reply', by);
  await indexTicket(tx, ticket.id);
  await record(desk, tx, ticket.id, by, {
    type: 'comment.added',
    data: { commentId: comment.id, visibility: 'public', direction: 'out', isAutomatic: false, isFirst: false },
  });
  return { comment, ticket };
}

/** What the `Reply notice` rule does: the reply's delivery, frozen with everything it needs. */
export async function sendReply(desk: Desk, tx: Writer, commentId: number): Promise<Pick<Delivery, 'id'> | null> {
  const comment = await commentById(tx, commentId);
  if (!comment || comment.visibility !== 'public' || comment.direction !== 'out' || comment.authorId === null) return null;
  const ticket = await mustFind(tx, comment.ticketId);
  const way = await wayToRequester(tx, ticket);
  if (!way) return null;
  const author = await personById(tx, comment.authorId);
  const requester = await personById(tx, ticket.requesterId);
  const agentName = author?.name ?? null;
  const brand = desk.settings.brand.name;
  return freezeDelivery(desk, tx, {
    ticket,
    source: { comment },
    way,
    fromName: agentName ? `${agentName} (${brand})` : brand,
    automatic: null,
    content: contentOf(desk, {
      ticket,
      template: 'reply',
      person: { name: requester?.name ?? null },
      agent: { name: agentName, signature: author?.signatures[ticket.language] ?? null },
      body: comment.document,
      quoted: await quotedIn(tx, ticket, comment),
      isSolved: ticket.status === 'solved',
      files: await filesToSend(tx, comment.id),
    }),
  });
}

/** What it answers; a follow-up that begins with our answer takes up the closed ticket. */
async function quotedIn(reader: Reader, ticket: Ticket, reply: Comment): Promise<OutgoingContent['quoted']> {
  const answered = await answeredMessage(reader, ticket.id, reply);
  const closed = answered ? undefined : await followedBy(reader, ticket.id);
  return closed ? answeredMessage(reader, closed.id, reply) : answered;
}

/** The newest public message of the requester's side before this reply. Notes are never looked at. */
async function answeredMessage(reader: Reader, ticketId: number, reply: Comment): Promise<OutgoingContent['quoted']> {
  const { comments, people } = reader.tables;
  const [row] = await reader
    .select({ comment: comments, name: people.name })
    .from(comments)
    .leftJoin(people, eq(people.id, comments.authorId))
    .where(
      and(
        eq(comments.ticketId, ticketId),
        eq(comments.visibility, 'public'),
        eq(comments.direction, 'in'),
        eq(comments.isAutomatic, false),
      ),
    )
    .orderBy(desc(comments.id))
    .limit(1);
  if (!row || row.comment.id >= reply.id) return null;
  return { from: row.name ?? '', at: row.comment.at.toISOString(), body: row.comment.document };
}
