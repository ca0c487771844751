import { cardFacts } from '#slack/jobs/card-facts.ts';
import { renderCard } from '#slack/card.ts';
import type { Subcommand } from '#slack/doors.ts';
import { cardThread, messageLink } from '#slack/threads.ts';
import type { Block } from '#slack/slack.ts';
import { splitFirst, ticketNamed } from './ticket-argument.ts';

/** The card, for the caller's eyes, in their language, with the way to its thread. */
export const view: Subcommand = {
  verb: 'view',
  async run(caller) {
    const [number] = splitFirst(caller.text);
    const ticket = await ticketNamed(caller, number);
    const card = renderCard(await cardFacts(caller.desk, ticket), caller.t);
    const thread = await cardThread(caller.desk.db, ticket.id);
    const blocks = (card.blocks ?? []).filter((block) => block.type !== 'actions');
    const button: Block[] = thread
      ? [
          {
            type: 'actions',
            elements: [
              {
                type: 'button',
                action_id: 'open.link',
                url: messageLink(thread.channel, thread.ts),
                text: { type: 'plain_text', text: caller.t('slack:thread.link') },
              },
            ],
          },
        ]
      : [];
    return { text: card.text, blocks: [...blocks, ...button] };
  },
};
