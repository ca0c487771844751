import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareManifest, limitProblems, manifestProblems } from '../../scripts/check/manifest.ts';
import type { Manifest } from '../../scripts/check/manifest.ts';
import type { UsedSlack } from '../../scripts/check/manifest-used.ts';
import { PROJECT, plant, write } from './planted.ts';

const SCHEMA_FILE = 'playground/rules/manifest.json';

function manifest({
  events = ['app_home_opened', 'message.channels'],
  scopes = ['channels:history', 'chat:write', 'commands'],
} = {}): Manifest {
  return {
    features: {
      app_home: { home_tab_enabled: true },
      slash_commands: [{ command: '/ticket' }],
      shortcuts: [{ callback_id: 'ticket.make', type: 'message' }],
    },
    oauth_config: { scopes: { bot: scopes } },
    settings: { event_subscriptions: { bot_events: events }, interactivity: { is_enabled: true } },
  };
}

const used: UsedSlack = {
  commands: ['/ticket'],
  shortcuts: { 'ticket.make': { type: 'message' } },
  actions: ['ticket.take'],
  events: ['app_home_opened', 'message'],
  methods: { 'chat.postMessage': ['chat:write'], 'auth.test': [] },
  eventScopes: { app_home_opened: [], 'message.channels': ['channels:history'], reaction_added: ['reactions:read'] },
};

test('a manifest that asks for exactly what the doors use passes', () => {
  expect(compareManifest(manifest(), used)).toEqual([]);
});

test('what a door uses must be asked for', () => {
  const more: UsedSlack = {
    ...used,
    commands: ['/ticket', '/desk'],
    shortcuts: { ...used.shortcuts, 'ticket.new': { type: 'global' } },
    events: [...used.events, 'reaction_added'],
    methods: { ...used.methods, 'reactions.add': ['reactions:write'] },
  };
  expect(compareManifest(manifest(), more)).toEqual([
    'manifest.yml lacks the command /desk, which the doors use',
    'manifest.yml lacks the shortcut ticket.new (global), which the doors use',
    'manifest.yml lacks the event reaction_added, which the doors use',
    'manifest.yml lacks the scope reactions:write, which the doors use',
  ]);
});

test('what no door uses must not be asked for', () => {
  const less: UsedSlack = { ...used, commands: [], shortcuts: {}, events: ['app_home_opened'], methods: {} };
  expect(compareManifest(manifest(), less)).toEqual([
    'manifest.yml asks for the command /ticket, which no door uses',
    'manifest.yml asks for the shortcut ticket.make (message), which no door uses',
    'manifest.yml asks for the event message.channels, which no door uses',
    'manifest.yml asks for the scope chat:write, which no door uses',
    'manifest.yml asks for the scope commands, which no door uses',
  ]);
});

test('an event brings its scope', () => {
  const asked = manifest({ events: ['app_home_opened', 'message.channels', 'reaction_added'] });
  const more: UsedSlack = { ...used, events: [...used.events, 'reaction_added'] };
  expect(compareManifest(asked, more)).toEqual(['manifest.yml lacks the scope reactions:read, which the doors use']);
});

test('an event whose scope nobody knows is named', () => {
  const asked = manifest({ events: ['app_home_opened', 'message.im'] });
  expect(compareManifest(asked, used)).toContain('no scope is known for event message.im');
});

test('a shortcut of the wrong kind is two differences', () => {
  const other: UsedSlack = { ...used, shortcuts: { 'ticket.make': { type: 'global' } } };
  expect(compareManifest(manifest(), other)).toHaveLength(2);
});

test('a name given twice is named', () => {
  expect(compareManifest(manifest({ scopes: ['channels:history', 'chat:write', 'commands', 'commands'] }), used)).toEqual([
    'manifest.yml names the scope commands twice',
  ]);
});

test('buttons need interactivity and the Home tab its switch', () => {
  const asked = manifest();
  const off: Manifest = {
    ...asked,
    features: { ...asked.features, app_home: { home_tab_enabled: false } },
    settings: { ...asked.settings, interactivity: { is_enabled: false } },
  };
  expect(compareManifest(off, used)).toHaveLength(2);
});

test("Slack's limits hold", () => {
  const schema: unknown = JSON.parse(readFileSync(join(PROJECT, SCHEMA_FILE), 'utf8'));
  expect(limitProblems({ display_information: { name: 'Tiketti' } }, schema)).toEqual([]);
  const shortcut = { name: 'A shortcut with a name too long', type: 'message', callback_id: 'x', description: 'x' };
  const problems = limitProblems({ display_information: { name: '' }, features: { shortcuts: [shortcut], colour: 'red' } }, schema);
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/\/display_information\/name .*fewer than 1/),
      expect.stringMatching(/\/features\/shortcuts\/0\/name .*more than 24/),
      expect.stringMatching(/\/features must NOT have additional properties/),
    ]),
  );
});

test("the doors' tables are read from the doors", async () => {
  const root = plant({
    [SCHEMA_FILE]: '{}',
    'manifest.yml': JSON.stringify(manifest()),
    'src/actions/index.ts': `export const events = { app_home_opened: () => {}, message: () => {}, app_mention: () => {} };
      export const actions = { 'ticket.take': () => {} };
      export const shortcuts = { 'ticket.make': { type: 'message', handle: () => {} } };`,
    'src/commands/index.ts': "export const commands = { '/ticket': () => {} };",
    'src/slack/methods.ts': "export const usedMethods = { 'chat.postMessage': ['chat:write'] } as const;",
    'src/slack/event-scopes.ts': "export const eventScopes = { app_home_opened: [], 'message.channels': 'channels:history' };",
  });
  expect(await manifestProblems(root)).toEqual(['manifest.yml lacks the event app_mention, which the doors use']);
  write(root, SCHEMA_FILE, '{ "required": ["display_information"] }');
  expect(await manifestProblems(root)).toEqual([expect.stringContaining('display_information')]);
});

test('a missing manifest is a problem, not a pass', async () => {
  expect(await manifestProblems(plant({}))).toEqual(['manifest.yml is missing']);
});
