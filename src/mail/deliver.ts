import { and, eq, inArray } from 'drizzle-orm';
import { later, MINUTE } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { DeliveryState } from '#db/words.ts';
import { translator } from '#i18n.ts';
import type { Commits } from '#jobs/commits.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Job } from '#jobs/queue.ts';
import { withoutAddresses } from '#log.ts';
import { type Delivery, deliveryById } from '#tickets/deliveries.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import { type Desk, queue } from '#tickets/desk.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import type { Addressing, OutgoingContent } from '#tickets/frozen.ts';
import { composeMail } from './compose.ts';
import { signed } from './dkim.ts';
import { buildBytes } from './mime.ts';
import { isOver, nextTry } from './retries.ts';
import type { Refusal, SendOutcome } from './send.ts';
import type { Senders } from './senders.ts';
import { isInSentFolder, sentCopyWish } from './sent-folder.ts';

/** How long an unknown outcome waits before the identical bytes go once more. */
const UNKNOWN_WAIT = 10 * MINUTE;
const CONCURRENCY = 32;
const LEASE_SECONDS = 180;
/** The provider keeps what it took: the answer that was lost was yes. */
const FOUND: SendOutcome = { kind: 'accepted', response: 'found in the folder of sent mail', refused: [] };

/** Settled states need no sending; a job that finds one has nothing to do. */
const LIVE: readonly DeliveryState[] = ['queued', 'sending', 'delayed', 'unknown'];

type Sent =
  | { kind: 'nothing' }
  | { kind: 'again' }
  | { kind: 'unsure' }
  /** Not this mail's fault: its account rests, or others go first. */
  | { kind: 'waits'; until: Date; response: string }
  | { kind: 'tried'; outcome: SendOutcome; copyTo?: number | undefined };

export interface MailOut {
  senders: Senders;
  commits: Commits;
}

export function deliverMailJob({ senders, commits }: MailOut): JobKind<Desk> {
  return {
    kind: 'deliver.mail',
    concurrency: CONCURRENCY,
    leaseSeconds: LEASE_SECONDS,
    retries: [MINUTE, 5 * MINUTE, 15 * MINUTE],
    prepare: (desk, job) => send(desk, { senders, commits }, deliveryIdOf(job.payload)),
    apply: (desk, tx, job, prepared) => settle(desk, tx, job, prepared as Sent),
    salvage: (desk, tx, job, prepared) => salvage(desk, tx, deliveryIdOf(job.payload), prepared as Sent),
    gaveUp: async (desk, tx, job, error) => {
      const response = error instanceof Error ? error.message.slice(0, 300) : 'internal error';
      await settleDelivery(desk, tx, deliveryIdOf(job.payload), { state: 'failed', response });
    },
  };
}

function deliveryIdOf(payload: Record<string, unknown>): number {
  return Number(payload['deliveryId']);
}

/** What sending takes of a delivery's row. */
type Outgoing = Pick<Delivery, 'id' | 'state' | 'bytes' | 'content' | 'revision' | 'addressing' | 'mayHaveArrivedTwice'>;

const OUTGOING = keep<{ deliveryId: number }, Outgoing[]>((reader, { deliveryId }) => {
  const { id, state, bytes, content, revision, addressing, mayHaveArrivedTwice } = reader.tables.deliveries;
  return reader
    .select({ id, state, bytes, content, revision, addressing, mayHaveArrivedTwice })
    .from(reader.tables.deliveries)
    .where(eq(id, deliveryId));
});

type Tried = Pick<Delivery, 'state' | 'revision' | 'attempts' | 'firstTriedAt' | 'createdAt' | 'orderKey'>;

const TRIED = keep<{ deliveryId: number }, Tried[]>((reader, { deliveryId }) => {
  const { id, state, revision, attempts, firstTriedAt, createdAt, orderKey } = reader.tables.deliveries;
  return reader
    .select({ state, revision, attempts, firstTriedAt, createdAt, orderKey })
    .from(reader.tables.deliveries)
    .where(eq(id, deliveryId));
});

