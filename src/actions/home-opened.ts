import type { EventDoor } from '#slack/doors.ts';
import { publishHome } from '#slack/home/publish.ts';
import { readState } from '#slack/home/state.ts';

interface Opened {
  user?: string;
  tab?: string;
  view?: { private_metadata?: string };
}

/** Somebody looks at Home: it is shown as it is now, where they left it. */
export const homeOpened: EventDoor = async (desk, slack, event) => {
  const { user, tab, view } = event as Opened;
  if (!user || (tab !== undefined && tab !== 'home')) return;
  const state = view ? readState(view.private_metadata) : undefined;
  await publishHome(desk, slack, { userId: user, state, isHearsay: true, lane: 'answer' });
};
