import { and, eq, inArray } from 'drizzle-orm';
import { MINUTE, SECOND } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import { translator } from '#i18n.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Job } from '#jobs/queue.ts';
import { documentText } from '#text/document.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import { type Delivery, deliveryById } from '#tickets/deliveries.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import type { OutgoingContent } from '#tickets/frozen.ts';
import { context, section } from '../card.ts';
import { isChannelLost, isSlackError } from '../lanes.ts';
import { escape, splitAtLines } from '../mrkdwn.ts';
import { postByKey, showPost } from '../posts.ts';
import { shareFile } from '../share-file.ts';
import type { Message, Slack } from '../slack.ts';
import { addThread } from '../threads.ts';

interface SlackWay {
  userId: string;
  channel: string | null;
  threadTs: string | null;
}

const SECTION_CHARACTERS = 2_900;
const MAX_SECTIONS = 12;

/** A requester who is a Slack member is answered under their message, else in a direct message. */
export function deliverSlackJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'deliver.slack',
    concurrency: 4,
    leaseSeconds: 60,
    retries: [5 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE],
    isPatient: true,
    prepare: async (desk, job) => deliver(desk, slack, deliveryIdOf(job)),
    apply: async (desk, tx, job, done) => {
      const deliveryId = deliveryIdOf(job);
      if (!done) return;
      // The words are there to read: whatever becomes of the files, nobody can take the answer back.
      await settleDelivery(desk, tx, deliveryId, { state: 'accepted', response: null });
      await queue(desk, tx, { kind: FILES, lane: `files:${deliveryId}`, payload: { deliveryId }, runAt: desk.clock.now() });
    },
    gaveUp,
  };
}

const FILES = 'deliver.slack.files';

/** The files of an answer that is there to read. */
export function deliverSlackFilesJob(slack: Slack): JobKind<Desk> {
  return {
    kind: FILES,
    concurrency: 4,
    leaseSeconds: 60,
    retries: [5 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE],
    prepare: async (desk, job) => shareFiles(desk, slack, deliveryIdOf(job)),
    gaveUp,
  };
}

const deliveryIdOf = (job: Job) => Number(job.payload['deliveryId']);

async function gaveUp(desk: Desk, tx: Writer, job: Job, error: unknown): Promise<void> {
  const response = error instanceof Error ? error.message.slice(0, 300) : null;
  await settleDelivery(desk, tx, deliveryIdOf(job), { state: 'failed', response });
}

async function deliver(desk: Desk, slack: Slack, deliveryId: number): Promise<boolean> {
  const delivery = await deliveryById(desk.db, deliveryId);
  if (!delivery || !(await slack.commits.run('sending', (tx) => markSending(desk, tx, delivery)))) return false;
  const way = delivery.addressing as unknown as SlackWay;
  const content = delivery.content as unknown as OutgoingContent;
  try {
    await deliverAt(desk, slack, { delivery, content, place: await placeFor(slack, way) });
  } catch (error) {
    const isGone = isChannelLost(error) || isSlackError(error, 'thread_not_found');
    if (!isGone || way.channel === null) throw error;
    desk.log.warn({ delivery: delivery.id, code: error.code }, 'The thread of a requester is gone; they are answered in a direct message.');
    await deliverAt(desk, slack, { delivery, content, place: await placeFor(slack, { ...way, channel: null }) });
  }
  return true;
}

/** From here on no edit or deletion takes it back. False when one was faster, or it is settled. */
async function markSending(desk: Desk, tx: Writer, { id, attempts, firstTriedAt }: Delivery): Promise<boolean> {
  const { deliveries } = tx.tables;
  const now = desk.clock.now();
  const marked = await tx
    .update(deliveries)
    .set({ state: 'sending', updatedAt: now, firstTriedAt: firstTriedAt ?? now, attempts: attempts + 1 })
    .where(and(eq(deliveries.id, id), inArray(deliveries.state, ['queued', 'sending', 'delayed'])))
    .returning({ id: deliveries.id });
  return marked.length > 0;
}

interface Place {
  channel: string;
  threadTs: string | null;
}

async function deliverAt(
  desk: Desk,
  slack: Slack,
  { delivery, content, place }: { delivery: Delivery; content: OutgoingContent; place: Place },
): Promise<void> {
  const { ticketId } = delivery;
  const message = deliveredMessage(content, place);
  const also = (tx: Writer, ts: string) =>
    addThread(desk, tx, { channel: place.channel, ts: place.threadTs ?? ts, ticketId, kind: 'requester', sideId: null });
  await showPost(desk, slack, { key: `delivery:${delivery.id}`, ticketId, ...place, lane: 'conversation', message, also });
}

async function shareFiles(desk: Desk, slack: Slack, deliveryId: number): Promise<void> {
  const delivery = await deliveryById(desk.db, deliveryId);
  const post = await postByKey(desk.db, `delivery:${deliveryId}`);
  if (!delivery?.content || post?.state !== 'posted' || post.channel === null) return;
  const thread = { channel: post.channel, ts: post.threadTs ?? post.ts ?? '' };
  for (const file of (delivery.content as unknown as OutgoingContent).files) {
    const row = {
      id: file.fileId,
      sha256: file.sha256,
      filename: file.filename,
      contentType: file.contentType,
      sizeBytes: 1,
      slackFileId: null,
      createdAt: delivery.createdAt,
    };
    await shareFile(desk, slack, { file: row, ticketId: delivery.ticketId, commentId: -delivery.id, thread });
  }
}

async function placeFor(slack: Slack, way: SlackWay): Promise<Place> {
  if (way.channel && way.threadTs) return { channel: way.channel, threadTs: way.threadTs };
  const { channel } = await slack.lanes.call<{ channel: { id: string } }>('conversation', 'conversations.open', { users: way.userId });
  return { channel: channel.id, threadTs: null };
}

function deliveredMessage(content: OutgoingContent, { threadTs }: Place): Message {
  const t = translator(content.language);
  if (content.template !== 'reply') {
    const opened = threadTs === null ? 'slack:requester.opened_direct' : 'slack:requester.opened';
    const text = escape(t(content.template === 'solved' ? 'slack:requester.solved' : opened, content.ticket));
    return { text, blocks: [section(text)] };
  }
  const pieces = splitAtLines(escape(content.body ? documentText(content.body) : ''), SECTION_CHARACTERS).filter(
    (piece) => piece.trim() !== '',
  );
  const head = escape(content.agent.name ?? content.brand.name);
  return {
    text: `${head}: ${pieces[0]?.slice(0, 300) ?? ''}`,
    blocks: [context([`*${head}* · ${escape(content.ticket.number)}`]), ...pieces.slice(0, MAX_SECTIONS).map(section)],
  };
}
