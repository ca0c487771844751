import type { Reason } from '#db/schema.ts';
import type { Document } from '#text/document.ts';
import { change, type Desk } from '#tickets/desk.ts';
import { type Hold, holdById, isLive, moveHold } from './hold.ts';

/** True whatever the words are: only a person's click settles them. */
const LASTING = new Set(['conflict', 'hold.customer_wrote']);

export interface Rewording {
  document: Document;
  editedTs: string | null;
  reasons: Reason[];
  fileIds: number[];
}

/** The words changed while held: the mail is the new words, and the hold starts again. */
export function rewordHold(desk: Desk, holdId: number, words: Rewording): Promise<void> {
  return change(desk, 'reword hold', async (tx, desk) => {
    const hold = await holdById(tx, holdId);
    if (!hold || !isLive(hold)) return;
    await moveHold(desk, tx, { hold, next: heldAnew(hold, words) }, { kind: 'person', id: hold.authorId });
  });
}

/** What a hold is once its words are others. One that waits for a click still waits for it. */
export function heldAnew(hold: Hold, words: Rewording): Partial<Hold> {
  const lasting = isLive(hold) ? hold.reasons.filter((reason) => LASTING.has(reason.key)) : [];
  const reasons = [...words.reasons, ...lasting];
  const isCounting = hold.state === 'lining' || hold.state === 'counting';
  return {
    ...words,
    reasons,
    state: hold.state === 'paused' ? 'paused' : reasons.length > 0 ? 'waiting' : 'lining',
    releaseAt: null,
    commentId: null,
    ...(isCounting ? {} : { linedAt: null }),
  };
}