/** Whom the mail still has to reach. */
const OPEN_RECIPIENTS = keep<{ deliveryId: number }, { address: string }[]>((reader, { deliveryId }) => {
  const { deliveryRecipients } = reader.tables;
  return reader
    .select({ address: deliveryRecipients.address })
    .from(deliveryRecipients)
    .where(and(eq(deliveryRecipients.deliveryId, deliveryId), inArray(deliveryRecipients.state, [...LIVE])))
    .orderBy(deliveryRecipients.id);
});

async function send(desk: Desk, { senders, commits }: MailOut, deliveryId: number): Promise<Sent> {
  const [delivery] = await desk.db.ask(OUTGOING, { deliveryId });
  if (!delivery || !LIVE.includes(delivery.state)) return { kind: 'nothing' };
  // Somebody was sending when the process ended: nobody knows whether the server took it.
  if (delivery.state === 'sending') return { kind: 'unsure' };
  const addressing = delivery.addressing as unknown as Addressing;
  const ready = await senders.accountFor(addressing.from.address);
  if (ready.kind === 'waits') return ready;
  const { mailbox } = ready.account;
  if (delivery.state === 'unknown' && (await isInSentFolder(desk, mailbox, addressing.messageId))) return { kind: 'tried', outcome: FOUND };
  const bytes = delivery.bytes ?? (await render(desk, delivery, mailbox));
  const to = (await desk.db.ask(OPEN_RECIPIENTS, { deliveryId })).map(({ address }) => address);
  const turn = await commits.run('sending', (tx) => markSending(desk, tx, delivery, bytes));
  if (turn !== 'free') return { kind: turn };
  desk.failPoint('before smtp');
  const outcome = await ready.account.send({ from: addressing.from.address, to, bytes });
  desk.failPoint('after smtp');
  return { kind: 'tried', outcome, copyTo: mailbox.keepsSentCopies ? mailbox.id : undefined };
}

/** Rendered once; every try sends these bytes. */
async function render(desk: Desk, delivery: Outgoing, mailbox: Mailbox): Promise<Uint8Array> {
  const content = delivery.content as unknown as OutgoingContent;
  const addressing = delivery.addressing as unknown as Addressing;
  const mail = composeMail(content, addressing, translator(content.language));
  for (const problem of mail.problems) desk.log.warn({ delivery: delivery.id, problem }, 'A template was wrong; the shipped one was used.');
  const files = await Promise.all(content.files.map(async (file) => ({ ...file, bytes: await desk.files.get(file.sha256) })));
  return signed(desk, mailbox, await buildBytes(mail, addressing, files));
}

/** `nothing`: it was cancelled or settled meanwhile. `again`: its words were changed after they were rendered. */
async function markSending(desk: Desk, tx: Writer, before: Outgoing, bytes: Uint8Array): Promise<'free' | 'nothing' | 'again'> {
  const { deliveries } = tx.tables;
  const [now] = await tx.ask(TRIED, { deliveryId: before.id });
  if (!now || now.state !== before.state) return 'nothing';
  if (now.revision !== before.revision) return 'again';
  const at = desk.clock.now();
  // The state is part of the condition: on PostgreSQL it may be cancelled between the question and the answer.
  const marked = await tx
    .update(deliveries)
    .set({
      state: 'sending',
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      attempts: now.attempts + 1,
      firstTriedAt: now.firstTriedAt ?? at,
      mayHaveArrivedTwice: before.mayHaveArrivedTwice || now.state === 'unknown',
      updatedAt: at,
    })
    .where(and(eq(deliveries.id, before.id), eq(deliveries.state, before.state), eq(deliveries.revision, before.revision)))
    .returning({ id: deliveries.id });
  return marked.length > 0 ? 'free' : 'again';
}

