import { section } from '#slack/card.ts';
import type { Subcommand } from '#slack/doors.ts';
import { ticketsAssignedTo, ticketsRequestedBy } from '#tickets/find.ts';
import { isAgent } from '#tickets/people.ts';
import { ticketList } from './say.ts';

const RECENT = 5;

/** What can be typed, and the caller's latest tickets. */
export const help: Subcommand = {
  verb: 'help',
  async run(caller) {
    const find = isAgent(caller.person) ? ticketsAssignedTo : ticketsRequestedBy;
    const list = await ticketList(caller, caller.t('commands:help.recent'), await find(caller.desk.db, caller.person.id, RECENT));
    const text = caller.t(isAgent(caller.person) ? 'commands:help.agent' : 'commands:help.anyone');
    return { text, blocks: [section(text), ...(list.blocks ?? [])] };
  },
};
