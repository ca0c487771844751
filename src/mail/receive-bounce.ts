import type { Writer } from '#db/database.ts';
import { bounceDelivery, type Bounced } from '#tickets/delivered.ts';
import { recipientsOf } from '#tickets/deliveries.ts';
import { type Desk, SYSTEM } from '#tickets/desk.ts';
import { record } from '#tickets/events.ts';
import { normalAddress } from '#tickets/people.ts';
import { markUndeliverable } from '#tickets/undeliverable.ts';
import type { Arrival, Fate } from './arrival.ts';
import { reportedDelivery } from './reported-delivery.ts';
import type { Bounce, BounceRecipient } from './understand/letter.ts';

/** RFC 3463: unknown user, bad or moved address, unknown host. Whatever else went wrong may come right. */
const DEAD = /^5\.1\.(?:1|2|3|6|10)$|^5\.4\.4$/;

/** A delivery report marks the very mail it is about, for each recipient it names. A delayed one is a quiet fact, no failure. */
export async function receiveBounce(desk: Desk, tx: Writer, { letter, mail }: Arrival): Promise<Fate> {
  const reported = await reportedDelivery(desk, tx, letter);
  if (!reported || !letter.bounce)
    return { outcome: 'quarantined', reasons: ['a delivery report about no mail of ours', ...letter.reasons] };
  const { delivery, isGuess } = reported;
  const failed = letter.bounce.recipients.filter((recipient) => recipient.action === 'failed').map(bouncedOf);
  await bounceDelivery(desk, tx, delivery.id, failed);
  if (!isGuess) await markUndeliverable(desk, tx, await deadAmong(tx, delivery.id, letter.bounce));
  if (failed.length === 0) {
    const data = { mailId: mail.id, kind: letter.kind, why: [...letter.bounce.recipients.map(inWords), ...letter.reasons] };
    await record(desk, tx, delivery.ticketId, SYSTEM, { type: 'mail.recorded', data });
  }
  const reasons = [`a delivery report about mail ${delivery.id}`, ...letter.reasons];
  return { outcome: 'appended', ticketId: delivery.ticketId, deliveryId: delivery.id, reasons };
}

function bouncedOf(recipient: BounceRecipient): Bounced {
  const response = `${recipient.status} ${recipient.diagnostic}`.trim().slice(0, 300);
  return { address: normalAddress(recipient.address), status: recipient.status, response };
}

function inWords({ action, status }: BounceRecipient): string {
  return `${action} ${status}`.trim();
}

/** Only addresses this mail went to: a report can be forged, and would name anybody. */
async function deadAmong(tx: Writer, deliveryId: number, bounce: Bounce): Promise<string[]> {
  const isDead = ({ action, status }: BounceRecipient) =>
    action === 'failed' && (bounce.recipients.length === 1 ? bounce.addressIsDead : DEAD.test(status));
  const dead = new Set(bounce.recipients.filter(isDead).map((recipient) => normalAddress(recipient.address)));
  const recipients = await recipientsOf(tx, deliveryId);
  return recipients.filter((recipient) => dead.has(recipient.address)).map((recipient) => recipient.address);
}
