import { eventScopes } from './event-scopes.ts';
import { usedMethods } from './methods.ts';

/** What can't be done without a scope: a text under `slack:feature`. The manifest asks for exactly these. */
const FEATURES = {
  'app_mentions:read': 'mentions',
  'channels:history': 'threads',
  'channels:manage': 'make_channel',
  'channels:read': 'channels',
  'chat:write': 'everything',
  commands: 'commands',
  'files:read': 'files_out',
  'files:write': 'files_in',
  'groups:history': 'private_threads',
  'groups:read': 'private_channels',
  'im:history': 'direct',
  'im:write': 'telling',
  'reactions:read': 'reactions',
  'reactions:write': 'marks',
  'usergroups:read': 'group_names',
  'users:read': 'people',
  'users:read.email': 'addresses',
} as const;

export type Scope = keyof typeof FEATURES;
export type Feature = (typeof FEATURES)[Scope];

export const isScope = (scope: string): scope is Scope => scope in FEATURES;

export function featureOf(scope: Scope): Feature {
  return FEATURES[scope];
}

/** Every scope something of ours needs and the workspace did not grant. */
export function missingScopes(granted: readonly string[]): Scope[] {
  const needed = new Set(['commands', ...Object.values(usedMethods).flat(), ...Object.values(eventScopes).flat()]);
  return [...needed]
    .filter((scope) => !granted.includes(scope))
    .filter(isScope)
    .toSorted();
}

/** As it stands in `manifest.yml`, under `oauth_config.scopes.bot`. */
export function manifestLine(scope: Scope): string {
  return `- ${scope}`;
}
