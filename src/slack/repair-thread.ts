import { and, asc, eq, gte, isNull } from 'drizzle-orm';
import type { Desk } from '#tickets/desk.ts';
import { identitiesOf } from '#tickets/people.ts';
import { storeEvent } from './inbox.ts';
import type { KnownMessage, SlackMessage } from './replies/message.ts';
import type { Slack } from './slack.ts';

const PAGE = 200;
const MAX_PAGES = 20;
const MAX_KNOWN = 1_000;
const SEND = 'incoming_envelope';
/** After every timestamp. */
const LAST = '~';

export interface ThreadLook {
  channel: string;
  thread: { ts: string; oldest: string };
  cursor?: string;
  page?: number;
  /** Also what is known is compared: edits and deletions leave no newer message behind. */
  isDeep?: boolean;
  /** This one was not there; one more look decides. */
  gone?: string;
}

type Replied = Omit<SlackMessage, 'channel'> & { reactions?: { name: string; users: string[] }[] };

interface Replies {
  messages?: Replied[];
  has_more?: boolean;
  response_metadata?: { next_cursor?: string };
}

/** What was said, edited or deleted and never told is taken as if it had been told now; what is known already changes nothing. */
export async function readThread(desk: Desk, slack: Slack, look: ThreadLook): Promise<ThreadLook[]> {
  const { channel, thread, cursor, page = 1, isDeep = false } = look;
  // Before the answer: what is said meanwhile can't be missing in it.
  const known = isDeep ? await knownSince(desk, look) : [];
  const answer = await ask(slack, {
    channel,
    ...thread,
    limit: PAGE,
    ...(isDeep ? { inclusive: true } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const replies = (answer.messages ?? []).filter((message) => message.ts !== thread.ts);
  for (const message of replies) {
    if (message.user === slack.bot.userId || message.bot_id) continue;
    const before = known.find(({ ts }) => ts === message.ts);
    if (before) await compare(desk, slack, before, message);
    else await storeEvent(desk, slack, { event: { ...message, type: 'message', channel } });
  }
  const next = answer.response_metadata?.next_cursor;
  const more = next && page < MAX_PAGES ? [{ ...look, cursor: next, page: page + 1 }] : [];
  return [...missing(known, answer, look).map((gone) => ({ channel, thread, gone })), ...more];
}

/** A message that was missing in a list is looked for by itself. Only an answer that shows its thread without it says that it is gone. */
export async function confirmGone(desk: Desk, slack: Slack, { channel, thread, gone }: ThreadLook & { gone: string }): Promise<void> {
  const where = { channel, ts: thread.ts, oldest: gone, latest: gone, inclusive: true, limit: PAGE };
  const answer = await ask(slack, where);
  const seen = answer.messages ?? [];
  if (answer.has_more || !seen.some(({ ts }) => ts === thread.ts)) return;
  const found = seen.find(({ ts }) => ts === gone);
  if (found && found.subtype !== 'tombstone') return;
  const event = {
    type: 'message',
    subtype: 'message_deleted',
    channel,
    deleted_ts: gone,
    event_ts: gone,
    previous_message: { thread_ts: thread.ts },
  };
  await storeEvent(desk, slack, { event });
}

function ask(slack: Slack, parameters: Record<string, unknown>): Promise<Replies> {
  return slack.lanes.call<Replies>('card', 'conversations.replies', parameters);
}

async function knownSince(desk: Desk, { channel, thread }: ThreadLook): Promise<KnownMessage[]> {
  const { threadMessages } = desk.db.tables;
  return desk.db
    .select()
    .from(threadMessages)
    .where(
      and(
        eq(threadMessages.channel, channel),
        eq(threadMessages.threadTs, thread.ts),
        gte(threadMessages.ts, thread.oldest),
        isNull(threadMessages.deletedAt),
      ),
    )
    .orderBy(asc(threadMessages.ts))
    .limit(MAX_KNOWN);
}

/** Known to us and not in the answer, as far as the answer is whole: from its first reply to its last, and beyond where nothing comes before or after. */
function missing(known: KnownMessage[], { messages = [], has_more: hasMore, response_metadata: at }: Replies, look: ThreadLook): string[] {
  const shown = messages.map(({ ts }) => ts);
  // An answer without its thread's root is no answer; later pages may come without it.
  if (!look.cursor && !shown.includes(look.thread.ts)) return [];
  const replies = shown.filter((ts) => ts !== look.thread.ts).toSorted();
  const from = look.cursor ? (replies[0] ?? LAST) : '';
  const until = hasMore || at?.next_cursor ? (replies.at(-1) ?? '') : LAST;
  return known.map(({ ts }) => ts).filter((ts) => ts >= from && ts <= until && !shown.includes(ts));
}

/** An edit, or one's own 📨 on a note that was never held. Other reactions don't say when they were given. */
async function compare(desk: Desk, slack: Slack, known: KnownMessage, message: Replied): Promise<void> {
  const { channel } = known;
  if ((message.edited?.ts ?? '') > (known.editedTs ?? '')) {
    const event = { type: 'message', subtype: 'message_changed', channel, ts: message.edited?.ts ?? '', message };
    return storeEvent(desk, slack, { event });
  }
  if (known.kind !== 'note' || known.holdId !== null || known.authorId === null) return;
  const author = (await identitiesOf(desk.db, [known.authorId])).find((identity) => identity.kind === 'slack')?.value;
  const isSent = message.reactions?.some(({ name, users }) => name === SEND && author !== undefined && users.includes(author));
  if (!isSent || author === undefined) return;
  const event = { type: 'reaction_added', user: author, reaction: SEND, item: { type: 'message', channel, ts: known.ts } };
  await storeEvent(desk, slack, { event_id: `repair:${known.key}:${SEND}`, event });
}
