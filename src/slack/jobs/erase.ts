import { and, eq, isNull } from 'drizzle-orm';
import { SECOND } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import { translator } from '#i18n.ts';
import type { Job, Wish } from '#jobs/queue.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import { commentById, groupById, type Ticket, ticketById } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { audit } from '#tickets/roles.ts';
import { section } from '../card.ts';
import { isSlackError, SlackError } from '../lanes.ts';
import { escape } from '../mrkdwn.ts';
import { type Post, updatePost } from '../posts.ts';
import type { Slack } from '../slack.ts';
import { findPost } from './erase-find.ts';
import { cardWish } from './card.ts';
import { lineWish } from './line.ts';
import { sideLineWish } from './side.ts';

const RETRIES = [2 * SECOND, 10 * SECOND, 60 * SECOND, 300 * SECOND, 900 * SECOND, 3_600 * SECOND, 4 * 3_600 * SECOND];
const GONE = ['message_not_found', 'channel_not_found', 'thread_not_found', 'file_not_found', 'file_deleted', 'is_inactive'];
/** Slack keeps what is old or in an archived channel from being edited; it may still be deleted. */
const FIXED = ['cant_update_message', 'edit_window_closed', 'is_archived'];

/**
 * Makes what Tiketti itself posted forget: first one job a ticket finds its posts, then one a post replaces the words or
 * deletes the file. What only mentions an erased person, on somebody else's ticket, is shown anew from what is stored now.
 */
export function eraseJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.erase',
    concurrency: 4,
    leaseSeconds: 120,
    retries: RETRIES,
    prepare: async (desk, job) => (job.payload['postId'] === undefined ? undefined : erasePost(desk, slack, Number(job.payload['postId']))),
    apply: async (desk, tx, job) =>
      job.payload['postId'] === undefined ? spread(desk, tx, Number(job.payload['ticketId'])) : showCardAgain(desk, tx, job),
    gaveUp: async (desk, tx, job, error) => {
      const code = error instanceof SlackError ? error.code : 'internal';
      await audit(desk, tx, null, 'person.slack_not_erased', `slack_post:${String(job.payload['postId'])}`, { code });
    },
  };
}

/** Each post's job waits behind whatever else is still being posted in its place. */
async function spread(desk: Desk, tx: Writer, ticketId: number): Promise<void> {
  const { slackPosts } = tx.tables;
  const posts = await tx.select().from(slackPosts).where(eq(slackPosts.ticketId, ticketId));
  const wishes: Wish[] = [];
  for (const post of posts) {
    const wish = (await isErased(tx, post)) ? eraseWish(desk, post) : await showWish(desk, tx, post);
    if (wish) wishes.push(wish);
  }
  await queue(desk, tx, wishes);
}

export function eraseWish(desk: Desk, post: Pick<Post, 'id' | 'key' | 'ticketId'>): Wish {
  return { kind: 'slack.erase', key: `erase-post:${post.id}`, lane: laneOf(post), payload: { postId: post.id }, runAt: desk.clock.now() };
}

function laneOf({ key, ticketId }: Pick<Post, 'key' | 'ticketId'>): string {
  const [kind = '', id = ''] = key.split(':');
  if (kind === 'card') return `card:${id}`;
  if (kind === 'line') return `line:${id}`;
  if (kind === 'side' || kind === 'side-line') return `side:${id}`;
  return `thread:${ticketId}`;
}

/** All that was posted about an erased ticket; of others, what shows an erased comment, and old private messages. */
async function isErased(tx: Writer, post: Post): Promise<boolean> {
  const [kind, id] = post.key.split(':');
  if (kind === 'tell' || (await isTicketErased(tx, post.ticketId))) return true;
  if (kind !== 'comment' && kind !== 'file') return false;
  const comment = await commentById(tx, Number(id));
  return !comment || comment.redactedAt !== null;
}

async function isTicketErased(tx: Writer, ticketId: number | null): Promise<boolean> {
  const ticket = ticketId === null ? undefined : await ticketById(tx, ticketId);
  if (!ticket) return true;
  const requester = await personById(tx, ticket.requesterId);
  if (requester?.erasedAt) return true;
  return ticket.deletedAt !== null && !(await hasWords(tx, ticket.id));
}

