import { PRIORITIES } from '#db/words.ts';
import { Failure } from '#failure.ts';
import type { Subcommand } from '#slack/doors.ts';
import { priorityOf } from '#slack/replies/command.ts';
import { setPriority } from '#tickets/fields.ts';
import { ticketLink, words } from './say.ts';
import { mustBeAgentCaller, splitFirst, ticketNamed } from './ticket-argument.ts';

export const priority: Subcommand = {
  verb: 'priority',
  async run(caller) {
    mustBeAgentCaller(caller);
    const [number, word] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    const wanted = priorityOf(word);
    if (!wanted) throw new Failure('priority.which', { words: PRIORITIES.map((one) => caller.t(`slack:priority.${one}`)).join(', ') });
    await setPriority(caller.desk, ticket.id, wanted, { kind: 'person', id: caller.person.id });
    return words(
      caller.t('commands:priority.done', { ticket: await ticketLink(caller, ticket), priority: caller.t(`slack:priority.${wanted}`) }),
    );
  },
};
