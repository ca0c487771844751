import type { Priority, Status } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { PRIORITY_EMOJI, STATUS_EMOJI } from '../card.ts';
import { bold, escape, link, moment, shorten } from '../mrkdwn.ts';
import type { Block } from '../slack.ts';
import { button, lines } from './parts.ts';

export interface TicketLine {
  id: number;
  name: string;
  subject: string;
  requester: string;
  status: Status;
  priority: Priority;
  createdAt: Date;
  /** Its thread; null before there is one. */
  url: string | null;
}

const MAX_SUBJECT = 140;
const MAX_NAME = 60;

export function ticketBlock(ticket: TicketLine, t: Translate): Block {
  const open = ticket.url ? button({ action: 'open.link', label: t('home:button.open'), url: ticket.url }) : undefined;
  return lines([bold(escape(`${ticket.name} · ${shorten(ticket.subject, MAX_SUBJECT)}`)), factsLine(ticket, t)], open);
}

/** With *Take* where the others have their way to the thread; the number leads there. */
export function freeTicketBlock(ticket: TicketLine, t: Translate): Block {
  const name = ticket.url ? link(ticket.url, ticket.name) : bold(escape(ticket.name));
  const take = button({ action: 'card.take', label: t('slack:button.take'), value: String(ticket.id), style: 'primary' });
  return lines([`${name} ${bold(escape(shorten(ticket.subject, MAX_SUBJECT)))}`, factsLine(ticket, t)], take);
}

function factsLine({ requester, status, priority, createdAt }: TicketLine, t: Translate): string {
  return [
    `👤 ${escape(shorten(requester, MAX_NAME))}`,
    `${STATUS_EMOJI[status]} ${escape(t(`slack:status.${status}`))}`,
    `${PRIORITY_EMOJI[priority]} ${escape(t(`slack:priority.${priority}`))}`.trim(),
    `🕑 ${moment(createdAt)}`,
  ].join('  ·  ');
}
