import { Failure } from '#failure.ts';
import type { Action, Caller, Clicked } from '#slack/doors.ts';
import { translator } from '#i18n.ts';
import { endHold, type Hold, holdById } from '#slack/replies/hold.ts';
import { makeInternal } from '#slack/replies/make-internal.ts';
import { replaceRival } from '#slack/replies/replace.ts';
import { startCorrection } from '#slack/replies/correct.ts';
import { sendNow } from '#slack/replies/release.ts';
import { lastDeliveryOf } from '#tickets/deliveries.ts';
import { leaveDelivery } from '#tickets/leave-delivery.ts';
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
  'line.send': forHold((click, hold) => sendNow(click.desk, click.slack, hold, click.person.id)),
  'line.cancel': forHold((click, hold) => endHold(click.desk, hold.id, 'cancelled', { personId: click.person.id })),
  'line.internal': forHold((click, hold) => makeInternal(click.desk, click.slack, hold, click.person.id)),
  'line.replace': forHold((click, hold) => replaceRival(click.desk, hold.id, click.person.id)),
  'line.correct': forHold(async (click, hold) => {
    const ticket = await mustFind(click.desk.db, hold.ticketId);
    await startCorrection(click.desk, click.slack, hold, translator(ticket.language));
  }),
  'line.retry': forHold(async (click, hold) => {
    if (hold.commentId === null) throw new Failure('hold.settled');
    const delivery = await lastDeliveryOf(click.desk.db, hold.commentId);
    if (delivery) await retryDelivery(click.desk, delivery.id, { kind: 'person', id: click.person.id });
  }),
  'line.leave': forHold(async (click, hold) => {
    if (hold.commentId === null) throw new Failure('hold.settled');
    const delivery = await lastDeliveryOf(click.desk.db, hold.commentId);
    if (delivery) await leaveDelivery(click.desk, delivery.id, { kind: 'person', id: click.person.id });
  }),
};
