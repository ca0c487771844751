import type { View } from '@slack/types';
import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import type { Modal } from '#slack/doors.ts';
import { plainDocument } from '#text/document.ts';
import { isUniqueViolation } from '#db/database.ts';
import { note } from '#tickets/note.ts';
import { plain, textInput, valueIn } from './fields.ts';

export const NOTE = 'ticket.note';

export function noteView(data: { ticketId: number; number: string }, t: Translate): View {
  return {
    type: 'modal',
    callback_id: NOTE,
    title: plain(t('modals:note.title', { number: data.number }).slice(0, 24)),
    submit: plain(t('modals:note.submit')),
    close: plain(t('modals:close')),
    private_metadata: String(data.ticketId),
    blocks: [textInput({ block: 'words', label: t('modals:note.words'), isLong: true })],
  } as View;
}

export const noteModal: Modal = {
  id: NOTE,
  async submit({ desk, person, metadata, state, viewId }) {
    if (person.role === 'none') throw new Failure('role.agent_only');
    const words = valueIn(state, 'words');
    if (!words) throw new Failure('note.empty');
    try {
      await note(desk, { ticketId: Number(metadata), authorId: person.id, body: plainDocument(words), sourceKey: `view:${viewId}` });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  },
};
