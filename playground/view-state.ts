import type { Json, JsonObject, Typed, ViewRecord } from './state.ts';
import { word } from './words.ts';

/** Where each kind of element keeps what was picked, what it starts with, and what "nothing" is. */
const KEPT: Record<string, { key: string; initial: string; nothing: Json }> = {
  plain_text_input: { key: 'value', initial: 'initial_value', nothing: null },
  number_input: { key: 'value', initial: 'initial_value', nothing: null },
  email_text_input: { key: 'value', initial: 'initial_value', nothing: null },
  url_text_input: { key: 'value', initial: 'initial_value', nothing: null },
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', nothing: null },
  static_select: { key: 'selected_option', initial: 'initial_option', nothing: null },
  external_select: { key: 'selected_option', initial: 'initial_option', nothing: null },
  users_select: { key: 'selected_user', initial: 'initial_user', nothing: null },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', nothing: null },
  conversations_select: { key: 'selected_conversation', initial: 'initial_conversation', nothing: null },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', nothing: [] },
  multi_external_select: { key: 'selected_options', initial: 'initial_options', nothing: [] },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', nothing: [] },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', nothing: [] },
  multi_conversations_select: { key: 'selected_conversations', initial: 'initial_conversations', nothing: [] },
  datepicker: { key: 'selected_date', initial: 'initial_date', nothing: null },
  timepicker: { key: 'selected_time', initial: 'initial_time', nothing: null },
  datetimepicker: { key: 'selected_date_time', initial: 'initial_date_time', nothing: null },
  checkboxes: { key: 'selected_options', initial: 'initial_options', nothing: [] },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', nothing: null },
  file_input: { key: 'files', initial: '', nothing: [] },
};

export interface Placed {
  block: JsonObject;
  element: JsonObject;
  blockId: string;
  actionId: string;
}

/** Every element of the blocks a person can act on. */
export function elementsOf(blocks: JsonObject[]): Placed[] {
  return blocks.flatMap((block) => {
    if (block['type'] === 'container') return elementsOf((block['child_blocks'] ?? []) as JsonObject[]);
    if (block['type'] === 'carousel') return elementsOf((block['elements'] ?? []) as JsonObject[]);
    const found = [block['element'], block['accessory'], block['elements'], block['actions']].flat() as (JsonObject | undefined)[];
    return found
      .filter(
        (element): element is JsonObject => typeof element === 'object' && element !== null && typeof element['action_id'] === 'string',
      )
      .map((element) => ({ block, element, blockId: word(block['block_id']), actionId: word(element['action_id']) }));
  });
}

export function isStateful(element: JsonObject): boolean {
  return word(element['type']) in KEPT;
}

export function keyOf(element: JsonObject): string | undefined {
  return KEPT[word(element['type'])]?.key;
}

/** `state.values`: what stands in every element now. */
export function stateValues(blocks: JsonObject[], typed: Typed): JsonObject {
  const values: Record<string, JsonObject> = {};
  for (const { element, blockId, actionId } of elementsOf(blocks)) {
    if (isStateful(element)) (values[blockId] ??= {})[actionId] = currentValue(element, typed[blockId]?.[actionId]);
  }
  return values;
}

function currentValue(element: JsonObject, typed: JsonObject | undefined): JsonObject {
  const type = word(element['type']);
  const kept = KEPT[type];
  if (typed?.['type'] === type) return structuredClone(typed);
  return kept ? { type, [kept.key]: structuredClone(element[kept.initial] ?? kept.nothing) } : { type };
}

export function isEmpty(value: JsonObject): boolean {
  const key = KEPT[word(value['type'])]?.key ?? 'value';
  const held = value[key];
  return held === null || held === undefined || held === '' || (Array.isArray(held) && held.length === 0);
}

/** A changed view keeps what was typed where block, action and kind are still the same. */
export function keptTyped(view: ViewRecord, blocks: JsonObject[]): Typed {
  const kept: Typed = {};
  for (const { element, blockId, actionId } of elementsOf(blocks)) {
    const typed = view.typed[blockId]?.[actionId];
    if (typed && typed['type'] === element['type']) (kept[blockId] ??= {})[actionId] = typed;
  }
  return kept;
}
