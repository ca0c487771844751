import { Failure } from '#failure.ts';
import { section } from '#slack/card.ts';
import { askingKey } from '#slack/direct-message.ts';
import type { Action } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { postByKey, updatePost } from '#slack/posts.ts';
import { knownMessage, messageKey, type SlackMessage } from '#slack/replies/message.ts';
import { takeRequesterMessage } from '#slack/requester-thread.ts';
import { mustFind, ticketName } from '#tickets/find.ts';

/** Which ticket a direct message is about: it is read again, as it stands now, and kept there. */
export const chooseTicket: Action = async ({ desk, slack, value, place, person, t }) => {
  const [ticketId = '', ts = ''] = value.split(':');
  if (!place) return;
  const ticket = await mustFind(desk.db, Number(ticketId));
  if (ticket.requesterId !== person.id) throw new Failure('ticket.gone');
  const { messages } = await slack.lanes.call<{ messages?: SlackMessage[] }>('answer', 'conversations.history', {
    channel: place.channel,
    oldest: ts,
    latest: ts,
    inclusive: true,
    limit: 1,
  });
  const message = messages?.find((one) => one.ts === ts);
  if (!message) throw new Failure('ticket.message_gone');
  await takeRequesterMessage(desk, slack, { ticketId: ticket.id }, { ...message, channel: place.channel });
  const key = messageKey(slack, place.channel, ts);
  // Two buttons clicked one after the other: the first has decided.
  const kept = await knownMessage(desk.db, key);
  const number = ticketName(desk.settings, kept ? await mustFind(desk.db, kept.ticketId) : ticket);
  const asked = await postByKey(desk.db, askingKey(key));
  const text = escape(t('slack:direct.added', { number }));
  if (asked?.ts) await updatePost(desk, slack, { post: asked, lane: 'answer', message: { text, blocks: [section(text)] } });
};
