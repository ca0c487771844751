import type { Action, Caller, Clicked } from '#slack/doors.ts';
import { publishHome } from '#slack/home/publish.ts';
import { type HomeState, readState } from '#slack/home/state.ts';

/** Where the clicker stands in Home. */
export function stateOf(click: Clicked): HomeState {
  return readState(click.view?.metadata);
}

export function showHome({ desk, slack, user }: Caller, state: HomeState): Promise<void> {
  return publishHome(desk, slack, { userId: user.id, state, lane: 'answer' });
}

/** Home is shown anew whatever came of the click: after a refusal too, so that nobody goes on from what is no longer so. */
export function thenHome(act: (click: Caller & Clicked) => Promise<HomeState | void>): Action {
  return async (click) => {
    const [done] = await Promise.allSettled([act(click)]);
    await showHome(click, (done.status === 'fulfilled' && done.value) || stateOf(click));
    if (done.status === 'rejected') throw done.reason;
  };
}
