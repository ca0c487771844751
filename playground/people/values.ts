import type { Json, JsonObject } from '../state.ts';
import { type Placed, keyOf } from '../view-state.ts';
import { type World, channel, person } from '../world.ts';
import { word } from '../words.ts';

/** Options an external select was last offered, by its place. */
export type Offers = Map<string, JsonObject[]>;

export function placeKey(where: string, placed: { blockId: string; actionId: string }): string {
  return `${where}/${placed.blockId}/${placed.actionId}`;
}

/** What a test or the page says a person picked, as Slack keeps it in `state.values`. */
export function toState(world: World, placed: Placed, picked: { value: Json; offers: JsonObject[] }): JsonObject {
  const { element } = placed;
  const key = keyOf(element);
  const type = word(element['type']);
  if (key === undefined) throw new Error(`${type} ${placed.actionId} keeps no value.`);
  const { value } = picked;
  const choices = optionsOf(element, picked.offers);
  const option = (one: Json): Json => (typeof one === 'object' ? one : pick(choices, String(one), placed.actionId));
  const list = (): Json[] => (Array.isArray(value) ? value : value === null ? [] : [value]);
  if (key === 'selected_option') return { type, [key]: value === null ? null : option(value) };
  if (key === 'selected_options') return { type, [key]: list().map(option) };
  if (key === 'selected_user') return { type, [key]: value === null ? null : person(world, word(value)).id };
  if (key === 'selected_users') return { type, [key]: list().map((one) => person(world, word(one)).id) };
  if (key === 'selected_channel' || key === 'selected_conversation')
    return { type, [key]: value === null ? null : channel(world, word(value)).id };
  if (key === 'selected_channels' || key === 'selected_conversations')
    return { type, [key]: list().map((one) => channel(world, word(one)).id) };
  if (key === 'value') return { type, [key]: value === null || value === '' ? null : word(value) };
  return { type, [key]: value };
}

export function optionsOf(element: JsonObject, offers: JsonObject[]): JsonObject[] {
  const groups = [...((element['option_groups'] ?? []) as JsonObject[]), ...offers.filter((offer) => Array.isArray(offer['options']))];
  const grouped = groups.flatMap((group) => (group['options'] ?? []) as JsonObject[]);
  return [...((element['options'] ?? []) as JsonObject[]), ...grouped, ...offers.filter((offer) => !Array.isArray(offer['options']))];
}

export function pick(options: JsonObject[], wanted: string, actionId: string): JsonObject {
  const found = options.find((option) => option['value'] === wanted) ?? options.find((option) => textOf(option) === wanted);
  if (!found)
    throw new Error(`${actionId} does not offer "${wanted}". It offers: ${options.map((option) => word(option['value'])).join(', ')}`);
  return found;
}

function textOf(option: JsonObject): string {
  return word((option['text'] as JsonObject | undefined)?.['text'] ?? '');
}
