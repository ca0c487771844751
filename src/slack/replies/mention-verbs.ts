import { Failure } from '#failure.ts';
import type { Writer } from '#db/database.ts';
import { failureText, type Translate, translator } from '#i18n.ts';
import { isEmptyDocument } from '#text/document.ts';
import { assignTicket } from '#tickets/assign.ts';
import { type Actor, change, type Desk } from '#tickets/desk.ts';
import { setPriority } from '#tickets/fields.ts';
import type { Ticket } from '#tickets/find.ts';
import { note } from '#tickets/note.ts';
import { pendTicket } from '#tickets/pend.ts';
import { isAgent, type Person } from '#tickets/people.ts';
import { reopenTicket } from '#tickets/reopen.ts';
import { solveTicket } from '#tickets/solve.ts';
import { waitTicket } from '#tickets/wait.ts';
import { DroppedUnderPressure, isSlackError } from '../lanes.ts';
import type { Slack } from '../slack.ts';
import { personOfUser, slackUser } from '../users.ts';
import { type CommandArguments, priorityOf, statusOf } from './command.ts';
import type { SlackMessage } from './message.ts';

interface Mention {
  ticket: Ticket;
  message: SlackMessage;
  author: Person | null;
  verb: string;
  /** Writes down that the message was a command. */
  keep(tx: Writer): Promise<unknown>;
  args: CommandArguments;
}

/**
 * `@Tiketti solve` in a ticket's thread: never public. Done once, together with the row that says so; what can't be done is
 * told to its author alone. The ✅ and the words come after, and may be lost.
 */
export async function runMention(desk: Desk, slack: Slack, mention: Mention): Promise<void> {
  const { author, message } = mention;
  const t = translator(message.user && author ? (await slackUser(desk, slack, message.user)).locale : null);
  const whom = mention.args.userIds[0] ? await personOfUser(desk, slack, mention.args.userIds[0]) : null;
  let answer: string | null;
  try {
    if (!author || !isAgent(author)) throw new Failure('role.agent_only');
    answer = await once(desk, mention, (desk) => perform(desk, { ...mention, author, whom: whom?.person ?? null }, t));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    answer = await once(desk, mention, async () => failureText(t, error));
  }
  if (message.user) await sayDone(desk, slack, message, answer);
}

/** The verb and what is kept of its message in one transaction: whoever finds that does not do it again. */
function once(desk: Desk, { keep }: Mention, work: (desk: Desk) => Promise<string | null>): Promise<string | null> {
  return change(desk, 'thread command', async (tx, desk) => {
    await keep(tx);
    return work(desk);
  });
}

async function sayDone(desk: Desk, slack: Slack, message: SlackMessage, answer: string | null): Promise<void> {
  try {
    if (answer !== null) await whisper(slack, message, answer);
    else await slack.lanes.call('reaction', 'reactions.add', { channel: message.channel, timestamp: message.ts, name: 'white_check_mark' });
  } catch (error) {
    if (!isSlackError(error) && !(error instanceof DroppedUnderPressure)) throw error;
    desk.log.info({ error }, 'What a command did could not be shown where it was typed.');
  }
}

/** Null when it was done; words when there is something to say. */
async function perform(
  desk: Desk,
  { ticket, author, whom, verb, args, message }: Mention & { author: Person; whom: Person | null },
  t: Translate,
): Promise<string | null> {
  const by: Actor = { kind: 'person', id: author.id };
  switch (verb) {
    case 'solve':
      await solveTicket(desk, ticket.id, by);
      return null;
    case 'reopen':
      await reopenTicket(desk, ticket.id, by);
      return null;
    case 'take':
      await assignTicket(desk, ticket.id, author.id, by);
      return null;
    case 'assign':
      if (!whom) throw new Failure('assign.whom');
      await assignTicket(desk, ticket.id, whom.id, by);
      return null;
    case 'priority': {
      const priority = priorityOf(args.words[0] ?? '');
      if (!priority)
        throw new Failure('priority.which', {
          words: ['low', 'normal', 'high', 'urgent'].map((one) => t(`slack:priority.${one}`)).join(', '),
        });
      await setPriority(desk, ticket.id, priority, by);
      return null;
    }
    case 'status':
      await toStatus(desk, ticket, args.words.join(' '), by);
      return null;
    case 'note':
      if (isEmptyDocument(args.document)) throw new Failure('note.empty');
      await note(desk, {
        ticketId: ticket.id,
        authorId: author.id,
        body: args.document,
        sourceKey: `slack:mention:${message.channel}:${message.ts}`,
      });
      return null;
    default:
      return t('slack:mention_help');
  }
}

async function toStatus(desk: Desk, ticket: Ticket, word: string, by: Actor): Promise<void> {
  const status = statusOf(word);
  if (status === 'solved') await solveTicket(desk, ticket.id, by);
  else if (status === 'open') await reopenTicket(desk, ticket.id, by);
  else if (status === 'pending') await pendTicket(desk, ticket.id, by);
  else if (status === 'on_hold') await waitTicket(desk, ticket.id, by);
  else throw new Failure('status.which');
}

async function whisper(slack: Slack, message: SlackMessage, text: string): Promise<void> {
  const place = { channel: message.channel, user: message.user, ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}) };
  await slack.lanes.call('answer', 'chat.postEphemeral', { ...place, text });
}
