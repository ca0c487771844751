import { and, desc, eq } from 'drizzle-orm';
import { SECOND } from '#clock.ts';
import { translator } from '#i18n.ts';
import type { Wish } from '#jobs/queue.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { hadCompany } from '#jobs/presence.ts';
import { documentText } from '#text/document.ts';
import { lastDeliveryOf, recipientsOf } from '#tickets/deliveries.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import { commentById, groupById, mustFind, ticketName } from '#tickets/find.ts';
import { shownState } from '#tickets/late.ts';
import { personById } from '#tickets/people.ts';
import { parkedAt } from '#tickets/restored.ts';
import { wayToRequester } from '#tickets/recipients.ts';
import { DroppedUnderPressure, isChannelLost, isSlackError } from '../lanes.ts';
import { type DeliveryPart, renderLine, type LineFacts } from '../line.ts';
import { forgetPost, type PostDraft, postByKey, showPost } from '../posts.ts';
import { countDown, endOf, type Hold, holdById, isLive, liveRival } from '../replies/hold.ts';
import { isCorrectable } from '../replies/correct.ts';
import { knownMessage, messageKey } from '../replies/message.ts';
import { reason } from '../replies/reason.ts';
import type { Slack } from '../slack.ts';
import { cardThread, messageLink } from '../threads.ts';

const RETRIES = [SECOND, 3 * SECOND, 15 * SECOND, 60 * SECOND, 300 * SECOND, 900 * SECOND];

export function lineWish(desk: Desk, holdId: number): Wish {
  return { kind: 'slack.line', key: `line:${holdId}`, lane: `line:${holdId}`, payload: { holdId }, runAt: desk.clock.now() };
}

/** Keeps a reply's control line and its one reaction true. The hold counts from the moment Slack took the line. */
export function lineJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.line',
    concurrency: 16,
    leaseSeconds: 60,
    retries: RETRIES,
    isPatient: true,
    prepare: async (desk, job) => showLine(desk, slack, Number(job.payload['holdId'])),
    apply: async (desk, tx, job, shown) => {
      const holdId = Number(job.payload['holdId']);
      const releaseAt = await countDown(desk, tx, holdId);
      // Slack took its time: the line says the second at which it really leaves.
      if (releaseAt && seconds(releaseAt) !== seconds(shown as Date | null)) await queue(desk, tx, lineWish(desk, holdId));
    },
  };
}

function seconds(at: Date | null): number | null {
  return at && Math.floor(at.getTime() / SECOND);
}

/** When the line says that the words leave. */
async function showLine(desk: Desk, slack: Slack, holdId: number): Promise<Date | null> {
  const hold = await holdById(desk.db, holdId);
  if (!hold) return null;
  const ticket = await mustFind(desk.db, hold.ticketId);
  const group = await groupById(desk.db, ticket.groupId);
  const facts = await lineFacts(desk, slack, hold);
  const place =
    hold.sourceTs === null
      ? ((await cardThread(desk.db, ticket.id)) ?? { channel: hold.channel, ts: hold.threadTs })
      : { channel: hold.channel, ts: hold.threadTs };
  await showAnyhow(desk, slack, {
    key: `line:${hold.id}`,
    ticketId: ticket.id,
    channel: place.channel,
    threadTs: place.ts,
    lane: 'answer',
    message: renderLine(facts, translator(group.language ?? desk.settings.language)),
  });
  desk.failPoint('line posted');
  await settleReaction(desk, slack, hold, facts);
  return facts.releaseAt;
}

/** Somebody deleted the line, or its thread: it stands anew, where the ticket's card is now. */
async function showAnyhow(desk: Desk, slack: Slack, draft: PostDraft & { ticketId: number }): Promise<void> {
  try {
    await showPost(desk, slack, draft);
  } catch (error) {
    if (!isSlackError(error, ...GONE) && !isChannelLost(error)) throw error;
    const thread = await cardThread(desk.db, draft.ticketId);
    const known = await postByKey(desk.db, draft.key);
    const isElsewhere = thread?.channel !== draft.channel || thread.ts !== draft.threadTs;
    if (!thread || (!isElsewhere && known?.state !== 'posted')) throw error;
    if (known) await slack.commits.run('line gone', (tx) => forgetPost(desk, tx, known));
    await showPost(desk, slack, { ...draft, channel: thread.channel, threadTs: thread.ts });
  }
}

const GONE = ['message_not_found', 'thread_not_found', 'cant_update_message'];

async function lineFacts(desk: Desk, slack: Slack, hold: Hold): Promise<LineFacts> {
  const ticket = await mustFind(desk.db, hold.ticketId);
  const way = await wayToRequester(desk.db, ticket);
  const requester = await personById(desk.db, ticket.requesterId);
  const rival = hold.reasons.some((why) => why.key === 'conflict') && isLive(hold) ? await liveRival(desk.db, hold) : undefined;
  const rivalAuthor = rival ? await personById(desk.db, rival.authorId) : undefined;
  const comment = hold.commentId === null ? undefined : await commentById(desk.db, hold.commentId);
  const group = await groupById(desk.db, ticket.groupId);
  const known = hold.sourceTs === null ? undefined : await knownMessage(desk.db, messageKey(slack, hold.channel, hold.sourceTs));
  const delivery = comment ? await lastDelivery(desk, comment.id) : null;
  return {
    holdId: hold.id,
    state: hold.state,
    recipient: requester?.name ?? '',
    copies: way?.via === 'mail' ? way.cc.length : 0,
    releaseAt: hold.state === 'lining' ? endOf(hold, desk.clock.now()) : hold.releaseAt,
    reasons: hold.reasons.map((why) => (why.key === 'conflict' && !rival ? reason('conflict_settled') : why)),
    words: hold.sourceTs === null ? documentText(hold.document) : null,
    delivery,
    goesOnIn: comment && comment.ticketId !== hold.ticketId ? await linkTo(desk, comment.ticketId) : null,
    after: comment?.withdrawnAt ? 'deleted' : comment?.editedAt ? 'edited' : null,
    isCorrectable: isCorrectable(hold, known),
    isSendable: group.policy !== 'alerts-only',
    rival: rival ? { words: documentText(rival.document), author: rivalAuthor?.name ?? '' } : null,
  };
}

