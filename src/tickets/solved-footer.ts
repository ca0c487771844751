import { and, desc, eq, gt, inArray, isNotNull, isNull } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Delivery } from './deliveries.ts';
import type { Desk } from './desk.ts';
import type { OutgoingContent } from './frozen.ts';

const RECENTLY = 10 * MINUTE;

/**
 * Whether a reply of the last ten minutes tells its reader that the ticket is solved. One that has not left yet is made
 * to: its frozen words get the footer. One that left before without it tells nothing.
 */
export async function solvedInReply(desk: Desk, tx: Writer, ticketId: number): Promise<boolean> {
  const reply = await recentReply(desk, tx, ticketId);
  if (!reply?.content) return false;
  const content = reply.content as unknown as OutgoingContent;
  if (content.isSolved) return !(await isAnswered(tx, ticketId, reply.createdAt));
  return reply.state === 'queued' && reply.bytes === null && addFooter(tx, reply, content);
}

async function recentReply(desk: Desk, reader: Reader, ticketId: number): Promise<Delivery | undefined> {
  const { deliveries } = reader.tables;
  const [reply] = await reader
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.ticketId, ticketId),
        isNotNull(deliveries.commentId),
        eq(deliveries.via, 'mail'),
        inArray(deliveries.state, ['queued', 'sending', 'delayed', 'unknown', 'accepted']),
        gt(deliveries.createdAt, later(desk.clock.now(), -RECENTLY)),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(1);
  return reply;
}

/** They wrote since: what that reply said of the ticket is over. */
async function isAnswered(reader: Reader, ticketId: number, since: Date): Promise<boolean> {
  const { comments } = reader.tables;
  const isTheirs = and(eq(comments.ticketId, ticketId), eq(comments.direction, 'in'), eq(comments.visibility, 'public'));
  const [newer] = await reader
    .select({ id: comments.id })
    .from(comments)
    .where(and(isTheirs, gt(comments.at, since)))
    .limit(1);
  return newer !== undefined;
}

/** False when a sender was faster. */
async function addFooter(tx: Writer, { id, revision }: Delivery, content: OutgoingContent): Promise<boolean> {
  const { deliveries } = tx.tables;
  const written = await tx
    .update(deliveries)
    .set({ content: { ...content, isSolved: true }, revision: revision + 1 })
    .where(and(eq(deliveries.id, id), eq(deliveries.state, 'queued'), isNull(deliveries.bytes)))
    .returning({ id: deliveries.id });
  return written.length > 0;
}
