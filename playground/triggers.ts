import { newToken } from './ids.ts';
import { invalidArguments, refuse } from './refusal.ts';
import type { Trigger } from './state.ts';
import { type World, now } from './world.ts';

const TRIGGER_MILLISECONDS = 3_000;
const FORM = /^\d+\.\d+\.[0-9a-z]+$/;

const MAX_KEPT = 500;

export function issueTrigger(world: World, about: { user: string; viewId?: string | null; channelId?: string | null }): string {
  const at = now(world);
  const id = `${Math.floor(at / 1_000)}.${at % 1_000}${world.state.counters.id}.${newToken(world.state, 32)}`;
  forgetOldest(world.state.triggers);
  world.state.triggers[id] = {
    id,
    user: about.user,
    issuedAt: at,
    isUsed: false,
    viewId: about.viewId ?? null,
    channelId: about.channelId ?? null,
  };
  return id;
}

function forgetOldest(triggers: Record<string, Trigger>): void {
  const ids = Object.keys(triggers);
  for (const id of ids.slice(0, Math.max(0, ids.length - MAX_KEPT))) delete triggers[id];
}

/** A trigger may be exchanged once, within three seconds. */
export function exchangeTrigger(world: World, id: string | undefined): Trigger {
  if (!id) return invalidArguments(['missing required field: trigger_id']);
  const trigger = FORM.test(id) ? world.state.triggers[id] : undefined;
  if (!trigger) return refuse('invalid_trigger_id');
  if (trigger.isUsed) return refuse('exchanged_trigger_id');
  if (now(world) - trigger.issuedAt > TRIGGER_MILLISECONDS) return refuse('expired_trigger_id');
  return trigger;
}

export function secondsOfTrigger(world: World, id: unknown): number | undefined {
  return typeof id === 'string' ? world.state.triggers[id]?.issuedAt : undefined;
}
