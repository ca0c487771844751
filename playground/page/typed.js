import { play } from './api.js';
import { state, toast, update } from './state.js';

/** What stands in the fields: typed here first, told to the workspace a moment later and before anything is sent. */

const TELL_MILLISECONDS = 200;
const KEPT = {
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  rich_text_input: ['rich_text_value', 'initial_value'],
};
const untold = new Map();

/** A field is known by where it stands: a view, or a message in a channel. */
export function whereKey(where) {
  return where.viewId ?? `${where.channel}/${where.ts}`;
}

export function fieldKey({ blockId, element }) {
  return `${blockId}/${element.action_id}`;
}

/** How tests and styles find a field. */
export function marked({ element, blockId }) {
  return { 'data-testid': `action-${element.action_id}`, 'data-block': blockId };
}

export function heldIn(where, field) {
  const typed = state.typed[whereKey(where)]?.[fieldKey(field)];
  if (typed !== undefined) return typed;
  const [key, initial] = KEPT[field.element.type] ?? ['value', 'initial_value'];
  const kept = where.values?.[field.blockId]?.[field.element.action_id];
  return kept ? kept[key] : field.element[initial];
}

export function type(where, field, value) {
  update((now) => ((now.typed[whereKey(where)] ??= {})[fieldKey(field)] = value));
  if (!where.viewId) return;
  const waiting = untold.get(where.viewId) ?? { values: {}, timer: null };
  (waiting.values[field.blockId] ??= {})[field.element.action_id] = value;
  clearTimeout(waiting.timer);
  waiting.timer = setTimeout(() => tell(where.viewId), TELL_MILLISECONDS);
  untold.set(where.viewId, waiting);
}

/** Resolves once the workspace knows what was typed into the view. */
export async function tell(viewId) {
  const waiting = untold.get(viewId);
  if (!waiting) return;
  untold.delete(viewId);
  clearTimeout(waiting.timer);
  try {
    await play('fill', { as: state.me, viewId, values: waiting.values });
  } catch (error) {
    // A view that closed or changed meanwhile has no use for it.
    if (state.views.at(-1)?.id === viewId && !error.message.includes('There is no')) toast(error.message);
  }
}
