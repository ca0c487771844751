import { MINUTE } from '#clock.ts';
import { translator } from '#i18n.ts';
import type { JobKind } from '#jobs/job-kind.ts';
import type { Wish } from '#jobs/queue.ts';
import type { Reason } from '#db/schema.ts';
import type { Desk } from '#tickets/desk.ts';
import type { RecordedEvent } from '#tickets/events.ts';
import { mailboxById } from '#tickets/mailboxes.ts';
import { escape, moment } from '../mrkdwn.ts';
import type { Slack } from '../slack.ts';
import { adminUsers, tell } from '../tell.ts';
import { slackUser } from '../users.ts';

type MailboxEvent = Extract<RecordedEvent, { type: 'mailbox.trouble' | 'mailbox.mended' | 'mailbox.filling' }>;

/** What is told of which mailbox: a text under `mailboxes:told`, and what stands in it. */
interface Told {
  eventId: number;
  mailboxId: number;
  what: 'imap_trouble' | 'smtp_trouble' | 'imap_mended' | 'smtp_mended' | 'filling';
  since?: number;
  usedPercent?: number;
  why?: Reason;
}

export function mailboxWish(desk: Desk, event: MailboxEvent): Wish {
  const { mailboxId } = event.data;
  const told: Told = { eventId: event.id, mailboxId, ...wordsOf(event) };
  return { kind: 'slack.mailbox', lane: `slack.mailbox:${mailboxId}`, payload: { ...told }, runAt: desk.clock.now() };
}

function wordsOf(event: MailboxEvent): Omit<Told, 'eventId' | 'mailboxId'> {
  switch (event.type) {
    case 'mailbox.trouble':
      return { what: `${event.data.side}_trouble`, since: event.data.since, why: event.data.why };
    case 'mailbox.mended':
      return { what: `${event.data.side}_mended`, since: event.data.since };
    case 'mailbox.filling':
      return { what: 'filling', usedPercent: event.data.usedPercent };
    default:
      return event satisfies never;
  }
}

/** A mailbox that isn't read, or an address that can't send, is an admin's matter: what is wrong, and what to do. */
export function mailboxJob(slack: Slack): JobKind<Desk> {
  return {
    kind: 'slack.mailbox',
    concurrency: 1,
    leaseSeconds: 60,
    retries: [MINUTE, 5 * MINUTE],
    isPatient: true,
    prepare: async (desk, job) => {
      const told = job.payload as unknown as Told;
      const mailbox = await mailboxById(desk.db, told.mailboxId);
      if (mailbox) await tellOf(desk, slack, escape(mailbox.name), told);
    },
  };
}

async function tellOf(desk: Desk, slack: Slack, name: string, { eventId, what, since = 0, usedPercent = 0, why }: Told): Promise<void> {
  for (const userId of await adminUsers(desk)) {
    const t = translator((await slackUser(desk, slack, userId)).locale);
    const because = why ? escape(t(`mailboxes:trouble.${why.key}`, why.params)) : '';
    const params = { name, since: moment(new Date(since)), why: because, usedPercent };
    const text = `mailboxes:told.${what}`;
    await tell(desk, slack, { key: `mailbox:${eventId}`, userId, ticketId: null, text, params });
  }
}
