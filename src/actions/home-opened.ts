import type { EventDoor } from '#slack/doors.ts';
import { publishHome } from '#slack/home/publish.ts';
import { readState } from '#slack/home/state.ts';

/** Somebody looks at Home: it is shown as it is now, where they left it. */
export const homeOpened: EventDoor = async (desk, slack, event) => {
  const { user, tab, view } = event as { user?: string; tab?: string; view?: { private_metadata?: string } };
  if (!user || (tab !== undefined && tab !== 'home')) return;
  await publishHome(desk, slack, { userId: user, state: view ? readState(view.private_metadata) : undefined, lane: 'answer' });
};
