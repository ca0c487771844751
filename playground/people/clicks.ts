import { validateOptions } from '../blocks/validate.ts';
import { deliverInteraction } from '../deliver.ts';
import { newTs } from '../ids.ts';
import { channelInPayload, interactionBase } from '../interactions.ts';
import { renderHistory } from '../render.ts';
import { issueResponseUrl } from '../response-url.ts';
import type { Channel, Json, JsonObject, Person, Typed, ViewRecord } from '../state.ts';
import { issueTrigger } from '../triggers.ts';
import { type Placed, elementsOf, isStateful, stateValues } from '../view-state.ts';
import { renderView, stackOf } from '../views.ts';
import { type World, findMessage, person } from '../world.ts';
import { type Outcome, outcome } from './acts.ts';
import { room } from './posts.ts';
import { type Offers, optionsOf, pick, placeKey, toState } from './values.ts';
import { word } from '../words.ts';

export interface Click {
  as: string;
  /** In a message… */
  channel?: string;
  ts?: string;
  /** …or in a view: its id, "home", or left out for the topmost modal. */
  viewId?: string;
  actionId: string;
  blockId?: string;
  /** What is picked or typed; buttons need none. */
  value?: Json;
}

/** Where a click happens: what is acted on, what is typed there, and how the payload tells of it. */
interface Place {
  blocks: JsonObject[];
  typed: Typed;
  key: string;
  payload: (state: JsonObject) => JsonObject;
  viewId: string | null;
  channelId: string | null;
}

const typedInMessages = new WeakMap<World, Map<string, Typed>>();
const offersOf = new WeakMap<World, Offers>();

/** Clicks a button or picks in a menu; sends block_actions when Slack would. */
export async function click(world: World, about: Click): Promise<Outcome> {
  const by = person(world, about.as);
  const place = placeOf(world, by, about);
  const placed = find(place.blocks, about);
  const action = actionOf(world, place, { placed, value: about.value ?? null });
  const isDispatched = placed.block['type'] !== 'input' || placed.block['dispatch_action'] === true;
  if (!isDispatched) return { isAcked: true, triggerId: '', payload: {} };
  const triggerId = issueTrigger(world, { user: by.id, viewId: place.viewId, channelId: place.channelId });
  const answer = await deliverInteraction(world, 'interactive', {
    ...interactionBase(world, 'block_actions', by),
    ...place.payload({ values: stateValues(place.blocks, place.typed) }),
    trigger_id: triggerId,
    actions: [action],
  });
  return outcome(world, triggerId, answer);
}

function actionOf(world: World, place: Place, picked: { placed: Placed; value: Json }): JsonObject {
  const { placed, value } = picked;
  const { element, blockId, actionId } = placed;
  const base: JsonObject = {
    type: element['type'] ?? '',
    action_id: actionId,
    block_id: blockId,
    action_ts: newTs(world.state, world.clock.now()),
  };
  const placeholder: JsonObject = element['placeholder'] ? { placeholder: element['placeholder'] } : {};
  if (element['type'] === 'overflow') return { ...base, selected_option: pick(optionsOf(element, []), word(value), actionId) };
  if (!isStateful(element)) {
    const text: JsonObject = element['text'] ? { text: element['text'] } : {};
    const given: JsonObject = element['value'] === undefined ? {} : { value: element['value'] };
    const style: JsonObject = element['style'] ? { style: element['style'] } : {};
    return { ...base, ...text, ...given, ...style };
  }
  const state = toState(world, placed, { value, offers: offers(world).get(placeKey(place.key, placed)) ?? [] });
  (place.typed[blockId] ??= {})[actionId] = state;
  return { ...base, ...state, ...placeholder };
}

