import type { View } from '@slack/types';
import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import { context } from '#slack/card.ts';
import type { Modal } from '#slack/doors.ts';
import { escape } from '#slack/mrkdwn.ts';
import { startHold } from '#slack/replies/hold.ts';
import { weigh } from '#slack/replies/judge.ts';
import { holdSecondsOf } from '#slack/replies/standing.ts';
import { cardThread } from '#slack/threads.ts';
import { plainDocument } from '#text/document.ts';
import { groupById, mustFind } from '#tickets/find.ts';
import { mustBeAgent } from '#tickets/roles.ts';
import { plain, textInput, valueIn } from './fields.ts';

export const REPLY = 'ticket.reply';

export function replyView(data: { ticketId: number; number: string; requester: string }, t: Translate): View {
  return {
    type: 'modal',
    callback_id: REPLY,
    title: plain(t('modals:reply.title', { number: data.number }).slice(0, 24)),
    submit: plain(t('modals:reply.submit')),
    close: plain(t('modals:close')),
    private_metadata: String(data.ticketId),
    blocks: [
      context([escape(t('modals:reply.to', { name: data.requester }))]),
      textInput({ block: 'words', label: t('modals:reply.words'), isLong: true }),
    ],
  } as View;
}

/** Written for the customer on purpose; still held, so that it can be stopped. */
export const replyModal: Modal = {
  id: REPLY,
  async submit({ desk, person, metadata, state, viewId }) {
    const author = await mustBeAgent(desk.db, person.id);
    const words = valueIn(state, 'words');
    if (!words) throw new Failure('reply.empty');
    const ticket = await mustFind(desk.db, Number(metadata));
    const thread = await cardThread(desk.db, ticket.id);
    if ((await groupById(desk.db, ticket.groupId)).policy === 'alerts-only') throw new Failure('reply.alerts_only');
    const document = plainDocument(words);
    const reasons = await weigh(desk, { ticket, author, document, hasFiles: false });
    await startHold(desk, {
      ticketId: ticket.id,
      authorId: person.id,
      document,
      fileIds: [],
      sourceKey: `view:${viewId}`,
      channel: thread?.channel ?? '',
      threadTs: thread?.ts ?? '',
      sourceTs: null,
      holdSeconds: await holdSecondsOf(desk, ticket),
      reasons,
    });
  },
};
