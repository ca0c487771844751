import type { View } from '@slack/types';
import { detailsView } from '#modals/details.ts';
import { fullTextView } from '#modals/full-text.ts';
import { fieldsView } from '#modals/fields-edit.ts';
import { noteView } from '#modals/note.ts';
import { replyView } from '#modals/reply.ts';
import { sideView } from '#modals/side.ts';
import type { Action, Caller, Clicked } from '#slack/doors.ts';
import { documentText } from '#text/document.ts';
import { Failure } from '#failure.ts';
import { assignTicket } from '#tickets/assign.ts';
import { allGroups, commentById, mustFind, type Ticket, ticketName } from '#tickets/find.ts';
import { historyOf } from '#tickets/history.ts';
import { personById } from '#tickets/people.ts';
import { reopenTicket } from '#tickets/reopen.ts';
import { mustBeAgent } from '#tickets/roles.ts';
import { solveTicket } from '#tickets/solve.ts';
import { noteSideMessage } from '#tickets/side.ts';
import { openModal, updateModal } from './modal.ts';

const MAX_HISTORY = 60;

/** A button of the card does its work only for an agent, looked up now. */
function forAgent(work: (click: Caller & Clicked, ticket: Ticket) => Promise<unknown>): Action {
  return async (click) => {
    await mustBeAgent(click.desk.db, click.person.id);
    await work(click, await mustFind(click.desk.db, Number(click.value.split(':').at(-1))));
  };
}

const by = (click: Caller) => ({ kind: 'person' as const, id: click.person.id });
const numberOf = (click: Caller, ticket: Ticket) => ticketName(click.desk.settings, ticket);

export const cardActions: Record<string, Action> = {
  'card.take': forAgent((click, ticket) => assignTicket(click.desk, ticket.id, click.person.id, by(click))),
  'card.solve': forAgent((click, ticket) => solveTicket(click.desk, ticket.id, by(click))),
  'card.reopen': forAgent((click, ticket) => reopenTicket(click.desk, ticket.id, by(click))),
  'card.reply': forAgent(async (click, ticket) => {
    const requester = await personById(click.desk.db, ticket.requesterId);
    await openModal(
      click.slack,
      click.triggerId,
      replyView({ ticketId: ticket.id, number: numberOf(click, ticket), requester: requester?.name ?? '' }, click.t),
    );
  }),
  // Light agents write notes too.
  'card.note': async (click) => {
    if (click.person.role === 'none') throw new Failure('role.agent_only');
    const ticket = await mustFind(click.desk.db, Number(click.value));
    await openModal(click.slack, click.triggerId, noteView({ ticketId: ticket.id, number: numberOf(click, ticket) }, click.t));
  },
  'card.more': forAgent(async (click, ticket) => {
    const [what] = click.value.split(':');
    const number = numberOf(click, ticket);
    if (what === 'side') await openModal(click.slack, click.triggerId, sideView({ ticketId: ticket.id, number }, click.t));
    if (what === 'fields')
      await openModal(click.slack, click.triggerId, fieldsView({ ticket, number, groups: await allGroups(click.desk.db) }, click.t));
    if (what === 'details') {
      const history = await historyOf(click.desk.db, ticket.id, MAX_HISTORY);
      await openModal(click.slack, click.triggerId, detailsView({ number, subject: ticket.subject, history }, click.t));
    }
  }),
  'comment.show': async (click) => void (await openModal(click.slack, click.triggerId, await fullText(click))),
  'comment.page': async (click) => {
    if (click.view) await updateModal(click.slack, click.view.id, await fullText(click), click.view.hash);
  },
  'side.note': async (click) => {
    await noteSideMessage(click.desk, Number(click.value), click.person.id);
  },
  // A button that is only a link still sends a click; there is nothing to do.
  'open.link': async () => {},
};

/** `12` or `12:3`: a comment, and the page of it. */
async function fullText({ desk, person, value, t }: Caller & Clicked): Promise<View> {
  if (person.role === 'none') throw new Failure('role.agent_only');
  const [commentId = 0, page = 0] = value.split(':').map(Number);
  const comment = await commentById(desk.db, commentId);
  if (!comment) throw new Failure('ticket.gone');
  return fullTextView({ commentId, text: comment.fullText ?? documentText(comment.document), page }, t);
}
