import { createView } from '#modals/create.ts';
import { candidateFor, dataFor } from '#modals/create-data.ts';
import { fingerprint } from '#modals/create-source.ts';
import { loadingView } from '#modals/details.ts';
import { Failure } from '#failure.ts';
import type { Shortcut } from '#slack/doors.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import { mentionNames } from '#slack/replies/mention-names.ts';
import { personOfUser } from '#slack/users.ts';
import { documentText } from '#text/document.ts';
import { ticketFromSource, ticketName } from '#tickets/find.ts';
import { openModal, updateModal } from './modal.ts';

const MAX_SUBJECT = 80;
/** What a field of a modal holds. */
const MAX_DESCRIPTION = 3_000;

/** *Make a ticket*: the message's author is the requester, changeable to a customer in the modal. */
export const makeTicket: Shortcut = {
  type: 'message',
  async run(click) {
    const { desk, slack, message, t } = click;
    if (!message) return;
    // No form yet: what would be typed into it now could not be told from what the message says.
    const opened = await openModal(slack, click.triggerId, loadingView(t));
    const made = await ticketFromSource(desk.db, message);
    if (made) throw new Failure('ticket.already_made', { number: ticketName(desk.settings, made) });
    const author = message.userId ? await personOfUser(desk, slack, message.userId) : null;
    const words = documentText(
      documentFromMessage({ blocks: message.blocks, text: message.text }, await mentionNames(desk, slack, message)),
    );
    const draft = { subject: firstLine(words), description: words.slice(0, MAX_DESCRIPTION) };
    const requester = author ? { value: `person:${author.person.id}`, text: author.person.name } : null;
    const { channel, ts, threadTs, userId } = message;
    const prefilled = { subject: fingerprint(draft.subject), description: fingerprint(draft.description) };
    const known = { openedAt: desk.clock.now().getTime(), channel, source: { channel, ts, threadTs, userId, prefilled }, draft };
    if (opened) await updateModal(slack, opened.id, createView(await dataFor(click, requester, known), t), opened.hash);
  },
};

function firstLine(words: string): string {
  const line = words.trim().split('\n')[0] ?? '';
  return line.length > MAX_SUBJECT ? `${line.slice(0, MAX_SUBJECT)}…` : line;
}

/** *New ticket*, from anywhere. */
export const newTicket: Shortcut = {
  type: 'global',
  async run(click) {
    const known = { openedAt: click.desk.clock.now().getTime(), channel: click.user.id };
    const opened = await openModal(
      click.slack,
      click.triggerId,
      createView({ ...known, requester: null, about: null, isNew: false, groups: [] }, click.t),
    );
    if (opened)
      await updateModal(
        click.slack,
        opened.id,
        createView(await dataFor(click, await candidateFor(click, ''), known), click.t),
        opened.hash,
      );
  },
};
