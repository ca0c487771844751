import { SECOND } from '#clock.ts';
import type { Row } from '#db/schema.ts';
import { translator } from '#i18n.ts';
import type { Wish } from '#jobs/queue.ts';
import { Later, type JobKind } from '#jobs/job-kind.ts';
import { documentText } from '#text/document.ts';
import type { Desk } from '#tickets/desk.ts';
import { commentById, type Comment, filesOf, groupById, mustFind } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { context, section } from '../card.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import { escape, splitAtLines } from '../mrkdwn.ts';
import { postByKey, showPost } from '../posts.ts';
import { shareFile } from '../share-file.ts';
import type { Block, Slack } from '../slack.ts';
import { cardThread } from '../threads.ts';
import { cardKey, ensureCard, leaveChannel, repost } from './card-place.ts';

const RETRIES = [2 * SECOND, 10 * SECOND, 60 * SECOND, 300 * SECOND, 900 * SECOND, 3_600 * SECOND];
/** A section takes 3,000 characters; a message of ours shows at most this many of them, the rest is one click away. */
const SECTION_CHARACTERS = 2_900;
const MAX_SECTIONS = 2;

export function commentWish(desk: Desk, ticketId: number, commentId: number): Wish {
  return {
    kind: 'slack.comment',
    key: `comment:${commentId}`,
    lane: `thread:${ticketId}`,
    payload: { commentId },
    runAt: desk.clock.now(),
  };
}

/** Shows in the ticket's thread what was said elsewhere: customers' mails, notes from modals. */
export function commentJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.comment',
    concurrency: 16,
    leaseSeconds: 120,
    retries: RETRIES,
    isPatient: true,
    prepare: async (desk, job) =>
      showComment(desk, slack, Number(job.payload['commentId']), (job.payload['place'] as string | undefined) ?? null),
  };
}

async function showComment(desk: Desk, slack: Slack, commentId: number, place: string | null): Promise<void> {
  const comment = await commentById(desk.db, commentId);
  if (!comment || comment.redactedAt) return;
  const ticket = await mustFind(desk.db, comment.ticketId);
  const thread = await cardThread(desk.db, ticket.id);
  if (!thread) {
    await ensureCard(desk, slack, ticket.id);
    throw new Later(desk.clock.now(), 'the card was missing');
  }
  const author = comment.authorId === null ? undefined : await personById(desk.db, comment.authorId);
  const group = await groupById(desk.db, ticket.groupId);
  const key = place ? `comment:${comment.id}:${place}` : `comment:${comment.id}`;
  const message = renderComment(comment, author?.name ?? '', translator(group.language ?? desk.settings.language));
  try {
    await showPost(desk, slack, { key, ticketId: ticket.id, channel: thread.channel, threadTs: thread.ts, lane: 'conversation', message });
    if (!place)
      for (const { file } of await filesOf(desk.db, [comment.id]))
        await shareFile(desk, slack, { file, ticketId: ticket.id, commentId: comment.id, thread });
  } catch (error) {
    if (isChannelLost(error)) {
      await leaveChannel(desk, slack, ticket, { code: error.code, lost: thread.channel });
      throw new Later(desk.clock.now(), 'the channel of the card is lost');
    }
    if (!isSlackError(error, 'thread_not_found', 'message_not_found')) throw error;
    const card = await postByKey(desk.db, cardKey(ticket.id, thread.channel));
    if (card) await repost(desk, slack, ticket, card);
    throw new Later(desk.clock.now(), 'the card was deleted');
  }
}

/** A comment as the thread shows it: its author's name, the new words, and what is folded away one click off. */
export function renderComment(
  comment: Pick<Comment, 'id' | 'document' | 'direction' | 'visibility' | 'via' | 'isAutomatic' | 'hiddenLines' | 'reasons'>,
  name: string,
  t: ReturnType<typeof translator>,
) {
  const pieces = splitAtLines(escape(documentText(comment.document)), SECTION_CHARACTERS);
  const shown = pieces.slice(0, MAX_SECTIONS);
  const isCut = pieces.length > MAX_SECTIONS;
  const head = headOf(comment, name, t);
  const blocks: Block[] = [context([head]), ...shown.filter((piece) => piece.trim() !== '').map(section)];
  if (comment.hiddenLines > 0 || isCut) {
    const more = comment.hiddenLines > 0 ? t('slack:thread.hidden', { count: comment.hiddenLines }) : '…';
    blocks.push({
      ...context([escape(more)]),
    });
    blocks.push({
      type: 'actions',
      block_id: `comment.${comment.id}`,
      elements: [
        {
          type: 'button',
          action_id: 'comment.show',
          value: String(comment.id),
          text: { type: 'plain_text', text: t('slack:button.show_all') },
        },
      ],
    });
  }
  if (comment.reasons.some((reason) => reason.key === 'mail.thanks')) blocks.push(context([`🙏 ${escape(t('why:mail.thanks'))}`]));
  return { text: `${head}: ${shown[0]?.slice(0, 300) ?? ''}`, blocks };
}

function headOf(
  comment: Pick<Row<'comments'>, 'direction' | 'visibility' | 'via' | 'isAutomatic' | 'reasons'>,
  name: string,
  t: ReturnType<typeof translator>,
): string {
  // A stranger's mail; what a colleague wrote down of a call is a note.
  if (comment.visibility === 'internal' && comment.direction === 'in' && comment.via === 'email')
    return escape(t('slack:thread.internal_from', { name }));
  if (comment.visibility === 'internal') return escape(t('slack:thread.note_by', { name }));
  return `*${escape(name)}*${comment.isAutomatic ? ` · ${escape(t('slack:thread.automatic'))}` : ''}`;
}
