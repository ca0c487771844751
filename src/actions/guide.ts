import type { Action } from '#slack/doors.ts';
import { withTab } from '#slack/home/state.ts';
import { dismissGuide, GUIDE_LOOKS, noteLook } from '#tickets/guide.ts';
import { mustBeAdmin } from '#tickets/roles.ts';
import { stateOf, thenHome } from './home-again.ts';

/** What can be clicked in the first-run guide. */
export const guideActions: Record<string, Action> = {
  'guide.go': thenHome(async (click) => {
    await mustBeAdmin(click.desk.db, click.person.id);
    if (click.value === 'rules') await noteLook(click.desk, 'rules', click.person.id);
    return withTab(stateOf(click), click.value);
  }),
  'guide.looked': thenHome(async ({ desk, person, value }) => {
    const look = GUIDE_LOOKS.find((one) => one === value);
    if (look) await noteLook(desk, look, person.id);
  }),
  'guide.again': thenHome(async () => undefined),
  'guide.dismiss': thenHome(({ desk, person }) => dismissGuide(desk, person.id)),
};