async function linkTo(desk: Desk, ticketId: number): Promise<string> {
  const name = ticketName(desk.settings, await mustFind(desk.db, ticketId));
  const thread = await cardThread(desk.db, ticketId);
  return thread ? `<${messageLink(thread.channel, thread.ts)}|${name}>` : name;
}

async function lastDelivery(desk: Desk, commentId: number): Promise<LineFacts['delivery']> {
  const row = await lastDeliveryOf(desk.db, commentId);
  if (!row) return null;
  const { id, lateness, mayHaveArrivedTwice } = row;
  const parts: DeliveryPart[] = [];
  for (const { state, name, address, response, updatedAt } of await recipientsOf(desk.db, id)) {
    const shown = shownState({ state, lateness });
    const part = parts.find((one) => one.state === shown && (shown === 'accepted' || one.response === response));
    if (part) part.names.push(name || address);
    else parts.push({ state: shown, names: [name || address], response, at: updatedAt });
  }
  return { id, state: shownState(row), mayHaveArrivedTwice, parts: parts.toSorted((a, b) => weight(a) - weight(b)) };
}

/** What somebody must look at comes first. */
const WEIGHTIEST = ['failed', 'bounced', 'unknown', 'delayed'];

function weight({ state }: DeliveryPart): number {
  const at = WEIGHTIEST.indexOf(state);
  return at === -1 ? WEIGHTIEST.length : at;
}

/** None while held, 📨 once accepted, ✋ when a person must act, ⚠️ when it failed or came back. */
async function settleReaction(desk: Desk, slack: Slack, hold: Hold, facts: LineFacts): Promise<void> {
  if (hold.sourceTs === null) return;
  const wanted = reactionFor(hold, facts);
  if (wanted === null) {
    if (!isLive(hold) || hold.state === 'lining') await lowerHand(desk, slack, hold);
    return;
  }
  await react(desk, slack, hold, wanted);
  if (wanted !== HAND) await lowerHand(desk, slack, hold);
}

function reactionFor(hold: Hold, facts: LineFacts): string | null {
  if (hold.state === 'waiting' || hold.state === 'paused') return HAND;
  const [worst] = facts.delivery?.parts ?? [];
  if (worst?.state === 'failed' && parkedAt(worst.response)) return HAND;
  if (worst?.state === 'failed' || worst?.state === 'bounced') return 'warning';
  return facts.delivery?.state === 'accepted' ? 'incoming_envelope' : null;
}

const HAND = 'raised_hand';
/** Which reactions stand on a message and which were taken back, as far as this process knows. */
const given = new Map<string, boolean>();
const MAX_GIVEN = 10_000;
const MAX_EVENTS = 1_000;

async function react(desk: Desk, slack: Slack, hold: Hold, name: string): Promise<void> {
  const key = `${hold.channel}:${hold.sourceTs}:${name}`;
  if (given.get(key) && !(await hadCompany(desk.db, { node: slack.node, since: hold.createdAt }))) return;
  await quietly(slack, 'reactions.add', hold, name);
  remember(key, true);
}

async function lowerHand(desk: Desk, slack: Slack, hold: Hold): Promise<void> {
  const key = `${hold.channel}:${hold.sourceTs}:${HAND}`;
  const isOurs = !(await hadCompany(desk.db, { node: slack.node, since: hold.createdAt }));
  const isRaised = (isOurs ? given.get(key) : undefined) ?? (await wasHeld(desk, hold));
  if (isRaised) await quietly(slack, 'reactions.remove', hold, HAND);
  remember(key, false);
}

function remember(key: string, isGiven: boolean): void {
  if (given.size > MAX_GIVEN) given.clear();
  given.set(key, isGiven);
}

/** The hand may have been raised before this process began, or by another node. */
async function wasHeld(desk: Desk, hold: Hold): Promise<boolean> {
  const { events } = desk.db.tables;
  const changes = await desk.db
    .select({ data: events.data })
    .from(events)
    .where(and(eq(events.ticketId, hold.ticketId), eq(events.type, 'hold.changed')))
    .orderBy(desc(events.id))
    .limit(MAX_EVENTS);
  return changes.some(({ data }) => data['holdId'] === hold.id && ['waiting', 'paused'].includes(String(data['state'])));
}

/** A reaction repeats what the line says in words; it may be lost, the words may not. */
async function quietly(slack: Slack, method: 'reactions.add' | 'reactions.remove', hold: Hold, name: string): Promise<void> {
  try {
    await slack.lanes.call('reaction', method, { channel: hold.channel, timestamp: hold.sourceTs, name });
  } catch (error) {
    const isSettled = isSlackError(
      error,
      'already_reacted',
      'no_reaction',
      'message_not_found',
      'too_many_reactions',
      'no_item_specified',
      'bad_timestamp',
    );
    if (!isSettled && !(error instanceof DroppedUnderPressure)) throw error;
  }
}
