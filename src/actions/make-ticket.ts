import { blankView, createView } from '#modals/create.ts';
import { nobodyYet } from '#modals/create-candidate.ts';
import { dataFor } from '#modals/create-data.ts';
import { fingerprint, refuseIfMade } from '#modals/create-source.ts';
import { loadingView } from '#modals/details.ts';
import type { Shortcut } from '#slack/doors.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import { mentionNames } from '#slack/replies/mention-names.ts';
import { personOfUser } from '#slack/users.ts';
import { documentText } from '#text/document.ts';
import { openAndFill } from './modal.ts';

const MAX_SUBJECT = 80;
/** What a field of a modal holds. */
const MAX_DESCRIPTION = 3_000;

/** *Make a ticket*: the message's author is the requester, changeable to a customer in the modal. */
export const makeTicket: Shortcut = {
  type: 'message',
  async run(click) {
    const { desk, slack, message, t } = click;
    if (!message) return;
    const openedAt = desk.clock.now().getTime();
    // No form yet: what would be typed into it now could not be told from what the message says.
    await openAndFill(click, loadingView(t), async () => {
      await refuseIfMade(click, message);
      const author = message.userId ? await personOfUser(desk, slack, message.userId) : null;
      const words = documentText(
        documentFromMessage({ blocks: message.blocks, text: message.text }, await mentionNames(desk, slack, message)),
      );
      const draft = { subject: firstLine(words), description: beginning(words) };
      const requester = author ? { value: `person:${author.person.id}`, text: author.person.name } : null;
      const { channel, ts, threadTs, userId } = message;
      const prefilled = { subject: fingerprint(draft.subject), description: fingerprint(draft.description) };
      const isCut = draft.description !== words;
      const fileCount = Array.isArray(message.files) ? message.files.length : 0;
      const known = {
        openedAt,
        responseUrl: click.responseUrl ?? undefined,
        source: { channel, ts, threadTs, userId, isCut, fileCount, prefilled },
        draft,
      };
      return createView(await dataFor(click, requester, known), t);
    });
  },
};

function firstLine(words: string): string {
  const line = words.trim().split('\n')[0] ?? '';
  return line.length > MAX_SUBJECT ? `${line.slice(0, MAX_SUBJECT)}…` : line;
}

/** Never half a character. */
function beginning(words: string): string {
  return words.slice(0, MAX_DESCRIPTION).replace(/[\uD800-\uDBFF]$/, '');
}

/** *New ticket*, from anywhere. */
export const newTicket: Shortcut = {
  type: 'global',
  async run(click) {
    const known = { openedAt: click.desk.clock.now().getTime() };
    await openAndFill(click, blankView(known, click.t), async () =>
      createView(await dataFor(click, nobodyYet(click).requester, known), click.t),
    );
  },
};
