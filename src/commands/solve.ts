import type { Subcommand } from '#slack/doors.ts';
import { solveTicket } from '#tickets/solve.ts';
import { ticketLink, words } from './say.ts';
import { mustBeAgentCaller, splitFirst, ticketNamed } from './ticket-argument.ts';

export const solve: Subcommand = {
  verb: 'solve',
  async run(caller) {
    mustBeAgentCaller(caller);
    const [number] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    await solveTicket(caller.desk, ticket.id, { kind: 'person', id: caller.person.id });
    return words(caller.t('commands:solve.done', { ticket: await ticketLink(caller, ticket) }));
  },
};
