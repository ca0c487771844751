import type { Subcommand } from '#slack/doors.ts';
import { unassignedTickets } from '#tickets/find.ts';
import { ticketList } from './say.ts';
import { mustBeAgentCaller } from './ticket-argument.ts';

const LIMIT = 50;

export const queue: Subcommand = {
  verb: 'queue',
  async run(caller) {
    mustBeAgentCaller(caller);
    return ticketList(caller, caller.t('commands:queue.title'), await unassignedTickets(caller.desk.db, LIMIT));
  },
};
