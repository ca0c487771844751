import type { Subcommand } from '#slack/doors.ts';
import { reopenTicket } from '#tickets/reopen.ts';
import { ticketLink, words } from './say.ts';
import { mustBeAgentCaller, splitFirst, ticketNamed } from './ticket-argument.ts';

export const reopen: Subcommand = {
  verb: 'reopen',
  async run(caller) {
    mustBeAgentCaller(caller);
    const [number] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    await reopenTicket(caller.desk, ticket.id, { kind: 'person', id: caller.person.id });
    return words(caller.t('commands:reopen.done', { ticket: await ticketLink(caller, ticket) }));
  },
};
