import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { methods } from '../api/methods.ts';
import manifestSchema from '../rules/manifest.json' with { type: 'json' };
import rules from '../rules/methods.json' with { type: 'json' };

const known = new Set([...rules.common, ...Object.values(rules.methods).flatMap((method) => method.errors)]);
/** Seen in the wild, but in no method's list. */
const WILD = new Set([
  'unknown_method',
  'thread_not_found',
  'invalid_attachments',
  'already_archived',
  'cant_archive_general',
  'cant_delete_file',
  'user_not_found',
  'invalid_response_action',
  'invalid_errors',
]);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return ['test', 'page'].includes(entry.name) ? [] : sources(join(folder, entry.name));
    return entry.name.endsWith('.ts') ? [readFileSync(join(folder, entry.name), 'utf8')] : [];
  });
}

test('the playground refuses only with words Slack has', () => {
  const words = sources(join(import.meta.dirname, '..')).flatMap((source) =>
    [...source.matchAll(/(?:refuse|new Refusal)\('([a-z_]+)'/g)].map((found) => found[1] ?? ''),
  );
  expect(words.length).toBeGreaterThan(50);
  expect([...new Set(words)].filter((word) => !known.has(word) && !WILD.has(word))).toEqual([]);
});

test('every method with rules is there, and every method has rules', () => {
  const withoutRules = ['api.test', 'blocks.validate'];
  expect(
    Object.keys(methods)
      .filter((name) => !withoutRules.includes(name))
      .toSorted(),
  ).toEqual(Object.keys(rules.methods).toSorted());
});

test('the manifest facts accept a good manifest and say what is wrong with a bad one', () => {
  const validate = new Ajv({ strict: false }).compile(manifestSchema);
  const command = { command: '/ticket', description: 'Tickets', should_escape: true };
  const manifest = (more: object) => ({ display_information: { name: 'Tickets' }, features: { slash_commands: [command] }, ...more });
  expect(validate(manifest({ settings: { interactivity: { is_enabled: true }, socket_mode_enabled: true } }))).toBe(true);
  expect(validate(manifest({ display_information: { name: 'x'.repeat(36) } }))).toBe(false);
  expect(validate(manifest({ features: { slash_commands: [{ command: 'ticket', description: 'Tickets' }] } }))).toBe(false);
  expect(validate(manifest({ settings: { sockets: true } }))).toBe(false);
});
