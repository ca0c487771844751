import type { View } from '@slack/types';
import { isSlackError } from '#slack/lanes.ts';
import type { Slack } from '#slack/slack.ts';

/** Opens a view with a click's trigger, which lives 3 s and once. */
export async function openModal(slack: Slack, triggerId: string, view: View): Promise<{ id: string; hash: string } | null> {
  const answer = await slack.lanes.call<{ view: { id: string; hash: string } }>('answer', 'views.open', { trigger_id: triggerId, view });
  return answer.view;
}

/** A view changed or closed meanwhile is the person's doing, no error. */
export async function updateModal(slack: Slack, viewId: string, view: View, hash?: string): Promise<void> {
  try {
    await slack.lanes.call('answer', 'views.update', { view_id: viewId, ...(hash ? { hash } : {}), view });
  } catch (error) {
    if (!isSlackError(error, 'hash_conflict', 'not_found', 'view_not_found')) throw error;
  }
}