async function settle(desk: Desk, tx: Writer, job: Job, sent: Sent): Promise<Date | void> {
  const deliveryId = deliveryIdOf(job.payload);
  if (sent.kind === 'nothing') return;
  if (sent.kind === 'again') return desk.clock.now();
  if (sent.kind === 'unsure') return waitUnknown(desk, tx, deliveryId, 'the process ended while sending');
  if (sent.kind === 'waits') return wait(desk, tx, deliveryId, sent);
  const { outcome } = sent;
  const { response } = outcome;
  if (outcome.kind !== 'accepted') tellLog(desk, deliveryId, outcome.kind, response);
  switch (outcome.kind) {
    case 'accepted': {
      for (const refused of outcome.refused) tellLog(desk, deliveryId, 'refused', refused.response);
      const again = await settleTry(desk, tx, job, { state: 'accepted', response, refused: outcome.refused });
      if (sent.copyTo !== undefined) await queue(desk, tx, sentCopyWish(desk, deliveryId, sent.copyTo));
      desk.failPoint('state written');
      return again;
    }
    case 'refused':
      return settleTry(desk, tx, job, { state: 'delayed', response, refused: outcome.refused });
    case 'temporary':
      return settleTry(desk, tx, job, { state: 'delayed', response, refused: [] });
    case 'permanent':
      await settleDelivery(desk, tx, deliveryId, { state: 'failed', response });
      return;
    case 'unknown':
      return waitUnknown(desk, tx, deliveryId, response);
    default:
      outcome satisfies never;
  }
}

/** Its server took it: whoever has the job now finds it settled, and does not send it once more. */
async function salvage(desk: Desk, tx: Writer, deliveryId: number, sent: Sent): Promise<void> {
  if (sent.kind !== 'tried' || sent.outcome.kind !== 'accepted' || sent.outcome.refused.length > 0) return;
  const [tried] = await tx.ask(TRIED, { deliveryId });
  if (tried?.state !== 'sending' && tried?.state !== 'unknown') return;
  await settleDelivery(desk, tx, deliveryId, { state: 'accepted', response: sent.outcome.response });
  if (sent.copyTo !== undefined) await queue(desk, tx, sentCopyWish(desk, deliveryId, sent.copyTo));
}

function tellLog(desk: Desk, delivery: number, outcome: string, response: string): void {
  desk.log.warn({ delivery, outcome, response: withoutAddresses(desk.log, response) }, 'A mail was not taken.');
}

interface Try {
  state: 'accepted' | 'delayed';
  response: string;
  refused: Refusal[];
}

/** No try is counted; what has waited for three days has failed all the same. */
async function wait(
  desk: Desk,
  tx: Writer,
  deliveryId: number,
  { until, response }: { until: Date; response: string },
): Promise<Date | void> {
  const [delivery] = await tx.ask(TRIED, { deliveryId });
  if (!delivery) return;
  if (!isOver(desk.clock.now(), delivery)) return until;
  await settleDelivery(desk, tx, deliveryId, { state: 'failed', response });
}

/** Each recipient by its own answer; whom it may still reach is tried again alone. */
async function settleTry(desk: Desk, tx: Writer, job: Job, { state, response, refused }: Try): Promise<Date | void> {
  const deliveryId = deliveryIdOf(job.payload);
  const [tried] = await tx.ask(TRIED, { deliveryId });
  if (!tried) return;
  const isWhole = state === 'delayed' && refused.length === 0;
  const isOpen = isWhole || refused.some((one) => one.isTemporary);
  const again = isOpen ? nextTry(desk.clock.now(), tried) : null;
  await settleDelivery(desk, tx, deliveryId, {
    state: state === 'delayed' && again === null ? 'failed' : state,
    response,
    refused: refused.map(({ isTemporary, ...answer }) => ({ ...answer, state: isTemporary && again ? 'delayed' : 'failed' })),
    ...(again ? { nextAt: again } : {}),
  });
  if (again === null) return;
  const isFirst = refused.some((one) => one.isTemporary && tried.orderKey.endsWith(`:${one.address}`));
  if (isWhole || isFirst) return again;
  // Nobody's answers wait for a mailbox of somebody else's: the rest is tried outside the row of this recipient.
  await queue(desk, tx, { kind: 'deliver.mail', lane: `deliver:rest:${deliveryId}`, payload: { deliveryId }, runAt: again });
}

/** Stated, waited for, then sent once more: never a silent loss. A second unknown outcome is left to a person. */
async function waitUnknown(desk: Desk, tx: Writer, deliveryId: number, response: string): Promise<Date | void> {
  const delivery = await deliveryById(tx, deliveryId);
  if (!delivery) return;
  if (delivery.mayHaveArrivedTwice) {
    await settleDelivery(desk, tx, deliveryId, { state: 'failed', response });
    return;
  }
  const again = later(desk.clock.now(), UNKNOWN_WAIT);
  await settleDelivery(desk, tx, deliveryId, { state: 'unknown', response, nextAt: again });
  return again;
}
