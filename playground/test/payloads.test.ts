import { expect, test } from 'vitest';
import facts from '../rules/payloads.json' with { type: 'json' };
import type { JsonObject } from '../state.ts';
import { word } from '../words.ts';
import { modal, openPlayground, subjectInput, takeButton } from './support/api.ts';
import { connectRaw, nameOf } from './support/raw.ts';

/** Below these the keys are the app's or the person's own. */
const OPEN_ENDED = /(^|\.)(blocks|values|attachments|elements|event_payload|files|user_profile|profile)$/;
const known = facts as Record<string, { must: string[]; may: string[] }>;
/** Documented or seen elsewhere, but not in the collection of seen keys. */
const NEWER = new Set([
  'context_team_id',
  'context_enterprise_id',
  'event.team',
  'event.app_id',
  'event.parent_user_id',
  'state.values',
  'enterprise',
  'is_enterprise_install',
]);

function keysOf(node: unknown, prefix = ''): Set<string> {
  if (typeof node !== 'object' || node === null) return new Set();
  if (Array.isArray(node)) return new Set(node.flatMap((entry) => [...keysOf(entry, `${prefix}[]`)]));
  return new Set(
    Object.entries(node).flatMap(([key, value]) => {
      const path = prefix ? `${prefix}.${key}` : key;
      return OPEN_ENDED.test(path) ? [path] : [path, ...keysOf(value, path)];
    }),
  );
}

function kindOf(payload: JsonObject): string {
  if (payload['event']) return `event.${nameOf(payload['event'] as JsonObject)}`;
  return payload['command'] ? 'slash_command' : word(payload['type']);
}

/** Everything people can make happen, as the app received it. */
async function everything(): Promise<JsonObject[]> {
  const { playground, support, call, liisa } = await openPlayground();
  const app = await connectRaw(playground);
  const parent = playground.post({ as: 'liisa', channel: support, text: '@app hello' });
  playground.post({ as: 'matti', channel: support, text: 'all', threadTs: parent.ts, broadcast: true });
  playground.post({ as: 'matti', channel: support, text: 'see', files: [{ name: 'a.png', text: 'x' }] });
  const { ts } = playground.post({ as: 'matti', channel: support, text: 'to be changed' });
  playground.edit({ as: 'matti', channel: support, ts, text: 'changed' });
  playground.react({ as: 'liisa', channel: support, ts, name: 'eyes' });
  playground.deleteMessage({ as: 'matti', channel: support, ts });
  const card = await call('chat.postMessage', { channel: support, text: 'card', blocks: [takeButton] });
  await call('chat.postMessage', { channel: support, text: 'card', username: 'Customer' });
  await playground.click({ as: 'liisa', channel: support, ts: String(card['ts']), actionId: 'take' });
  await playground.command({ as: 'liisa', channel: support, command: '/ticket' });
  await playground.messageShortcut({ as: 'liisa', channel: support, ts: parent.ts, callbackId: 'x' });
  const select = {
    ...subjectInput,
    block_id: 'who',
    optional: true,
    element: { type: 'external_select', action_id: 'who', min_query_length: 0 },
  };
  const { triggerId } = await playground.shortcut({ as: 'liisa', callbackId: 'x' });
  await call('views.open', {
    trigger_id: triggerId,
    view: modal({ notify_on_close: true, close: { type: 'plain_text', text: 'Cancel' }, blocks: [subjectInput, select] }),
  });
  await playground.options({ as: 'liisa', actionId: 'who', query: 'k' }).catch(() => undefined);
  await playground.closeView({ as: 'liisa' });
  const second = await playground.shortcut({ as: 'liisa', callbackId: 'x' });
  await call('views.open', { trigger_id: second.triggerId, view: modal() });
  await playground.submitView({ as: 'liisa', values: { subject: 'x' } });
  playground.openHome(liisa);
  await expect.poll(() => app.events('app_home_opened').length).toBe(1);
  return app.received.filter((envelope) => envelope.payload).map(({ payload }) => payload);
}

test('payloads carry every key real ones always have', async () => {
  const seen = new Map((await everything()).map((payload) => [kindOf(payload), keysOf(payload)]));
  const missing = Object.fromEntries(
    [...seen]
      .map(([kind, keys]) => [kind, (known[kind]?.must ?? []).filter((key) => !keys.has(key))])
      .filter(([, lacking]) => lacking?.length !== 0),
  );
  expect(missing).toEqual({});
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      'slash_command',
      'block_actions',
      'block_suggestion',
      'view_submission',
      'view_closed',
      'shortcut',
      'message_action',
    ]),
  );
});

test('payloads carry no key that real ones never had', async () => {
  const strange = (await everything()).flatMap((payload) => {
    const kind = kindOf(payload);
    const may = new Set([...(known[kind]?.may ?? []), ...NEWER]);
    return may.size === NEWER.size
      ? []
      : [...keysOf(payload)].filter((key) => key.split('.').length <= 2 && !may.has(key)).map((key) => `${kind}: ${key}`);
  });
  expect([...new Set(strange)]).toEqual([]);
});

test('a command says "false" in words, everything else in JSON', async () => {
  const payloads = await everything();
  const by = (kind: string) => payloads.find((payload) => kindOf(payload) === kind);
  expect(by('slash_command')).toMatchObject({ is_enterprise_install: 'false', channel_name: 'support', user_name: 'liisa' });
  expect(by('block_actions')).toMatchObject({
    is_enterprise_install: false,
    enterprise: null,
    response_url: expect.stringContaining('/response/'),
  });
  expect(by('shortcut')).not.toHaveProperty('channel');
  expect(by('shortcut')).not.toHaveProperty('response_url');
});
