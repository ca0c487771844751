import type { Status } from '#db/words.ts';
import type { Translate } from '#i18n.ts';
import { section, STATUS_EMOJI } from './card.ts';
import { bold, escape, moment, quote, shorten } from './mrkdwn.ts';
import type { Message } from './slack.ts';

/** A ticket as its requester may read it: nothing but what they said and what they were told. */
export interface OwnTicketFacts {
  name: string;
  subject: string;
  status: Status;
  messages: { author: string; text: string; at: Date }[];
}

const MAX_SUBJECT = 200;
const MAX_WORDS = 1_200;

export function renderOwnTicket(facts: OwnTicketFacts, t: Translate): Message {
  const title = `${facts.name} · ${shorten(facts.subject, MAX_SUBJECT)}`;
  const status = `${STATUS_EMOJI[facts.status]} ${escape(t(`slack:status.${facts.status}`))}`;
  return { text: escape(title), blocks: [section(`${bold(escape(title))}\n${status}`), ...facts.messages.map(messageBlock)] };
}

function messageBlock({ author, text, at }: OwnTicketFacts['messages'][number]) {
  const when = moment(at);
  return section(`${bold(escape(author))} · ${when}\n${quote(escape(shorten(text, MAX_WORDS)))}`);
}
