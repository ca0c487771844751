import { change, type Desk } from '#tickets/desk.ts';
import { Failure } from '#failure.ts';
import { endHold, holdById, isLive, liveRival, moveHold } from './hold.ts';

/** The colleague's waiting answer gives way. This one goes, unless it is held for more than that. */
export function replaceRival(desk: Desk, holdId: number, by: number): Promise<void> {
  return change(desk, 'replace answer', async (tx, desk) => {
    const hold = await holdById(tx, holdId);
    if (!hold || !isLive(hold)) throw new Failure('hold.settled');
    const rival = await liveRival(tx, hold);
    if (rival) await endHold(desk, rival.id, 'replaced', { personId: by });
    const hasOther = (await liveRival(tx, hold)) !== undefined;
    const reasons = hold.reasons.filter((reason) => hasOther || reason.key !== 'conflict');
    const next = { reasons, state: reasons.length > 0 ? hold.state : ('lining' as const), releaseAt: null, linedAt: null };
    await moveHold(desk, tx, { hold, next }, { kind: 'person', id: by });
  });
}
