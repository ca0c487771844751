import { createHash } from 'node:crypto';
import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import type { Row } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Lane } from './lanes.ts';
import { findLostPost, METADATA } from './lost-post.ts';
import type { Message, Slack } from './slack.ts';

export type Post = Row<'slackPosts'>;

export interface PostDraft {
  /** What it shows, once: `card:12`, `comment:55:0`, `line:77`. */
  key: string;
  ticketId: number | null;
  channel: string;
  threadTs: string | null;
  lane: Lane;
  message: Message;
  /** What stands on this post, e.g. its thread: written together with the news that Slack took it. */
  also?: (tx: Writer, ts: string) => Promise<void>;
}

/**
 * Shows one thing in Slack exactly once. The row is written before the call and says what came of it after; when the
 * process ended in between, the thread is searched for the key that every post carries.
 */
export async function showPost(desk: Desk, slack: Slack, draft: PostDraft): Promise<Post> {
  const hash = hashOf(draft.message);
  const known = await postByKey(desk.db, draft.key);
  if (known?.state === 'posted' && known.ts)
    return known.hash === hash ? known : updatePost(desk, slack, { post: known, lane: draft.lane, message: draft.message });
  if (known?.state === 'posting') {
    const ts = await findLostPost(desk.db, slack, { ...draft, tried: known.updatedAt });
    // It says what was true when it was tried.
    if (ts) return updatePost(desk, slack, { post: await keep(desk, slack, draft, { ts, hash: known.hash ?? '' }), ...draft });
  }
  // However often it is tried, it may be there since the first time.
  const since = known?.state === 'posting' ? known.updatedAt : desk.clock.now();
  await slack.commits.run('posting', (tx) => write(desk, tx, draft, { state: 'posting', ts: null, hash }, since));
  desk.failPoint('before post');
  const { ts } = await slack.lanes.call<{ ts: string }>(draft.lane, 'chat.postMessage', {
    channel: draft.channel,
    ...(draft.threadTs ? { thread_ts: draft.threadTs } : {}),
    ...draft.message,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA, event_payload: { key: draft.key } },
  });
  desk.failPoint('posted');
  return keep(desk, slack, draft, { ts, hash });
}

export async function updatePost(
  desk: Desk,
  slack: Slack,
  { post, lane, message }: { post: Post; lane: Lane; message: Message },
): Promise<Post> {
  const hash = hashOf(message);
  if (post.hash === hash) return post;
  await slack.lanes.call(lane, 'chat.update', { channel: post.channel, ts: post.ts, ...message });
  await slack.commits.run('post updated', async (tx) => {
    await tx.update(tx.tables.slackPosts).set({ hash, updatedAt: desk.clock.now() }).where(eq(tx.tables.slackPosts.id, post.id));
  });
  return { ...post, hash };
}

/** Somebody deleted it: it may be shown anew. */
export async function forgetPost(desk: Desk, tx: Writer, post: Post): Promise<void> {
  await tx
    .update(tx.tables.slackPosts)
    .set({ state: 'gone', key: `${post.key}:gone:${post.id}:${post.ts ?? ''}`, updatedAt: desk.clock.now() })
    .where(eq(tx.tables.slackPosts.id, post.id));
}

const SETTLING = MINUTE;

/** A thread may be answered before what we know of it is written: its root is being posted, or was a moment ago. */
export async function isBeingPosted(desk: Desk, channel: string, ts: string): Promise<boolean> {
  const { slackPosts } = desk.db.tables;
  const isRoot = and(eq(slackPosts.ts, ts), gt(slackPosts.updatedAt, later(desk.clock.now(), -SETTLING)));
  const [post] = await desk.db
    .select({ id: slackPosts.id })
    .from(slackPosts)
    .where(and(eq(slackPosts.channel, channel), isNull(slackPosts.threadTs), or(eq(slackPosts.state, 'posting'), isRoot)))
    .limit(1);
  return post !== undefined;
}

export async function postByKey(reader: Reader, key: string): Promise<Post | undefined> {
  const [post] = await reader.select().from(reader.tables.slackPosts).where(eq(reader.tables.slackPosts.key, key)).limit(1);
  return post;
}

/** What of ours stands at a place. */
export async function postAt(reader: Reader, channel: string, ts: string): Promise<Post | undefined> {
  const { slackPosts } = reader.tables;
  const [post] = await reader
    .select()
    .from(slackPosts)
    .where(and(eq(slackPosts.channel, channel), eq(slackPosts.ts, ts)))
    .limit(1);
  return post;
}

function keep(desk: Desk, slack: Slack, draft: PostDraft, { ts, hash }: { ts: string; hash: string }): Promise<Post> {
  return slack.commits.run('posted', async (tx) => {
    const post = await write(desk, tx, draft, { state: 'posted', ts, hash });
    await draft.also?.(tx, ts);
    return post;
  });
}

async function write(
  desk: Desk,
  tx: Writer,
  draft: PostDraft,
  now: Pick<Post, 'state' | 'ts' | 'hash'>,
  at = desk.clock.now(),
): Promise<Post> {
  const { slackPosts } = tx.tables;
  const values = {
    ...now,
    channel: draft.channel,
    threadTs: draft.threadTs,
    ticketId: draft.ticketId,
    updatedAt: at,
    ...(now.state === 'posted' ? { postedAt: at } : {}),
  };
  const [post] = await tx
    .insert(slackPosts)
    .values({ key: draft.key, ...values })
    .onConflictDoUpdate({ target: slackPosts.key, set: values })
    .returning();
  if (!post) throw new Error('A post was not written.');
  return post;
}

function hashOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 32);
}
