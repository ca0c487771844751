import { MINUTE } from '#clock.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import { deliveryById, recipientsOf, responseAhead } from '#tickets/deliveries.ts';
import type { Desk } from '#tickets/desk.ts';
import { commentById, mustFind, ticketName } from '#tickets/find.ts';
import { identitiesOf } from '#tickets/people.ts';
import type { Slack } from '../slack.ts';
import { tell } from '../tell.ts';
import { escape } from '../mrkdwn.ts';

/** An answer that did not arrive is told to its author in person. */
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
  /** Sent once more, it may fail once more: each failure is told. */
  eventId: number;
}

async function alarm(desk: Desk, slack: Slack, { deliveryId, state, eventId }: Alarm): Promise<void> {
  const delivery = await deliveryById(desk.db, deliveryId);
  const comment = delivery?.commentId ? await commentById(desk.db, delivery.commentId) : undefined;
  if (!delivery || !comment?.authorId) return;
  const ticket = await mustFind(desk.db, delivery.ticketId);
  const userId = (await identitiesOf(desk.db, [comment.authorId])).find((identity) => identity.kind === 'slack')?.value;
  if (!userId) return;
  const [recipient] = await recipientsOf(desk.db, delivery.id);
  const params = {
    number: ticketName(desk.settings, ticket),
    name: escape(recipient?.name || recipient?.address || ''),
    response: escape(delivery.response ?? (await responseAhead(desk.db, delivery)) ?? ''),
  };
  await tell(desk, slack, {
    key: `delivery:${deliveryId}:${state}:${eventId}`,
    userId,
    ticketId: ticket.id,
    text: `slack:hint.delivery_${state}`,
    params,
  });
}
