import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { z } from 'zod';
import { DOOR_FILES, readUsed } from './manifest-used.ts';
import type { UsedSlack } from './manifest-used.ts';

const MANIFEST = 'manifest.yml';
const SCHEMA = 'playground/rules/manifest.json';
const INTERACTION_SCOPE = 'commands';

/** Only what the doors answer for; the schema checks the rest. */
const manifestShape = z.object({
  features: z
    .object({
      app_home: z.object({ home_tab_enabled: z.boolean().default(false) }).optional(),
      slash_commands: z.array(z.object({ command: z.string() })).default([]),
      shortcuts: z.array(z.object({ callback_id: z.string(), type: z.enum(['message', 'global']) })).default([]),
    })
    .prefault({}),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).default([]) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
    interactivity: z.object({ is_enabled: z.boolean() }).optional(),
  }),
});

export type Manifest = z.input<typeof manifestShape>;

export async function manifestProblems(root: string): Promise<string[]> {
  if (!existsSync(join(root, MANIFEST))) return [`${MANIFEST} is missing`];
  const manifest: unknown = parse(readFileSync(join(root, MANIFEST), 'utf8'));
  const schema: unknown = JSON.parse(readFileSync(join(root, SCHEMA), 'utf8'));
  const limits = limitProblems(manifest, schema);
  const areDoorsBuilt = DOOR_FILES.every((file) => existsSync(join(root, file)));
  if (limits.length > 0 || !areDoorsBuilt) return limits;
  return compareManifest(manifestShape.parse(manifest), await readUsed(root));
}

export function limitProblems(manifest: unknown, schema: unknown): string[] {
  // Slack's schema carries keywords of its own, which the strict mode would refuse.
  const isValid = new Ajv({ strict: false, allErrors: true }).compile(z.record(z.string(), z.unknown()).parse(schema));
  if (isValid(manifest)) return [];
  return (isValid.errors ?? []).map((error) => `${MANIFEST} ${error.instancePath || '/'} ${error.message ?? error.keyword}`);
}

/** What the manifest asks of Slack and what the doors use must be the same, both ways. */
export function compareManifest(asked: Manifest, used: UsedSlack): string[] {
  const { features, oauth_config, settings } = manifestShape.parse(asked);
  const events = settings.event_subscriptions.bot_events;
  const shortcuts = features.shortcuts.map(({ callback_id, type }) => `${callback_id} (${type})`);
  const usedShortcuts = Object.entries(used.shortcuts).map(([id, { type }]) => `${id} (${type})`);
  const isInteractive = usedShortcuts.length > 0 || used.actions.length > 0;
  return [
    ...differences('command', { asked: features.slash_commands.map(({ command }) => command), used: used.commands }),
    ...differences('shortcut', { asked: shortcuts, used: usedShortcuts }),
    ...differences('event', { asked: events, used: expandMessage(used.events, events) }),
    ...differences('scope', { asked: oauth_config.scopes.bot, used: neededScopes(used, events) }),
    ...events.filter((event) => !(event in used.eventScopes)).map((event) => `no scope is known for event ${event}`),
    ...(isInteractive && !settings.interactivity?.is_enabled ? ['buttons and shortcuts need settings.interactivity.is_enabled'] : []),
    ...(used.events.includes('app_home_opened') && !features.app_home?.home_tab_enabled
      ? ['app_home_opened needs features.app_home.home_tab_enabled']
      : []),
  ];
}

function differences(kind: string, { asked, used }: { asked: readonly string[]; used: readonly string[] }): string[] {
  return [
    ...used.filter((name) => !asked.includes(name)).map((name) => `${MANIFEST} lacks the ${kind} ${name}, which the doors use`),
    ...asked.filter((name) => !used.includes(name)).map((name) => `${MANIFEST} asks for the ${kind} ${name}, which no door uses`),
    ...asked.filter((name, index) => asked.indexOf(name) < index).map((name) => `${MANIFEST} names the ${kind} ${name} twice`),
  ];
}

/** One handler `message` serves every subscribed `message.channels`, `message.im` … */
function expandMessage(used: readonly string[], asked: readonly string[]): string[] {
  return used.flatMap((event) => {
    const kinds = event === 'message' ? asked.filter((name) => name.startsWith('message.')) : [];
    return kinds.length > 0 ? kinds : [event];
  });
}

function neededScopes(used: UsedSlack, events: readonly string[]): string[] {
  const hasEntrances = used.commands.length > 0 || Object.keys(used.shortcuts).length > 0;
  const scopes = [
    ...Object.values(used.methods).flat(),
    ...events.flatMap((event) => used.eventScopes[event] ?? []),
    ...(hasEntrances ? [INTERACTION_SCOPE] : []),
  ];
  return [...new Set(scopes)];
}
