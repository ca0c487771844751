import { deliverInteraction } from '../deliver.ts';
import { interactionBase } from '../interactions.ts';
import { Refusal } from '../refusal.ts';
import { issueResponseUrl } from '../response-url.ts';
import type { ShownView } from '../shown.ts';
import type { Json, JsonObject, Person, ViewRecord } from '../state.ts';
import { issueTrigger } from '../triggers.ts';
import { type Placed, elementsOf, isStateful, stateValues } from '../view-state.ts';
import { changeView, checkView, dropView, pushView, renderView, stackOf } from '../views.ts';
import { type World, person } from '../world.ts';
import { find, offers, viewOf } from './clicks.ts';
import { mistakes } from './mistakes.ts';
import { placeKey, toState } from './values.ts';
import { word } from '../words.ts';

/** By block and action, or by action alone. */
export type Values = Record<string, Json>;

export interface Submission {
  isAcked: boolean;
  /** "client": Slack would not even have sent it. */
  refusedBy?: 'client' | 'app' | 'slack';
  reason?: string;
  /** By block_id. */
  errors: Record<string, string>;
  /** What the person sees now, the topmost last. */
  views: ShownView[];
  triggerId: string;
}

export function views(world: World, who: string): ShownView[] {
  return stackOf(world, person(world, who).id).map((view) => shown(world, view));
}

/** The published Home, or null. */
export function home(world: World, who: string): ShownView | null {
  const view = world.state.views[world.state.homes[person(world, who).id] ?? ''];
  return view ? shown(world, view) : null;
}

function shown(world: World, view: ViewRecord): ShownView {
  return { ...(renderView(world, view) as unknown as ShownView), errors: { ...view.errors } };
}

/** Types into a modal without sending it. */
export function typeInto(world: World, about: { as: string; viewId?: string; values: Values }): ShownView {
  const view = viewOf(world, person(world, about.as), about.viewId);
  for (const [name, value] of Object.entries(about.values)) typeField(world, view, { name, value });
  world.bus.changed('view', { user: view.userId, view: view.id });
  return shown(world, view);
}

function typeField(world: World, view: ViewRecord, { name, value }: { name: string; value: Json }): void {
  for (const { placed, value: one } of placedValues(view, name, value)) {
    const known = offers(world).get(placeKey(view.id, placed)) ?? [];
    (view.typed[placed.blockId] ??= {})[placed.actionId] = toState(world, placed, { value: one, offers: known });
  }
}

function placedValues(view: ViewRecord, name: string, value: Json): { placed: Placed; value: Json }[] {
  const all = elementsOf(view.blocks).filter(({ element }) => isStateful(element));
  const inBlock = all.filter((placed) => placed.blockId === name);
  const isByAction =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).every((key) => inBlock.some(({ actionId }) => actionId === key));
  if (inBlock.length > 0 && isByAction)
    return inBlock.flatMap((placed) => (value[placed.actionId] === undefined ? [] : [{ placed, value: value[placed.actionId] ?? null }]));
  const [only, ...others] = inBlock;
  if (only && others.length === 0) return [{ placed: only, value }];
  return [{ placed: find(view.blocks, { actionId: name }), value }];
}

export async function submitView(world: World, about: { as: string; viewId?: string; values?: Values }): Promise<Submission> {
  const by = person(world, about.as);
  const view = viewOf(world, by, about.viewId);
  if (!view.submit) throw new Error(`${view.id} has no submit button.`);
  for (const [name, value] of Object.entries(about.values ?? {})) typeField(world, view, { name, value });
  view.errors = mistakes(view);
  if (Object.keys(view.errors).length > 0) return result(world, by, { isAcked: false, refusedBy: 'client', errors: view.errors });
  const triggerId = issueTrigger(world, { user: by.id, viewId: view.id, channelId: view.channelId });
  const answer = await deliverInteraction(world, 'interactive', {
    ...interactionBase(world, 'view_submission', by),
    trigger_id: triggerId,
    view: renderView(world, view),
    response_urls: responseUrls(world, by, view),
  });
  if (!answer.isAcked) return result(world, by, { isAcked: false, reason: answer.reason, triggerId });
  return result(world, by, { isAcked: true, triggerId, ...carriedOut(world, view, { payload: answer.payload, triggerId }) });
}

function carriedOut(world: World, view: ViewRecord, ack: { payload: JsonObject; triggerId: string }): Partial<Submission> {
  const { response_action: action, errors, view: next } = ack.payload;
  try {
    switch (action) {
      case undefined:
        dropView(world, view);
        return {};
      case 'clear':
        for (const open of stackOf(world, view.userId).slice(0, 1)) dropView(world, open);
        return {};
      case 'errors':
        return showErrors(world, view, (errors ?? {}) as Record<string, string>);
      case 'update':
        checkView(next, 'modal');
        changeView(world, view, next);
        return {};
      case 'push':
        checkView(next, 'modal');
        pushView(world, next, { user: view.userId, openedBy: ack.triggerId });
        return {};
      default:
        throw new Refusal('invalid_response_action');
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    world.recorder.problem('invalid_ack', `${word(action)}: ${error.code} ${JSON.stringify(error.more)}`);
    return { refusedBy: 'slack', reason: `${error.code} ${JSON.stringify(error.more)}` };
  }
}

function showErrors(world: World, view: ViewRecord, errors: Record<string, string>): Partial<Submission> {
  const inputs = new Set(view.blocks.filter((block) => block['type'] === 'input').map((block) => word(block['block_id'])));
  const strange = Object.keys(errors).filter((blockId) => !inputs.has(blockId));
  if (strange.length > 0 || Object.keys(errors).length === 0) throw new Refusal('invalid_errors', { not_input_blocks: strange });
  view.errors = { ...errors };
  world.bus.changed('view', { user: view.userId, view: view.id });
  return { refusedBy: 'app', errors: { ...errors } };
}

function responseUrls(world: World, by: Person, view: ViewRecord): JsonObject[] {
  return elementsOf(view.blocks).flatMap(({ element, blockId, actionId }) => {
    if (element['response_url_enabled'] !== true) return [];
    const state = (stateValues(view.blocks, view.typed)[blockId] as JsonObject)[actionId] as JsonObject;
    const channelId = state['selected_conversation'] ?? state['selected_channel'];
    if (typeof channelId !== 'string') return [];
    return [
      {
        block_id: blockId,
        action_id: actionId,
        channel_id: channelId,
        response_url: issueResponseUrl(world, { user: by.id, channel: channelId }),
      },
    ];
  });
}

/** Cancels the topmost modal; with `all`, closes the whole stack as the x does. */
export async function closeView(world: World, about: { as: string; viewId?: string; all?: boolean }): Promise<void> {
  const by = person(world, about.as);
  const top = viewOf(world, by, about.viewId);
  const isCleared = about.all === true || top.clearOnClose;
  const first = isCleared ? (stackOf(world, by.id)[0] ?? top) : top;
  const closed = dropView(world, first);
  const told = isCleared ? closed.filter((view) => view === first) : closed;
  for (const view of told.filter(({ notifyOnClose }) => notifyOnClose)) {
    await deliverInteraction(world, 'interactive', {
      ...interactionBase(world, 'view_closed', by),
      view: { ...renderView(world, view), state: { values: {} } },
      is_cleared: isCleared,
      response_urls: [],
    });
  }
}

function result(world: World, by: Person, about: Partial<Submission>): Submission {
  return { isAcked: false, errors: {}, triggerId: '', ...about, views: views(world, by.id) };
}
