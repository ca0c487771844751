import { eq } from 'drizzle-orm';
import { change, type Desk } from '#tickets/desk.ts';
import { translator } from '#i18n.ts';
import { type Ticket, ticketName } from '#tickets/find.ts';
import type { Person } from '#tickets/people.ts';
import { section } from '../card.ts';
import { isSlackError } from '../lanes.ts';
import { escape } from '../mrkdwn.ts';
import type { Message, Slack } from '../slack.ts';
import { cardThread, messageLink } from '../threads.ts';
import { slackUser } from '../users.ts';
import type { SlackMessage } from './message.ts';

/** Told once a person: what they write here stays inside, and how to become an agent. */
export async function hintOnce(desk: Desk, slack: Slack, { person, message }: { person: Person; message: SlackMessage }): Promise<void> {
  if (person.hintedAt || !message.user) return;
  await change(desk, 'hint', async (tx, desk) => {
    await tx.update(tx.tables.people).set({ hintedAt: desk.clock.now() }).where(eq(tx.tables.people.id, person.id));
  });
  const t = translator((await slackUser(desk, slack, message.user)).locale);
  const text = t('slack:hint.not_agent');
  const button = {
    type: 'button',
    action_id: 'join.ask',
    value: String(person.id),
    text: { type: 'plain_text', text: t('slack:button.ask_to_join') },
  };
  await whisper(slack, message, { text, blocks: [section(escape(text)), { type: 'actions', elements: [button] }] });
}

/** The ticket has moved on: what is written in its old thread reaches nobody but the team. */
export async function hintAlias(desk: Desk, slack: Slack, { ticket, message }: { ticket: Ticket; message: SlackMessage }): Promise<void> {
  const thread = await cardThread(desk.db, ticket.id);
  if (!thread || !message.user) return;
  const { locale } = await slackUser(desk, slack, message.user);
  const link = `<${messageLink(thread.channel, thread.ts)}|${ticketName(desk.settings, ticket)}>`;
  const text = translator(locale)('slack:hint.alias', { link });
  await whisper(slack, message, { text, blocks: [section(text)] });
}

async function whisper(slack: Slack, { channel, user, thread_ts: threadTs }: SlackMessage, words: Message): Promise<void> {
  try {
    await slack.lanes.call('answer', 'chat.postEphemeral', { channel, user, ...(threadTs ? { thread_ts: threadTs } : {}), ...words });
  } catch (error) {
    // An ephemeral is a courtesy; the note itself is kept.
    if (!isSlackError(error)) throw error;
  }
}
