import { eq } from 'drizzle-orm';
import { isUniqueViolation } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { mustFind } from '#tickets/find.ts';
import { addRequesterComment } from '#tickets/requester-comment.ts';
import { knownMessage, messageKey, type SlackMessage } from './replies/message.ts';
import { mentionNames } from './replies/mention-names.ts';
import { takeFiles } from './replies/take-files.ts';
import { documentFromMessage } from './rich-text.ts';
import type { Slack } from './slack.ts';
import type { Thread } from './threads.ts';
import { personOfUser } from './users.ts';

/** The requester is a colleague: what they write under their message counts as the requester's mail. Others there only talk. */
export async function takeRequesterMessage(
  desk: Desk,
  slack: Slack,
  thread: Pick<Thread, 'ticketId'>,
  message: SlackMessage,
): Promise<void> {
  const key = messageKey(slack, message.channel, message.ts);
  if (await knownMessage(desk.db, key)) return;
  const ticket = await mustFind(desk.db, thread.ticketId);
  // The event of the very message the ticket was made of may be looked at only after that.
  if (message.channel === ticket.sourceChannel && message.ts === ticket.sourceTs) return;
  const found = message.user ? await personOfUser(desk, slack, message.user) : null;
  if (!found || found.person.id !== ticket.requesterId) return;
  const body = documentFromMessage({ blocks: message.blocks, text: message.text }, await mentionNames(desk, slack, message));
  const fileIds = await takeFiles(desk, slack, message.files ?? []);
  try {
    await change(desk, 'requester message', async (tx, desk) => {
      const files = fileIds.map((fileId) => ({ fileId, isInline: false, contentId: null }));
      const { comment } = await addRequesterComment(desk, {
        ticketId: ticket.id,
        comment: { authorId: found.person.id, via: 'slack', body, files, sourceKey: `requester:${key}` },
      });
      await tx.insert(tx.tables.threadMessages).values({
        key,
        ticketId: ticket.id,
        authorId: found.person.id,
        channel: message.channel,
        ts: message.ts,
        threadTs: message.thread_ts ?? message.ts,
        kind: 'requester',
        reasons: [],
        commentId: comment.id,
        at: desk.clock.now(),
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

/** They took it back: the team is told on the comment, and keeps what was said. */
export async function takeRequesterDeletion(desk: Desk, known: Row<'threadMessages'>): Promise<void> {
  await change(desk, 'requester deletion', async (tx, desk) => {
    const now = desk.clock.now();
    await tx.update(tx.tables.threadMessages).set({ deletedAt: now }).where(eq(tx.tables.threadMessages.id, known.id));
    if (known.commentId !== null)
      await tx.update(tx.tables.comments).set({ withdrawnAt: now }).where(eq(tx.tables.comments.id, known.commentId));
  });
}
