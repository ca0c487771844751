import { Failure } from '#failure.ts';
import type { Subcommand } from '#slack/doors.ts';
import { documentFromText } from '#slack/message-text.ts';
import { mentionNames } from '#slack/replies/mention-names.ts';
import { note as addNote } from '#tickets/note.ts';
import { ticketLink, words } from './say.ts';
import { splitFirst, ticketNamed } from './ticket-argument.ts';

export const note: Subcommand = {
  verb: 'note',
  async run(caller) {
    if (caller.person.role === 'none') throw new Failure('role.agent_only');
    const [number, rest] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    if (!rest) throw new Failure('note.empty');
    await addNote(caller.desk, {
      ticketId: ticket.id,
      authorId: caller.person.id,
      body: documentFromText(rest, await mentionNames(caller.desk, caller.slack, { text: rest })),
      sourceKey: `command:${caller.triggerId}`,
    });
    return words(caller.t('commands:note.done', { ticket: await ticketLink(caller, ticket) }));
  },
};
