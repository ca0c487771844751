import { and, eq, inArray } from 'drizzle-orm';
import { DAY, HOUR, later, MINUTE } from '#clock.ts';
import type { Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { DeliveryState } from '#db/words.ts';
import { translator } from '#i18n.ts';
import type { Commits } from '#jobs/commits.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { type Delivery, deliveryById } from '#tickets/deliveries.ts';
import { settleDelivery } from '#tickets/delivered.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Addressing, OutgoingContent } from '#tickets/frozen.ts';
import { composeMail } from './compose.ts';
import { buildBytes } from './mime.ts';
import type { Sender, SendOutcome } from './send.ts';

/** Product §3.3: waits between tries; then every four hours, for three days. */
const RETRIES = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
const LATER_RETRIES = 4 * HOUR;
const GIVE_UP_AFTER = 3 * DAY;
/** How long an unknown outcome waits before the identical bytes go once more. */
const UNKNOWN_WAIT = 10 * MINUTE;
const CONCURRENCY = 32;
const LEASE_SECONDS = 180;

/** Settled states need no sending; a job that finds one has nothing to do. */
const LIVE: readonly DeliveryState[] = ['queued', 'sending', 'delayed', 'unknown'];

type Sent = { kind: 'nothing' } | { kind: 'unsure' } | { kind: 'tried'; outcome: SendOutcome };

export interface MailOut {
  sender: Sender;
  commits: Commits;
}

export function deliverMailJob({ sender, commits }: MailOut): JobKind<Desk> {
  return {
    kind: 'deliver.mail',
    concurrency: CONCURRENCY,
    leaseSeconds: LEASE_SECONDS,
    retries: [MINUTE, 5 * MINUTE, 15 * MINUTE],
    prepare: (desk, job) => send(desk, { sender, commits }, deliveryIdOf(job.payload)),
    apply: (desk, tx, job, prepared) => settle(desk, tx, deliveryIdOf(job.payload), prepared as Sent),
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
type Outgoing = Pick<Delivery, 'id' | 'state' | 'bytes' | 'content' | 'addressing' | 'mayHaveArrivedTwice'>;

const OUTGOING = keep<{ deliveryId: number }, Outgoing[]>((reader, { deliveryId }) => {
  const { id, state, bytes, content, addressing, mayHaveArrivedTwice } = reader.tables.deliveries;
  return reader
    .select({ id, state, bytes, content, addressing, mayHaveArrivedTwice })
    .from(reader.tables.deliveries)
    .where(eq(id, deliveryId));
});

type Tried = Pick<Delivery, 'state' | 'attempts' | 'firstTriedAt'>;

const TRIED = keep<{ deliveryId: number }, Tried[]>((reader, { deliveryId }) => {
  const { id, state, attempts, firstTriedAt } = reader.tables.deliveries;
  return reader.select({ state, attempts, firstTriedAt }).from(reader.tables.deliveries).where(eq(id, deliveryId));
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

async function send(desk: Desk, { sender, commits }: MailOut, deliveryId: number): Promise<Sent> {
  const [delivery] = await desk.db.ask(OUTGOING, { deliveryId });
  if (!delivery || !LIVE.includes(delivery.state)) return { kind: 'nothing' };
  // Somebody was sending when the process ended: nobody knows whether the server took it.
  if (delivery.state === 'sending') return { kind: 'unsure' };
  const bytes = delivery.bytes ?? (await render(desk, delivery));
  const to = (await desk.db.ask(OPEN_RECIPIENTS, { deliveryId })).map(({ address }) => address);
  const isFree = await commits.run('sending', (tx) => markSending(desk, tx, delivery, bytes));
  if (!isFree) return { kind: 'nothing' };
  const addressing = delivery.addressing as unknown as Addressing;
  desk.failPoint('before smtp');
  const outcome = await sender.send({ from: addressing.from.address, to, bytes });
  desk.failPoint('after smtp');
  return { kind: 'tried', outcome };
}

/** Rendered once; every try sends these bytes. */
async function render(desk: Desk, delivery: Outgoing): Promise<Uint8Array> {
  const content = delivery.content as unknown as OutgoingContent;
  const addressing = delivery.addressing as unknown as Addressing;
  const mail = composeMail(content, addressing, translator(content.language));
  for (const problem of mail.problems) desk.log.warn({ delivery: delivery.id, problem }, 'A template was wrong; the shipped one was used.');
  const files = await Promise.all(content.files.map(async (file) => ({ ...file, bytes: await desk.files.get(file.sha256) })));
  return buildBytes(mail, addressing, files);
}

/** False when the delivery was cancelled or settled meanwhile: nothing may be sent. */
async function markSending(desk: Desk, tx: Writer, before: Outgoing, bytes: Uint8Array): Promise<boolean> {
  const { deliveries } = tx.tables;
  const [now] = await tx.ask(TRIED, { deliveryId: before.id });
  if (!now || now.state !== before.state) return false;
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
    .where(and(eq(deliveries.id, before.id), eq(deliveries.state, before.state)))
    .returning({ id: deliveries.id });
  return marked.length > 0;
}

async function settle(desk: Desk, tx: Writer, deliveryId: number, sent: Sent): Promise<Date | void> {
  const now = desk.clock.now();
  if (sent.kind === 'nothing') return;
  if (sent.kind === 'unsure') return waitUnknown(desk, tx, deliveryId, 'the process ended while sending');
  const { outcome } = sent;
  if (outcome.kind !== 'accepted')
    desk.log.warn(
      { delivery: deliveryId, outcome: outcome.kind, response: withoutAddresses(desk, outcome.response) },
      'A mail was not taken.',
    );
  switch (outcome.kind) {
    case 'accepted':
      await settleDelivery(desk, tx, deliveryId, { state: 'accepted', response: outcome.response, rejected: outcome.rejected });
      desk.failPoint('state written');
      return;
    case 'permanent':
      await settleDelivery(desk, tx, deliveryId, { state: 'failed', response: outcome.response });
      return;
    case 'unknown':
      return waitUnknown(desk, tx, deliveryId, outcome.response);
    case 'temporary': {
      const delivery = await deliveryById(tx, deliveryId);
      if (!delivery) return;
      const age = now.getTime() - (delivery.firstTriedAt ?? now).getTime();
      if (age >= GIVE_UP_AFTER) {
        await settleDelivery(desk, tx, deliveryId, { state: 'failed', response: outcome.response });
        return;
      }
      const again = later(now, RETRIES[delivery.attempts - 1] ?? LATER_RETRIES);
      await settleDelivery(desk, tx, deliveryId, { state: 'delayed', response: outcome.response, nextAt: again });
      return again;
    }
    default:
      outcome satisfies never;
  }
}

/** Servers repeat the recipient in what they answer; the log knows people by their hashes. */
function withoutAddresses(desk: Desk, response: string): string {
  return response.replaceAll(/[^\s<>"'@]+@[^\s<>"'@]+/g, (address) => desk.log.address(address));
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
