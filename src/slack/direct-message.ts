import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';
import { type Translate, translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { survivorOf, type Ticket, ticketName } from '#tickets/find.ts';
import { section } from './card.ts';
import { escape, shorten } from './mrkdwn.ts';
import { showPost } from './posts.ts';
import { knownMessage, messageKey, type SlackMessage } from './replies/message.ts';
import { takeRequesterMessage } from './requester-thread.ts';
import type { Block, Message, Slack } from './slack.ts';
import { personOfUser } from './users.ts';

const MAX_ASKED = 5;
const MAX_TICKETS = 50;

/** Somebody who was answered by direct message writes back as people do there: below, not in the answer's thread. */
export async function takeDirectMessage(desk: Desk, slack: Slack, message: SlackMessage): Promise<void> {
  const key = messageKey(slack, message.channel, message.ts);
  if (await knownMessage(desk.db, key)) return;
  const found = message.user ? await personOfUser(desk, slack, message.user) : null;
  if (!found) return;
  const tickets = await ticketsAnsweredIn(desk.db, message.channel, found.person.id);
  const [only, ...others] = tickets;
  if (only && others.length === 0) return takeRequesterMessage(desk, slack, { ticketId: only.id }, message);
  const t = translator(found.user.locale);
  await showPost(desk, slack, {
    key: askingKey(key),
    ticketId: null,
    channel: message.channel,
    threadTs: message.thread_ts ?? null,
    lane: 'answer',
    message: tickets.length > 0 ? asking(desk, t, { tickets, ts: message.ts }) : { text: t('slack:direct.none') },
  });
}

/** The post that asks which ticket a message is about. */
export const askingKey = (messageKey: string) => `asking:${messageKey}`;

/** The requester's tickets that are answered here and not closed, the newest first. */
async function ticketsAnsweredIn(reader: Reader, channel: string, personId: number): Promise<Ticket[]> {
  const { slackThreads, tickets } = reader.tables;
  const rows = await reader
    .selectDistinct({ ticket: tickets })
    .from(slackThreads)
    .innerJoin(tickets, eq(tickets.id, slackThreads.ticketId))
    .where(
      and(
        eq(slackThreads.channel, channel),
        eq(slackThreads.kind, 'requester'),
        eq(tickets.requesterId, personId),
        isNull(tickets.deletedAt),
      ),
    )
    .orderBy(desc(tickets.id))
    .limit(MAX_TICKETS);
  const survivors = new Map<number, Ticket>();
  for (const { ticket } of rows) {
    const survivor = await survivorOf(reader, ticket);
    if (survivor.status !== 'closed') survivors.set(survivor.id, ticket);
  }
  return [...survivors.values()];
}

function asking(desk: Desk, t: Translate, { tickets, ts }: { tickets: Ticket[]; ts: string }): Message {
  const text = t('slack:direct.which');
  const elements = tickets.slice(0, MAX_ASKED).map((ticket) => ({
    type: 'button',
    action_id: `direct.choose:${ticket.id}`,
    value: `${ticket.id}:${ts}`,
    text: { type: 'plain_text', text: shorten(`${ticketName(desk.settings, ticket)} ${ticket.subject}`, 75) },
  }));
  const blocks: Block[] = [section(escape(text)), { type: 'actions', elements }];
  return { text, blocks };
}
