import { documentText } from '#text/document.ts';
import { publicComments, type Ticket, ticketName } from '#tickets/find.ts';
import { personById } from '#tickets/people.ts';
import { statusForRequester } from '#tickets/status.ts';
import { cardFacts } from '#slack/jobs/card-facts.ts';
import { renderCard } from '#slack/card.ts';
import type { Caller, Subcommand } from '#slack/doors.ts';
import { renderOwnTicket } from '#slack/own-ticket.ts';
import type { Block, Message } from '#slack/slack.ts';
import { isOfTeam, ticketUrl } from './say.ts';
import { splitFirst, ticketNamed } from './ticket-argument.ts';

const MAX_MESSAGES = 10;

/** For the caller's eyes, in their language, with the way to its thread: the card for the team, their own words for a requester. */
export const view: Subcommand = {
  verb: 'view',
  async run(caller) {
    const [number] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    const message = isOfTeam(caller) ? renderCard(await cardFacts(caller.desk, ticket), caller.t) : await ownTicket(caller, ticket);
    const blocks = (message.blocks ?? []).filter((block) => block.type !== 'actions');
    const url = await ticketUrl(caller, ticket);
    return { text: message.text, blocks: [...blocks, ...(url ? [linkTo(url, caller.t('slack:thread.link'))] : [])] };
  },
};

async function ownTicket({ desk, t }: Caller, ticket: Ticket): Promise<Message> {
  const comments = await publicComments(desk.db, ticket.id, MAX_MESSAGES);
  const messages = await Promise.all(
    comments.map(async ({ authorId, document, at }) => {
      const author = authorId === null ? undefined : await personById(desk.db, authorId);
      return { author: author?.name ?? desk.settings.brand.name, text: documentText(document), at };
    }),
  );
  const { subject } = ticket;
  const name = ticketName(desk.settings, ticket);
  return renderOwnTicket({ name, subject, status: statusForRequester(ticket.status), messages }, t);
}

function linkTo(url: string, text: string): Block {
  return { type: 'actions', elements: [{ type: 'button', action_id: 'open.link', url, text: { type: 'plain_text', text } }] };
}
