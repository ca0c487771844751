import type { ViewsOpenResponse, ViewsPublishResponse, ViewsPushResponse, ViewsUpdateResponse } from '@slack/web-api';
import { invalidArguments, refuse } from '../refusal.ts';
import type { ViewRecord } from '../state.ts';
import { exchangeTrigger } from '../triggers.ts';
import { changeView, checkView, openView, publishHome, pushView, renderView } from '../views.ts';
import { type Call, type Method, type Result, requiredText, structured, text } from './call.ts';

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};

function open(call: Call): Result<ViewsOpenResponse> {
  const trigger = exchangeTrigger(call.world, pointer(call));
  const view = structured(call, 'view');
  checkView(view, 'modal');
  const opened = openView(call.world, view, trigger);
  trigger.isUsed = true;
  return { view: shown(call, opened) };
}

function push(call: Call): Result<ViewsPushResponse> {
  const trigger = exchangeTrigger(call.world, pointer(call));
  const view = structured(call, 'view');
  checkView(view, 'modal');
  const pushed = pushView(call.world, view, { user: trigger.user, openedBy: trigger.id });
  trigger.isUsed = true;
  return { view: shown(call, pushed) };
}

function update(call: Call): Result<ViewsUpdateResponse> {
  const record = addressed(call);
  const view = structured(call, 'view');
  checkView(view, record.type);
  checkHash(call, record);
  return { view: shown(call, changeView(call.world, record, view)) };
}

function publish(call: Call): Result<ViewsPublishResponse> {
  const { world } = call;
  if (!world.manifest.isHomeOn) refuse('not_enabled');
  const user = requiredText(call, 'user_id');
  if (!world.state.people[user]) refuse('user_not_found');
  const view = structured(call, 'view');
  checkView(view, 'home');
  const existing = world.state.views[world.state.homes[user] ?? ''];
  if (existing) checkHash(call, existing);
  return { view: shown(call, publishHome(world, view, user)) };
}

function addressed(call: Call): ViewRecord {
  const id = text(call, 'view_id');
  const externalId = text(call, 'external_id');
  if (!id && !externalId) invalidArguments(['missing required field: view_id']);
  const views = Object.values(call.world.state.views);
  return views.find((view) => (id ? view.id === id : view.externalId === externalId)) ?? refuse('not_found');
}

function checkHash(call: Call, record: ViewRecord): void {
  const hash = text(call, 'hash');
  if (hash !== undefined && hash !== '' && hash !== record.hash) refuse('hash_conflict');
}

function pointer(call: Call): string | undefined {
  return text(call, 'trigger_id') ?? text(call, 'interactivity_pointer');
}

function shown(call: Call, record: ViewRecord): ViewsOpenResponse['view'] & object {
  return renderView(call.world, record);
}
