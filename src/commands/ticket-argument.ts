import { Failure } from '#failure.ts';
import type { Caller } from '#slack/doors.ts';
import { parseTicketName, type Ticket, ticketByNumber } from '#tickets/find.ts';
import { isAgent } from '#tickets/people.ts';

/** The ticket a word names, as far as the caller may see it: agents see all, others what they requested. */
export async function ticketNamed(caller: Caller, word: string | undefined): Promise<Ticket> {
  if (!word) throw new Failure('ticket.which');
  const number = parseTicketName(caller.desk.settings, word);
  const ticket = number === null ? undefined : await ticketByNumber(caller.desk.db, number);
  const isTheirs = ticket?.requesterId === caller.person.id;
  const maySee = isAgent(caller.person) || caller.person.role === 'light' || isTheirs;
  if (!ticket || !maySee) throw new Failure('ticket.unknown', { number: word.slice(0, 40) });
  return ticket;
}

export function mustBeAgentCaller(caller: Caller): void {
  if (!isAgent(caller.person)) throw new Failure('role.agent_only');
}

/** The first word and the rest. */
export function splitFirst(text: string): [string, string] {
  const trimmed = text.trim();
  const space = trimmed.search(/\s/);
  return space === -1 ? [trimmed, ''] : [trimmed.slice(0, space), trimmed.slice(space).trim()];
}

const MENTIONS = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g;

/** `<@U123|name>` as Slack escapes a mention in a command, with any words around it; null unless exactly one person is meant. */
export function mentionedUser(text: string): string | null {
  const [userId, ...others] = new Set([...text.matchAll(MENTIONS)].map(([, id = '']) => id));
  return userId && others.length === 0 ? userId : null;
}
