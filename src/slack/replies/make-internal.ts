import { change, type Desk } from '#tickets/desk.ts';
import { note } from '#tickets/note.ts';
import type { Slack } from '../slack.ts';
import { endHold, type Hold } from './hold.ts';
import { keepAsNote } from './keep-note.ts';
import { knownMessage, messageKey } from './message.ts';

/** What was meant for the customer stays with the team, as a note that can still be sent with 📨. */
export function makeInternal(desk: Desk, slack: Slack, { id }: Pick<Hold, 'id'>, by: number): Promise<void> {
  return change(desk, 'make internal', async (tx, desk) => {
    const hold = await endHold(desk, id, 'noted', { personId: by });
    const known = hold.sourceTs === null ? undefined : await knownMessage(tx, messageKey(slack, hold.channel, hold.sourceTs));
    const reasons = [{ key: 'note.made_internal' }];
    if (known) return keepAsNote(desk, tx, known, { document: hold.document, editedTs: hold.editedTs, reasons, fileIds: hold.fileIds });
    const files = hold.fileIds.map((fileId) => ({ fileId, isInline: false, contentId: null }));
    const { ticketId, authorId, document } = hold;
    await note(desk, { ticketId, authorId, body: document, files, sourceKey: `view-note:${hold.id}`, reasons });
  });
}
