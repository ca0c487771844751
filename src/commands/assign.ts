import { Failure } from '#failure.ts';
import type { Subcommand } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { personOfUser } from '#slack/users.ts';
import { assignTicket } from '#tickets/assign.ts';
import { ticketLink, words } from './say.ts';
import { mentionedUser, mustBeAgentCaller, splitFirst, ticketNamed } from './ticket-argument.ts';

export const assign: Subcommand = {
  verb: 'assign',
  async run(caller) {
    mustBeAgentCaller(caller);
    const [number, who] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    const userId = who ? mentionedUser(who) : caller.user.id;
    if (!userId) throw new Failure('assign.whom');
    const found = await personOfUser(caller.desk, caller.slack, userId);
    if (!found) throw new Failure('assign.not_agent');
    await assignTicket(caller.desk, ticket.id, found.person.id, { kind: 'person', id: caller.person.id });
    return words(caller.t('commands:assign.done', { ticket: await ticketLink(caller, ticket), name: escape(found.person.name) }));
  },
};
