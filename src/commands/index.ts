import { Failure } from '#failure.ts';
import { escape } from '#slack/mrkdwn.ts';
import type { Doors, Subcommand } from '#slack/doors.ts';
import { verbOf } from '#slack/replies/command.ts';
import { agent } from './agent.ts';
import { assign } from './assign.ts';
import { help } from './help.ts';
import { mine } from './mine.ts';
import { note } from './note.ts';
import { priority } from './priority.ts';
import { queue } from './queue.ts';
import { reopen } from './reopen.ts';
import { search } from './search.ts';
import { solve } from './solve.ts';
import { splitFirst } from './ticket-argument.ts';
import { view } from './view.ts';

const subcommands: Subcommand[] = [view, search, mine, queue, assign, priority, solve, reopen, note, agent, help];
const byVerb = new Map(subcommands.map((one) => [one.verb, one]));

/** Slack's `/ticket`: the first word, in any of our languages, says what is wanted. */
export const commands: Doors['commands'] = {
  '/ticket': async (caller) => {
    const [word, rest] = splitFirst(caller.text);
    const subcommand = word === '' ? help : byVerb.get(verbOf(word) ?? word.toLowerCase());
    if (!subcommand) throw new Failure('command.unknown', { word: escape(word.slice(0, 40)) });
    return subcommand.run({ ...caller, text: rest });
  },
};