/** Types into a select that asks the app for its options. */
export async function options(world: World, about: Click & { query: string }): Promise<JsonObject[]> {
  const by = person(world, about.as);
  const place = placeOf(world, by, about);
  const placed = find(place.blocks, about);
  const shortest = Number(placed.element['min_query_length'] ?? 3);
  if (about.query.length < shortest) return [];
  const { state: _state, ...where } = place.payload({});
  const answer = await deliverInteraction(world, 'interactive', {
    ...interactionBase(world, 'block_suggestion', by),
    ...where,
    action_id: placed.actionId,
    block_id: placed.blockId,
    value: about.query,
  });
  if (!answer.isAcked) throw new Error(`The app did not answer the options of ${placed.actionId}: ${answer.reason}.`);
  const problems = validateOptions(answer.payload);
  if (problems.length > 0) {
    world.recorder.problem('invalid_ack', JSON.stringify(problems));
    throw new Error(`The app answered options of ${placed.actionId} that Slack refuses: ${JSON.stringify(problems)}`);
  }
  const groups = answer.payload['option_groups'];
  const offered = (Array.isArray(groups) ? groups : (answer.payload['options'] ?? [])) as JsonObject[];
  offers(world).set(placeKey(place.key, placed), offered);
  return offered;
}

export function offers(world: World): Offers {
  const known = offersOf.get(world) ?? new Map<string, JsonObject[]>();
  offersOf.set(world, known);
  return known;
}

export function find(blocks: JsonObject[], wanted: { actionId: string; blockId?: string }): Placed {
  const all = elementsOf(blocks);
  const found = all.filter((placed) => placed.actionId === wanted.actionId && (wanted.blockId ?? placed.blockId) === placed.blockId);
  if (found.length > 1)
    throw new Error(`There are several ${wanted.actionId}; say which with blockId: ${found.map((placed) => placed.blockId).join(', ')}`);
  const [placed] = found;
  if (!placed)
    throw new Error(
      `There is no ${wanted.actionId} here. There is: ${all.map((entry) => entry.actionId).join(', ') || 'nothing to act on'}`,
    );
  return placed;
}

function placeOf(world: World, by: Person, about: Click): Place {
  if (about.channel === undefined) return inView(world, viewOf(world, by, about.viewId));
  if (about.ts === undefined) throw new Error('A click in a channel needs the ts of the message.');
  const channel = room(world, about.channel, by.id);
  return inMessage(world, { by, channel, ts: about.ts });
}

export function viewOf(world: World, by: Person, id: string | undefined): ViewRecord {
  const wanted = id === 'home' ? world.state.homes[by.id] : id;
  const top = stackOf(world, by.id).at(-1);
  const view = wanted === undefined ? top : world.state.views[wanted];
  if (!view) throw new Error(wanted === undefined ? `${by.name} has no modal open.` : `There is no view ${wanted}.`);
  if (view.type === 'modal' && view !== top) throw new Error(`${view.id} is covered by another modal.`);
  return view;
}

function inView(world: World, view: ViewRecord): Place {
  return {
    blocks: view.blocks,
    typed: view.typed,
    key: view.id,
    viewId: view.id,
    channelId: view.channelId,
    payload: () => ({ container: { type: 'view', view_id: view.id }, view: renderView(world, view) }),
  };
}

function inMessage(world: World, { by, channel, ts }: { by: Person; channel: Channel; ts: string }): Place {
  const message = findMessage(world, channel.id, ts);
  const ephemeral = world.state.ephemerals.findLast((shown) => shown.user === by.id && shown.ts === ts);
  if (!message && !ephemeral) throw new Error(`There is no message ${ts} in ${channel.name || channel.id}.`);
  const threadTs = message?.thread_ts ?? ephemeral?.threadTs;
  const attached = (message?.attachments ?? []).flatMap((attachment) => (attachment['blocks'] ?? []) as JsonObject[]);
  const container: JsonObject = {
    type: 'message',
    message_ts: ts,
    channel_id: channel.id,
    is_ephemeral: !message,
    ...(threadTs ? { thread_ts: threadTs } : {}),
  };
  return {
    blocks: [...(message?.blocks ?? ephemeral?.blocks ?? []), ...attached],
    typed: typedIn(world, `${channel.id}/${ts}/${by.id}`),
    key: `${channel.id}/${ts}`,
    viewId: null,
    channelId: channel.id,
    payload: (state) => ({
      container,
      channel: channelInPayload(channel),
      ...(message ? { message: renderHistory(world, channel, message) } : {}),
      state,
      response_url: issueResponseUrl(world, { user: by.id, channel: channel.id, messageTs: ts, isEphemeral: !message }),
    }),
  };
}

function typedIn(world: World, key: string): Typed {
  const all = typedInMessages.get(world) ?? new Map<string, Typed>();
  typedInMessages.set(world, all);
  const typed = all.get(key) ?? {};
  all.set(key, typed);
  return typed;
}
