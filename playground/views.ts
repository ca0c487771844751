import { completeBlocks } from './blocks/complete.ts';
import { validateView } from './blocks/validate.ts';
import { newId, newToken } from './ids.ts';
import { refuse } from './refusal.ts';
import type { JsonObject, Trigger, ViewRecord } from './state.ts';
import { keptTyped, stateValues } from './view-state.ts';
import { type World, nowSeconds } from './world.ts';
import { word } from './words.ts';

const MAX_VIEW_BYTES = 250_000;
const MAX_STACK = 3;
const HASH_LENGTH = 8;
const HOME_TITLE: JsonObject = { type: 'plain_text', text: 'View Title', emoji: true };

/** Refuses what Slack refuses before it looks at anything else. */
export function checkView(view: unknown, type: 'modal' | 'home' | null): asserts view is JsonObject {
  if (Buffer.byteLength(JSON.stringify(view ?? null)) > MAX_VIEW_BYTES) refuse('view_too_large');
  const problems = validateView(view, type);
  if (problems.length === 0) return;
  const messages = problems.map((problem) => `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`);
  refuse('invalid_arguments', { response_metadata: { messages } });
}

/** Opens a modal as the root of a new stack; whatever stood open closes without a word. */
export function openView(world: World, view: JsonObject, trigger: Trigger): ViewRecord {
  checkExternalId(world, view);
  const record = newView(world, view, trigger.user);
  for (const id of world.state.stacks[trigger.user] ?? []) delete world.state.views[id];
  world.state.views[record.id] = record;
  record.channelId = trigger.channelId;
  record.openedBy = trigger.id;
  world.state.stacks[trigger.user] = [record.id];
  world.bus.changed('view', { user: trigger.user, view: record.id });
  return record;
}

export function pushView(world: World, view: JsonObject, about: { user: string; openedBy: string | null }): ViewRecord {
  const stack = stackOf(world, about.user);
  if (stack.length === 0) refuse('not_found');
  if (stack.length >= MAX_STACK) refuse('push_limit_reached');
  checkExternalId(world, view);
  const below = stack.at(-1);
  const record = newView(world, view, about.user);
  record.openedBy = about.openedBy;
  record.rootViewId = stack[0]?.id ?? record.id;
  record.previousViewId = below?.id ?? null;
  record.channelId = below?.channelId ?? null;
  world.state.views[record.id] = record;
  (world.state.stacks[about.user] ??= []).push(record.id);
  world.bus.changed('view', { user: about.user, view: record.id });
  return record;
}

export function changeView(world: World, record: ViewRecord, view: JsonObject): ViewRecord {
  if ((view['external_id'] ?? '') !== record.externalId) checkExternalId(world, view);
  const changed = newView(world, view, record.userId);
  const { id, rootViewId, previousViewId, channelId, openedBy } = record;
  Object.assign(record, changed, {
    id,
    rootViewId,
    previousViewId,
    channelId,
    openedBy,
    typed: keptTyped(record, changed.blocks),
    errors: {},
  });
  world.bus.changed('view', { user: record.userId, view: record.id });
  return record;
}

export function publishHome(world: World, view: JsonObject, user: string): ViewRecord {
  const existing = world.state.views[world.state.homes[user] ?? ''];
  if (existing) return changeView(world, existing, view);
  checkExternalId(world, view);
  const record = newView(world, view, user);
  world.state.views[record.id] = record;
  world.state.homes[user] = record.id;
  world.bus.changed('view', { user, view: record.id });
  return record;
}

/** The modals a person sees, the root first. */
export function stackOf(world: World, user: string): ViewRecord[] {
  const ids = world.state.stacks[user] ?? [];
  return ids.map((id) => world.state.views[id]).filter((view): view is ViewRecord => view !== undefined);
}

/** Takes the view and everything above it away; answers what was closed, the topmost first. */
export function dropView(world: World, record: ViewRecord): ViewRecord[] {
  const stack = stackOf(world, record.userId);
  const at = stack.indexOf(record);
  const closed = at < 0 ? [record] : stack.slice(at).toReversed();
  world.state.stacks[record.userId] = stack.filter((view) => !closed.includes(view)).map((view) => view.id);
  for (const view of closed) delete world.state.views[view.id];
  world.bus.changed('view_closed', { user: record.userId, view: record.id });
  return closed;
}

export function renderView(world: World, record: ViewRecord): JsonObject {
  const { team, app } = world.state;
  return {
    id: record.id,
    team_id: team.id,
    type: record.type,
    blocks: structuredClone(record.blocks),
    private_metadata: record.privateMetadata,
    callback_id: record.callbackId,
    state: { values: stateValues(record.blocks, record.typed) },
    hash: record.hash,
    title: record.title,
    clear_on_close: record.clearOnClose,
    notify_on_close: record.notifyOnClose,
    close: record.close,
    submit: record.submit,
    previous_view_id: record.previousViewId,
    root_view_id: record.rootViewId,
    app_id: app.id,
    external_id: record.externalId,
    app_installed_team_id: team.id,
    bot_id: app.botId,
  };
}

function checkExternalId(world: World, view: JsonObject): void {
  const id = view['external_id'] ?? '';
  if (id !== '' && Object.values(world.state.views).some((other) => other.externalId === id)) refuse('duplicate_external_id');
}

function newView(world: World, view: JsonObject, userId: string): ViewRecord {
  const id = newId(world.state, 'V');
  const part = (name: string): JsonObject | null => (view[name] ? { emoji: true, ...(view[name] as JsonObject) } : null);
  return {
    id,
    type: view['type'] === 'home' ? 'home' : 'modal',
    userId,
    callbackId: word(view['callback_id'] ?? ''),
    externalId: word(view['external_id'] ?? ''),
    privateMetadata: word(view['private_metadata'] ?? ''),
    title: part('title') ?? HOME_TITLE,
    submit: part('submit'),
    close: part('close'),
    blocks: completeBlocks(world, view['blocks'] as JsonObject[]),
    clearOnClose: view['clear_on_close'] === true,
    notifyOnClose: view['notify_on_close'] === true,
    submitDisabled: view['submit_disabled'] === true,
    hash: `${nowSeconds(world)}.${newToken(world.state, HASH_LENGTH)}`,
    rootViewId: id,
    previousViewId: null,
    typed: {},
    errors: {},
    channelId: null,
    openedBy: null,
  };
}
