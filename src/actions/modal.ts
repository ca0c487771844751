import type { View } from '@slack/types';
import { Failure } from '#failure.ts';
import { failureText } from '#i18n.ts';
import { wordsView } from '#slack/words-view.ts';
import type { Caller } from '#slack/doors.ts';
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

/** Shows something at once and the answer when it is there; a refusal is read where the answer would stand. */
export async function openAndFill(
  { slack, t, triggerId }: Caller & { triggerId: string },
  opening: View,
  fill: () => Promise<View>,
): Promise<void> {
  const opened = await openModal(slack, triggerId, opening);
  if (!opened) return;
  try {
    await updateModal(slack, opened.id, await fill(), opened.hash);
  } catch (error) {
    // What can be filled in stays; a view that only waits would wait for ever.
    if (error instanceof Failure) return updateModal(slack, opened.id, wordsView(failureText(t, error)));
    if (!('submit' in opening)) await updateModal(slack, opened.id, wordsView(t('failures:internal')));
    throw error;
  }
}
