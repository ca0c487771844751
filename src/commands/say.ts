import { context, section, STATUS_EMOJI } from '#slack/card.ts';
import type { Caller } from '#slack/doors.ts';
import { bold, escape, shorten } from '#slack/mrkdwn.ts';
import type { Block, Message } from '#slack/slack.ts';
import { threadUrls } from '#slack/threads.ts';
import { type Ticket, ticketName } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { statusForRequester } from '#tickets/status.ts';

const MAX_LISTED = 15;

export function words(text: string): Message {
  return { text, blocks: [section(text)] };
}

/** A short list of tickets, each with its way to the thread. */
export async function ticketList(caller: Caller, title: string, tickets: Ticket[]): Promise<Message> {
  if (tickets.length === 0) return words(`${bold(escape(title))}\n${escape(caller.t('commands:list.empty'))}`);
  const lines = await Promise.all(tickets.slice(0, MAX_LISTED).map((ticket) => ticketLine(caller, ticket)));
  const blocks: Block[] = [section(bold(escape(title))), ...lines.map(section)];
  if (tickets.length > MAX_LISTED) blocks.push(context([escape(caller.t('commands:list.more', { count: tickets.length - MAX_LISTED }))]));
  return { text: `${title}: ${tickets.map((ticket) => ticketName(caller.desk.settings, ticket)).join(', ')}`, blocks };
}

async function ticketLine(caller: Caller, ticket: Ticket): Promise<string> {
  const requester = await personById(caller.desk.db, ticket.requesterId);
  const status = isOfTeam(caller) ? ticket.status : statusForRequester(ticket.status);
  const name = `${STATUS_EMOJI[status]} ${await ticketLink(caller, ticket)}`;
  return `${name} ${escape(shorten(ticket.subject, 100))} · ${escape(shorten(requester?.name ?? '', 60))} · ${escape(caller.t(`slack:status.${status}`))}`;
}

/** The ticket's number, linked to the thread of it that the caller may read. */
export async function ticketLink(caller: Caller, ticket: Ticket): Promise<string> {
  const name = ticketName(caller.desk.settings, ticket);
  const url = await ticketUrl(caller, ticket);
  return url ? `<${url}|${name}>` : bold(name);
}

/** The team works in the card's thread; a requester is answered in another, if any. */
export async function ticketUrl(caller: Caller, ticket: Ticket): Promise<string | null> {
  const urls = await threadUrls(caller.desk.db, [ticket.id], isOfTeam(caller) ? 'card' : 'requester');
  return urls.get(ticket.id) ?? null;
}

export function isOfTeam({ person }: Caller): boolean {
  return person.role !== 'none';
}