async function hasWords(tx: Writer, ticketId: number): Promise<boolean> {
  const { comments } = tx.tables;
  const rows = await tx
    .select({ id: comments.id })
    .from(comments)
    .where(and(eq(comments.ticketId, ticketId), isNull(comments.redactedAt)))
    .limit(1);
  return rows.length > 0;
}

async function showWish(desk: Desk, tx: Writer, post: Post): Promise<Wish | null> {
  const [kind, id, ...place] = post.key.split(':');
  if (post.state === 'gone' || post.ticketId === null) return null;
  switch (kind) {
    case 'card':
      return cardWish(desk, post.ticketId);
    case 'line':
      return lineWish(desk, Number(id));
    case 'side-line':
      return sideLineWish(desk, Number(id));
    case 'comment': {
      const where = place.length > 0 ? { place: place.join(':') } : {};
      const comment = await commentById(tx, Number(id));
      const payload = { commentId: Number(id), ...where };
      return comment ? { kind: 'slack.comment', lane: `thread:${post.ticketId}`, payload, runAt: desk.clock.now() } : null;
    }
    default:
      return null;
  }
}

async function erasePost(desk: Desk, slack: Slack, postId: number): Promise<void> {
  const [post] = await desk.db.select().from(desk.db.tables.slackPosts).where(eq(desk.db.tables.slackPosts.id, postId));
  if (!post || post.state === 'gone') return;
  if (post.fileId) return deleteFile(desk, slack, post);
  const ts = post.ts ?? (await findPost(slack, post));
  if (!ts || !post.channel) return;
  await replaceWords(desk, slack, { ...post, ts });
}

async function deleteFile(desk: Desk, slack: Slack, post: Post): Promise<void> {
  await unlessGone(() => slack.lanes.call('conversation', 'files.delete', { file: post.fileId }));
  await forget(desk, slack, post);
}

async function replaceWords(desk: Desk, slack: Slack, post: Post): Promise<void> {
  const ticket = post.ticketId === null ? undefined : await ticketById(desk.db, post.ticketId);
  const text = escape(translator(await languageOf(desk, ticket))('privacy:words'));
  try {
    await updatePost(desk, slack, { post, lane: 'conversation', message: { text, blocks: [section(text)] } });
  } catch (error) {
    if (!isSlackError(error, ...GONE, ...FIXED)) throw error;
    if (isSlackError(error, ...FIXED))
      await unlessGone(() => slack.lanes.call('conversation', 'chat.delete', { channel: post.channel, ts: post.ts }));
    await forget(desk, slack, post);
  }
}

async function languageOf(desk: Desk, ticket: Ticket | undefined): Promise<string> {
  const group = ticket ? await groupById(desk.db, ticket.groupId) : null;
  return group?.language ?? desk.settings.language;
}

async function unlessGone(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isSlackError(error, ...GONE)) throw error;
  }
}

async function forget(desk: Desk, slack: Slack, post: Post): Promise<void> {
  const gone = { state: 'gone' as const, fileId: null, hash: null, updatedAt: desk.clock.now() };
  await slack.commits.run('post erased', async (tx) => {
    await tx.update(tx.tables.slackPosts).set(gone).where(eq(tx.tables.slackPosts.id, post.id));
  });
}

/** The card of a ticket that still lives is drawn again, nameless: somebody has to close it. */
async function showCardAgain(desk: Desk, tx: Writer, job: Job): Promise<void> {
  const [post] = await tx
    .select()
    .from(tx.tables.slackPosts)
    .where(eq(tx.tables.slackPosts.id, Number(job.payload['postId'])));
  if (!post?.key.startsWith('card:') || post.ticketId === null || post.state === 'gone') return;
  const ticket = await ticketById(tx, post.ticketId);
  if (ticket && ticket.status !== 'closed' && !ticket.deletedAt) await queue(desk, tx, cardWish(desk, ticket.id));
}
