import type { Subcommand } from '#slack/doors.ts';
import { ticketsAssignedTo, ticketsRequestedBy } from '#tickets/find.ts';
import { isAgent } from '#tickets/people.ts';
import { ticketList } from './say.ts';

const LIMIT = 50;

/** An agent's own work; anybody else's own matters. */
export const mine: Subcommand = {
  verb: 'mine',
  async run(caller) {
    const find = isAgent(caller.person) ? ticketsAssignedTo : ticketsRequestedBy;
    return ticketList(caller, caller.t('commands:mine.title'), await find(caller.desk.db, caller.person.id, LIMIT));
  },
};
