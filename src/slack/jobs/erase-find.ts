import { isSlackError } from '../lanes.ts';
import type { Post } from '../posts.ts';
import type { Slack } from '../slack.ts';

const LOOK_BACK = 200;

interface Found {
  ts: string;
  metadata?: { event_payload?: { key?: string } };
}

/** Where a post stands whose process ended before it wrote that down: every post of ours carries its key. */
export async function findPost(slack: Slack, post: Pick<Post, 'channel' | 'threadTs' | 'key'>): Promise<string | null> {
  if (!post.channel) return null;
  const place = { channel: post.channel, include_all_metadata: true, limit: LOOK_BACK };
  const [method, parameters] = post.threadTs
    ? (['conversations.replies', { ...place, ts: post.threadTs }] as const)
    : (['conversations.history', place] as const);
  try {
    const { messages } = await slack.lanes.call<{ messages?: Found[] }>('conversation', method, parameters);
    return messages?.find((message) => message.metadata?.event_payload?.key === post.key)?.ts ?? null;
  } catch (error) {
    if (isSlackError(error, 'thread_not_found', 'message_not_found', 'channel_not_found')) return null;
    throw error;
  }
}
