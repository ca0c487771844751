import { and, count, eq, gt } from 'drizzle-orm';
import { DAY, HOUR, later } from '#clock.ts';
import type { Reader, Writer } from '#db/database.ts';
import { keep } from '#db/kept.ts';
import type { Reason } from '#db/schema.ts';
import { contentOf, freezeDelivery } from './deliveries.ts';
import type { Actor, Desk } from './desk.ts';
import { record } from './events.ts';
import { commentsOf, type Ticket, ticketName } from './find.ts';
import type { Notice } from './frozen.ts';
import { followedBy } from './links.ts';
import { wayToRequesterAlone } from './recipients.ts';
import { solvedInReply } from './solved-footer.ts';

export interface NoticeDraft {
  ticket: Ticket;
  template: Notice;
  eventId: number;
  ruleId: number | null;
  /** One notice for one cause. */
  key: string;
  by: Actor;
  /** A mail of theirs is why they get it. */
  isAnswer: boolean;
  notBefore?: Date;
}

export type Notified = { deliveryId: number } | { withheld: Reason };

/** Something Tiketti tells the requester of itself, within the budget of automatic mail. Asking twice tells once. */
export async function notifyRequester(desk: Desk, tx: Writer, draft: NoticeDraft): Promise<Notified> {
  const { ticket } = draft;
  if (!ticket.isAnswerable) return withhold(desk, tx, draft, { key: 'notice.not_answerable' });
  if (ticket.verdict === 'fail') return withhold(desk, tx, draft, { key: 'notice.unverified' });
  const way = await wayToRequesterAlone(tx, ticket);
  if (!way) return withhold(desk, tx, draft, { key: 'notice.unreachable' });
  if (draft.template === 'solved' && (await solvedInReply(desk, tx, ticket.id)))
    return withhold(desk, tx, draft, { key: 'notice.in_reply' });
  const { name, address } = way.via === 'mail' ? (way.to[0] ?? { name: null, address: '' }) : { name: way.name, address: way.userId };
  const spent = way.via === 'mail' ? await overBudget(desk, tx, address) : null;
  if (spent) return withhold(desk, tx, draft, spent);
  const noticeId = await writeNotice(desk, tx, draft);
  if (noticeId === null) return { withheld: { key: 'notice.already' } };
  if (way.via === 'mail') await spend(desk, tx, address);
  const { id } = await freezeDelivery(desk, tx, {
    ticket,
    source: { noticeId },
    way,
    fromName: desk.settings.brand.name,
    automatic: draft.isAnswer ? 'auto-replied' : 'auto-generated',
    content: contentOf(desk, {
      ticket,
      template: draft.template,
      person: { name },
      body: await ownWords(tx, draft),
      variables: await variablesOf(desk, tx, draft),
    }),
    ...(draft.notBefore ? { notBefore: draft.notBefore } : {}),
  });
  return { deliveryId: id };
}

async function withhold(desk: Desk, tx: Writer, draft: NoticeDraft, why: Reason): Promise<Notified> {
  await record(desk, tx, draft.ticket.id, draft.by, { type: 'notice.withheld', data: { template: draft.template, why } });
  return { withheld: why };
}

function writeNotice(desk: Desk, tx: Writer, draft: NoticeDraft): Promise<number | null> {
  return tx.addOnce('notices', {
    ticketId: draft.ticket.id,
    audience: 'requester',
    template: draft.template,
    key: draft.key,
    eventId: draft.eventId,
    ruleId: draft.ruleId,
    createdAt: desk.clock.now(),
  });
}

/** A confirmation repeats what the customer wrote; what staff wrote down for them during a call stays inside. */
async function ownWords(tx: Reader, draft: NoticeDraft) {
  if (draft.template !== 'confirmation' && draft.template !== 'follow_up') return null;
  const [first] = await commentsOf(tx, draft.ticket.id, 1);
  return first?.visibility === 'public' && first.direction === 'in' ? first.document : null;
}

/** A follow-up names the ticket it goes on from. */
async function variablesOf(desk: Desk, tx: Reader, draft: NoticeDraft): Promise<Record<string, string>> {
  const previous = draft.template === 'follow_up' ? await followedBy(tx, draft.ticket.id) : undefined;
  return previous ? { previousNumber: ticketName(desk.settings, previous) } : {};
}

/** Product §4: three automatic mails a sender in 24 hours over all our addresses, thirty a domain in an hour. */
export const SENDER_BUDGET = 3;
export const DOMAIN_BUDGET = 30;

const SENT_TO_SENDER = keep<{ address: string; since: Date }, { sent: number }[]>((reader, { address, since }) => {
  const { automaticMails } = reader.tables;
  const isRecent = and(eq(automaticMails.address, address), gt(automaticMails.at, since));
  return reader.select({ sent: count() }).from(automaticMails).where(isRecent);
});

const SENT_TO_DOMAIN = keep<{ domain: string; since: Date }, { sent: number }[]>((reader, { domain, since }) => {
  const { automaticMails } = reader.tables;
  const isRecent = and(eq(automaticMails.domain, domain), gt(automaticMails.at, since));
  return reader.select({ sent: count() }).from(automaticMails).where(isRecent);
});

async function overBudget(desk: Desk, tx: Reader, address: string): Promise<Reason | null> {
  const now = desk.clock.now();
  const [bySender] = await tx.ask(SENT_TO_SENDER, { address, since: later(now, -DAY) });
  if ((bySender?.sent ?? 0) >= SENDER_BUDGET) return { key: 'notice.sender_budget', params: { limit: SENDER_BUDGET } };
  const [byDomain] = await tx.ask(SENT_TO_DOMAIN, { domain: domainOf(address), since: later(now, -HOUR) });
  return (byDomain?.sent ?? 0) >= DOMAIN_BUDGET ? { key: 'notice.domain_budget', params: { limit: DOMAIN_BUDGET } } : null;
}

async function spend(desk: Desk, tx: Writer, address: string): Promise<void> {
  await tx.add('automaticMails', { address, domain: domainOf(address), at: desk.clock.now() });
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
