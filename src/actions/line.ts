import { Failure } from '#failure.ts';
import type { Action, Caller, Clicked } from '#slack/doors.ts';
import { translator } from '#i18n.ts';
import { endHold, type Hold, holdById, liveRival } from '#slack/replies/hold.ts';
import { rewordHold } from '#slack/replies/reword.ts';
import { startCorrection } from '#slack/replies/correct.ts';
import { releaseHold } from '#slack/replies/release.ts';
import { change } from '#tickets/desk.ts';
import { lastDeliveryOf } from '#tickets/deliveries.ts';
import { note } from '#tickets/note.ts';
import { retryDelivery } from '#tickets/retry.ts';
import { mustBeAgent } from '#tickets/roles.ts';
import { mustFind } from '#tickets/find.ts';

/** The buttons of a control line: any agent may decide, checked now. Two clicks decide once. */
function forHold(work: (click: Caller & Clicked, hold: Hold) => Promise<unknown>): Action {
  return async (click) => {
    await mustBeAgent(click.desk.db, click.person.id);
    const hold = await holdById(click.desk.db, Number(click.value));
    if (!hold) throw new Failure('hold.settled');
    await work(click, hold);
  };
}

export const lineActions: Record<string, Action> = {
  'line.send': forHold((click, hold) => releaseHold(click.desk, hold.id, click.person.id)),
  'line.cancel': forHold((click, hold) => endHold(click.desk, hold.id, 'cancelled', { personId: click.person.id })),
  'line.internal': forHold((click, hold) =>
    change(click.desk, 'make internal', async (_tx, desk) => {
      await endHold(desk, hold.id, 'noted', { personId: click.person.id });
      await keepAsNote(desk, hold);
    }),
  ),
  // The colleague's waiting answer gives way; this one goes.
  'line.replace': forHold(async (click, hold) => {
    const rival = await liveRival(click.desk.db, hold);
    if (rival) await endHold(click.desk, rival.id, 'replaced', { personId: click.person.id });
    await rewordHold(click.desk, hold.id, { document: hold.document, editedTs: hold.editedTs, reasons: [], fileIds: hold.fileIds });
  }),
  'line.correct': forHold(async (click, hold) => {
    const ticket = await mustFind(click.desk.db, hold.ticketId);
    await startCorrection(click.desk, hold, translator(ticket.language));
  }),
  'line.retry': forHold(async (click, hold) => {
    if (hold.commentId === null) throw new Failure('hold.settled');
    const delivery = await lastDeliveryOf(click.desk.db, hold.commentId);
    if (delivery) await retryDelivery(click.desk, delivery.id, { kind: 'person', id: click.person.id });
  }),
};

/** What was meant for the customer stays with the team. */
async function keepAsNote(desk: Caller['desk'], hold: Hold): Promise<void> {
  const files = hold.fileIds.map((fileId) => ({ fileId, isInline: false, contentId: null }));
  const sourceKey = hold.sourceTs === null ? `view-note:${hold.id}` : `slack:note:${hold.id}`;
  await note(desk, {
    ticketId: hold.ticketId,
    authorId: hold.authorId,
    body: hold.document,
    files,
    sourceKey,
    reasons: [{ key: 'note.made_internal' }],
  });
}
