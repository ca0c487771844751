import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** What the doors' tables answer to and what they call. */
export interface UsedSlack {
  readonly commands: readonly string[];
  readonly shortcuts: Readonly<Record<string, { type: 'message' | 'global' }>>;
  readonly actions: readonly string[];
  readonly events: readonly string[];
  readonly methods: Readonly<Record<string, readonly string[]>>;
  readonly eventScopes: Readonly<Record<string, readonly string[]>>;
}

const ACTIONS = 'src/actions/index.ts';
const COMMANDS = 'src/commands/index.ts';
const METHODS = 'src/slack/methods.ts';
const EVENT_SCOPES = 'src/slack/event-scopes.ts';
export const DOOR_FILES = [ACTIONS, COMMANDS, METHODS, EVENT_SCOPES];

const table = z.record(z.string(), z.unknown());
const scopes = z.union([z.string().transform((scope) => [scope]), z.array(z.string()).readonly()]);
const shortcutType = z
  .enum(['message', 'global', 'message_action', 'shortcut'])
  .transform((type) => (type === 'message' || type === 'message_action' ? 'message' : 'global'));

const actionsShape = z.object({ events: table, actions: table, shortcuts: z.record(z.string(), z.object({ type: shortcutType })) });
const commandsShape = z.object({ commands: table });
const methodsShape = z.object({ usedMethods: z.record(z.string(), scopes) });
const eventScopesShape = z.object({ eventScopes: z.record(z.string(), scopes) });

export async function readUsed(root: string): Promise<UsedSlack> {
  const { events, actions, shortcuts } = actionsShape.parse(await load(root, ACTIONS));
  const { commands } = commandsShape.parse(await load(root, COMMANDS));
  const { usedMethods } = methodsShape.parse(await load(root, METHODS));
  const { eventScopes } = eventScopesShape.parse(await load(root, EVENT_SCOPES));
  return {
    commands: Object.keys(commands),
    shortcuts,
    actions: Object.keys(actions),
    events: Object.keys(events),
    methods: usedMethods,
    eventScopes,
  };
}

async function load(root: string, file: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(join(root, file)).href);
  return { ...z.record(z.string(), z.unknown()).parse(module) };
}
