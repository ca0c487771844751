import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { isSlackError, type Lane } from './lanes.ts';
import type { Slack } from './slack.ts';

/** Every post of ours carries what it shows, so that one whose answer never came is found again. */
export const METADATA = 'tiketti_post';

export interface LostPost {
  key: string;
  channel: string;
  threadTs: string | null;
  lane: Lane;
  /** When it was about to be posted. */
  tried: Date;
}

const PAGE = 200;
const MAX_PAGES = 10;

interface Page {
  messages?: { ts: string; metadata?: { event_type?: string; event_payload?: { key?: string } } }[];
  response_metadata?: { next_cursor?: string };
}

/** Looks for a post that may or may not have reached Slack; null when it did not. */
export async function findLostPost(reader: Reader, slack: Slack, lost: LostPost): Promise<string | null> {
  const method = lost.threadTs ? 'conversations.replies' : 'conversations.history';
  const oldest = await lastBefore(reader, lost);
  const place = { channel: lost.channel, include_all_metadata: true, limit: PAGE };
  const where = { ...place, ...(lost.threadTs ? { ts: lost.threadTs } : {}), ...(oldest ? { oldest } : {}) };
  let cursor = '';
  try {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await slack.lanes.call<Page>(lost.lane, method, { ...where, ...(cursor ? { cursor } : {}) });
      const found = answer.messages?.find(({ metadata }) => metadata?.event_type === METADATA && metadata.event_payload?.key === lost.key);
      if (found) return found.ts;
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (!cursor) break;
    }
    return null;
  } catch (error) {
    if (isSlackError(error, 'thread_not_found', 'message_not_found')) return null;
    throw error;
  }
}

/** Our last post there that was answered before this one was tried: by Slack's own clock, where to begin. */
async function lastBefore(reader: Reader, { channel, threadTs, tried }: LostPost): Promise<string | null> {
  const { slackPosts } = reader.tables;
  const isThere = and(eq(slackPosts.channel, channel), threadTs ? eq(slackPosts.threadTs, threadTs) : isNull(slackPosts.threadTs));
  const [post] = await reader
    .select({ ts: slackPosts.ts })
    .from(slackPosts)
    .where(and(isThere, eq(slackPosts.state, 'posted'), lt(slackPosts.postedAt, tried)))
    .orderBy(desc(slackPosts.ts))
    .limit(1);
  return post?.ts ?? null;
}
