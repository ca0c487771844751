import { SECOND } from '#clock.ts';
import type { EventDoor } from '#slack/doors.ts';
import { publishHome } from '#slack/home/publish.ts';
import { readState } from '#slack/home/state.ts';

interface Opened {
  user?: string;
  tab?: string;
  view?: { private_metadata?: string };
  /** Seconds, as Slack's `ts`. */
  event_ts?: string;
}

/** Somebody looks at Home: it is shown as it is now, where they left it. */
export const homeOpened: EventDoor = async (desk, slack, event) => {
  const { user, tab, view, event_ts: at } = event as Opened;
  if (!user || (tab !== undefined && tab !== 'home')) return;
  // The event may come late, after a click in what it opened.
  const statedAt = new Date(Number(at ?? 0) * SECOND);
  await publishHome(desk, slack, { userId: user, state: view ? readState(view.private_metadata) : undefined, statedAt, lane: 'answer' });
};
