import { Failure } from '#failure.ts';
import type { Subcommand } from '#slack/doors.ts';
import { escape, shorten, unescape } from '#slack/mrkdwn.ts';
import { searchTickets } from '#tickets/search.ts';
import { ticketList } from './say.ts';
import { mustBeAgentCaller } from './ticket-argument.ts';

const LIMIT = 15;

export const search: Subcommand = {
  verb: 'search',
  async run(caller) {
    mustBeAgentCaller(caller);
    const query = unescape(caller.text).trim();
    if (!query) throw new Failure('search.empty');
    return ticketList(
      caller,
      caller.t('commands:search.title', { words: escape(shorten(query, 80)) }),
      await searchTickets(caller.desk.db, query, LIMIT),
    );
  },
};
