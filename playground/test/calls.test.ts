import { expect, test } from 'vitest';
import { callRaw, modal, openPlayground, takeButton } from './support/api.ts';

const SCOPES = 'oauth_config:\n  scopes:\n    bot: [chat:write, channels:read, channels:history]\n';

test('the token decides: none, a wrong one, and one of the wrong kind are refused', async () => {
  const { call, playground } = await openPlayground();
  expect(await call('auth.test', {}, '')).toMatchObject({ ok: false, error: 'not_authed' });
  expect(await call('auth.test', {}, 'xoxb-stolen')).toMatchObject({ error: 'invalid_auth' });
  expect(await call('auth.test', {}, playground.appToken)).toMatchObject({ error: 'not_allowed_token_type' });
  expect(await call('apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' });
  expect(await call('auth.test')).toMatchObject({ ok: true, user_id: playground.state.app.botUserId, bot_id: playground.state.app.botId });
});

test('a method Slack does not have is unknown', async () => {
  const { call } = await openPlayground();
  expect(await call('chat.shout')).toMatchObject({ ok: false, error: 'unknown_method', req_method: 'chat.shout' });
});

test('a scope the manifest does not ask for is missing, and the answer says which', async () => {
  const { call, support, liisa } = await openPlayground({ manifest: SCOPES });
  const refused = { ok: false, error: 'missing_scope', provided: 'chat:write,channels:read,channels:history' };
  expect(await call('users.info', { user: liisa })).toMatchObject({ ...refused, needed: 'users:read' });
  expect(await call('reactions.add', { channel: support, timestamp: '1.000001', name: 'eyes' })).toMatchObject({
    ...refused,
    needed: 'reactions:write',
  });
  expect(await call('conversations.list', { types: 'private_channel' })).toMatchObject({ ...refused, needed: 'groups:read' });
  expect(await call('chat.postMessage', { channel: support, text: 'hi', username: 'Customer' })).toMatchObject({
    ...refused,
    needed: 'chat:write.customize',
  });
});

test('mail addresses show only with their own scope', async () => {
  const { call, liisa } = await openPlayground({ manifest: 'oauth_config:\n  scopes: { bot: [users:read] }\n' });
  const { user } = await call('users.info', { user: liisa });
  expect(user).not.toHaveProperty('profile.email');
  const all = await openPlayground();
  expect(await all.call('users.info', { user: all.liisa })).toHaveProperty('user.profile.email', 'liisa@example.com');
});

test('missing and unknown arguments are refused by name', async () => {
  const { call, support } = await openPlayground();
  expect(await call('chat.update', { channel: support, text: 'x' })).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] missing required field: ts'] },
  });
  expect(await call('chat.postMessage', { channel: support, txt: 'x' })).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] unknown argument: txt'] },
  });
  const lenient = await openPlayground({ strict: false });
  expect(await lenient.call('chat.postMessage', { channel: lenient.support, text: 'x', txt: 'x' })).toMatchObject({ ok: true });
});

test('JSON and multipart bodies are read like forms', async () => {
  const { playground, support } = await openPlayground();
  const headers = { authorization: `Bearer ${playground.botToken}` };
  const url = `${playground.apiUrl}chat.postMessage`;
  const body = JSON.stringify({ channel: support, text: 'json', blocks: [takeButton] });
  const json = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body });
  expect(await json.json()).toMatchObject({ ok: true, message: { text: 'json' } });
  const form = new FormData();
  form.set('channel', support);
  form.set('text', 'form');
  expect(await (await fetch(url, { method: 'POST', headers, body: form })).json()).toMatchObject({ ok: true, message: { text: 'form' } });
});

test('blocks that are not JSON have their own error, and so has metadata', async () => {
  const { call, support } = await openPlayground();
  expect(await call('chat.postMessage', { channel: support, blocks: '[{' })).toMatchObject({ error: 'invalid_blocks_format' });
  expect(await call('chat.postMessage', { channel: support, text: 'x', metadata: '{' })).toMatchObject({
    error: 'invalid_metadata_format',
  });
  expect(await call('chat.postMessage', { channel: support, text: 'x', metadata: { event_type: 'a' } })).toMatchObject({
    error: 'invalid_metadata_format',
  });
});

test('bad blocks are refused with a pointer to each fault', async () => {
  const { call, support, playground, liisa } = await openPlayground();
  const header = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
  expect(await call('chat.postMessage', { channel: support, blocks: [header] })).toMatchObject({
    error: 'invalid_blocks',
    response_metadata: { messages: ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'] },
  });
  const { triggerId } = await playground.shortcut({ as: liisa, callbackId: 'x' });
  expect(
    await call('views.open', { trigger_id: triggerId, view: modal({ title: { type: 'plain_text', text: 'x'.repeat(25) } }) }),
  ).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
  });
});

test('blocks.validate tells everything at once and needs no token', async () => {
  const { call } = await openPlayground();
  const blocks = [{ type: 'section' }, { type: 'divder' }];
  expect(await call('blocks.validate', { blocks }, '')).toMatchObject({
    ok: false,
    error: 'invalid_blocks',
    errors: [
      { pointer: '/blocks/0', code: 'missing_required', field: '0' },
      { pointer: '/blocks/1/type', code: 'unsupported_type' },
    ],
  });
  expect(await call('blocks.validate', { blocks: [takeButton] }, '')).toMatchObject({ ok: true });
});

test('an app that was removed is answered account_inactive', async () => {
  const { call, playground } = await openPlayground();
  playground.uninstall();
  expect(await call('auth.test')).toMatchObject({ error: 'account_inactive' });
});

test('answers carry the scopes in their headers', async () => {
  const { playground, support } = await openPlayground({ manifest: SCOPES });
  const { headers } = await callRaw(playground, 'chat.postMessage', { channel: support, text: 'x' });
  expect(headers.get('x-oauth-scopes')).toBe('chat:write,channels:read,channels:history');
  expect(headers.get('x-accepted-oauth-scopes')).toBe('chat:write');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
});
