import { attempt, play } from './api.js';
import { loadViews } from './load.js';
import { state, toast, update } from './state.js';
import { fieldKey, tell, type, whereKey } from './typed.js';

const NO_ANSWER = { timeout: 'The app did not answer within three seconds.', no_connection: 'The app is not connected right now.' };

export function isBusy(where, field) {
  return state.busy.has(`${whereKey(where)}/${fieldKey(field)}`);
}

/** Presses a button or sends what was picked, after asking where the app wants to be sure. */
export function press(where, field, value) {
  const { confirm } = field.element;
  if (!confirm) return send(where, field, value);
  update((now) => (now.dialog = { ...confirm, onConfirm: () => send(where, field, value) }));
}

async function send(where, field, value) {
  const key = `${whereKey(where)}/${fieldKey(field)}`;
  if (state.busy.has(key)) return;
  await during(key, async () => {
    if (where.viewId) await tell(where.viewId);
    const { viewId, channel, ts } = where;
    const place = viewId ? { viewId } : { channel, ts };
    noteAnswer(
      await play('click', {
        as: state.me,
        ...place,
        actionId: field.element.action_id,
        blockId: field.blockId,
        ...(value === undefined ? {} : { value }),
      }),
    );
  });
}

/** What changed is typed; where the app wants to know at once, it is also sent. */
export function change(where, field, value) {
  type(where, field, value);
  if (field.block.type !== 'input' || field.block.dispatch_action) void press(where, field, value);
}

export async function submit(view) {
  await during(`submit ${view.id}`, async () => {
    await tell(view.id);
    const result = await play('submitView', { as: state.me, viewId: view.id });
    if (result.refusedBy === 'slack') toast(`Slack would refuse the app's answer: ${result.reason}`);
    else if (!result.isAcked && !result.refusedBy) noteAnswer(result);
    await loadViews();
  });
}

export function closeTop(view, isAll = false) {
  return attempt(async () => {
    await play('closeView', { as: state.me, viewId: view.id, all: isAll });
    await loadViews();
  });
}

export function noteAnswer({ isAcked, reason }) {
  if (!isAcked) toast(NO_ANSWER[reason] ?? reason ?? 'The app did not answer.');
}

export async function during(key, work) {
  update((now) => now.busy.add(key));
  await attempt(work);
  update((now) => now.busy.delete(key));
}
