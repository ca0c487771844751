import { MINUTE } from '#clock.ts';
import type { Row } from '#db/schema.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { type Delivery, deliveryById, recipientsOf, responseAhead } from '#tickets/deliveries.ts';
import type { Desk } from '#tickets/desk.ts';
import { commentById, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { identitiesOf } from '#tickets/people.ts';
import { parkedAt } from '#tickets/restored.ts';
import type { Slack } from '../slack.ts';
import { tell } from '../tell.ts';
import { escape } from '../mrkdwn.ts';

/** What did not arrive is told in person to whom it concerns. */
export function alarmJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.alarm',
    concurrency: 2,
    leaseSeconds: 60,
    retries: [MINUTE, 5 * MINUTE],
    isPatient: true,
    prepare: async (desk, job) => alarm(desk, slack, job.payload as unknown as Alarm),
  };
}

interface Alarm {
  deliveryId: number;
  state: string;
}

async function alarm(desk: Desk, slack: Slack, { deliveryId, state }: Alarm): Promise<void> {
  const delivery = await deliveryById(desk.db, deliveryId);
  if (!delivery) return;
  const ticket = await mustFind(desk.db, delivery.ticketId);
  const personId = await concernedBy(desk, delivery, ticket);
  const userId = personId === null ? undefined : await slackIdOf(desk, personId);
  if (!userId) return;
  const text = delivery.noticeId === null ? `slack:hint.delivery_${state}` : `slack:hint.notice_missed.${delivery.template}`;
  // Of what a restore parked its author hears; for a notice nobody is asked, and the admins have the list.
  const isParked = parkedAt(delivery.response) !== null;
  if (isParked && delivery.noticeId !== null) return;
  for (const misses of await missesOf(desk, delivery, state)) {
    const params = {
      number: ticketName(desk.settings, ticket),
      name: escape(misses.names.join(', ')),
      response: escape(misses.response ?? (await responseAhead(desk.db, delivery)) ?? ''),
    };
    await tell(desk, slack, { key: misses.key, userId, ticketId: ticket.id, text: isParked ? 'slack:hint.delivery_parked' : text, params });
  }
}

/** An answer is its author's; what Tiketti sends of itself is the assignee's matter, where there is one. */
async function concernedBy(desk: Desk, delivery: Delivery, ticket: Ticket): Promise<number | null> {
  if (delivery.noticeId !== null) return ticket.assigneeId;
  const comment = delivery.commentId === null ? undefined : await commentById(desk.db, delivery.commentId);
  return comment?.authorId ?? null;
}

async function slackIdOf(desk: Desk, personId: number): Promise<string | undefined> {
  return (await identitiesOf(desk.db, [personId])).find((identity) => identity.kind === 'slack')?.value;
}

type Recipient = Row<'deliveryRecipients'>;

interface Misses {
  /** Names the very failure: the same recipient failing again is told again. */
  key: string;
  names: string[];
  response: string | null;
}

const MAX_NAMES = 5;

/** Whom it did not reach, those with one answer together. */
async function missesOf(desk: Desk, delivery: Delivery, state: string): Promise<Misses[]> {
  const recipients = await recipientsOf(desk.db, delivery.id);
  const isMiss = (one: Recipient) => (state === 'delayed' ? ['queued', 'sending', 'delayed'].includes(one.state) : one.state === state);
  const together = Map.groupBy(recipients.filter(isMiss), (one) => `${one.updatedAt.getTime()}:${one.response ?? ''}`);
  return [...together.values()].map((misses) => ({
    key: `delivery:${delivery.id}:${state}:${misses[0]?.id}:${state === 'delayed' ? '' : misses[0]?.updatedAt.getTime()}`,
    names: [...misses.slice(0, MAX_NAMES).map((one) => one.name || one.address), ...(misses.length > MAX_NAMES ? ['…'] : [])],
    response: misses[0]?.response ?? null,
  }));
}
