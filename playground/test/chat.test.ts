import { expect, test } from 'vitest';
import { callRaw, openPlayground, takeButton } from './support/api.ts';

test('the app posts where it is a member, and nowhere else', async () => {
  const { call, playground } = await openPlayground({ manifest: 'oauth_config:\n  scopes: { bot: [chat:write] }\n' });
  const open = playground.addChannel({ name: 'random', members: ['liisa'] }).id;
  const closed = playground.addChannel({ name: 'board', private: true, members: ['liisa'] }).id;
  expect(await call('chat.postMessage', { channel: open, text: 'x' })).toMatchObject({ error: 'not_in_channel' });
  expect(await call('chat.postMessage', { channel: closed, text: 'x' })).toMatchObject({ error: 'channel_not_found' });
  expect(await call('chat.postMessage', { channel: 'C0NOWHERE', text: 'x' })).toMatchObject({ error: 'channel_not_found' });
  playground.archive({ as: 'liisa', channel: 'support' });
  expect(await call('chat.postMessage', { channel: 'support', text: 'x' })).toMatchObject({ error: 'is_archived' });
});

test('a message needs something to show', async () => {
  const { call, support } = await openPlayground();
  expect(await call('chat.postMessage', { channel: support })).toMatchObject({ error: 'no_text' });
  expect(await call('chat.postMessage', { channel: support, text: 'a', markdown_text: 'b' })).toMatchObject({
    error: 'markdown_text_conflict',
  });
  expect(
    await call('chat.postMessage', { channel: support, attachments: Array.from({ length: 101 }, () => ({ text: 'x' })) }),
  ).toMatchObject({
    error: 'too_many_attachments',
  });
});

test('posting to a person opens their direct messages, and updating needs the id of those', async () => {
  const { call, liisa } = await openPlayground();
  const posted = await call('chat.postMessage', { channel: liisa, text: 'hello' });
  expect(posted['channel']).toMatch(/^D/);
  expect(await call('chat.update', { channel: liisa, ts: posted['ts'], text: 'bye' })).toMatchObject({ error: 'channel_not_found' });
  expect(await call('chat.update', { channel: posted['channel'], ts: posted['ts'], text: 'bye' })).toMatchObject({ ok: true, text: 'bye' });
});

test('a reply goes under its parent, and a reply to nothing is refused', async () => {
  const { call, support, playground } = await openPlayground();
  const parent = playground.post({ as: 'liisa', channel: support, text: 'help' });
  const reply = await call('chat.postMessage', { channel: support, text: 'coming', thread_ts: parent.ts });
  expect(reply).toMatchObject({ ok: true, message: { thread_ts: parent.ts } });
  expect(await call('chat.postMessage', { channel: support, text: 'x', thread_ts: '1.000001' })).toMatchObject({
    error: 'thread_not_found',
  });
  expect(playground.readMessages(support)[0]).toMatchObject({ reply_count: 1, latest_reply: reply['ts'] });
  expect(playground.readMessages(support)).toHaveLength(1);
  await call('chat.postMessage', { channel: support, text: 'all', thread_ts: parent.ts, reply_broadcast: true });
  expect(playground.readMessages(support)).toHaveLength(2);
});

test('text takes away blocks, blocks leave no edited mark, and metadata stays until it is emptied', async () => {
  const { call, support, playground } = await openPlayground();
  const metadata = { event_type: 'ticket', event_payload: { id: 'TK-1' } };
  const { ts } = await call('chat.postMessage', { channel: support, text: 'card', blocks: [takeButton], metadata });
  const shown = () => playground.readMessages(support)[0];
  await call('chat.update', { channel: support, ts, blocks: [takeButton, { type: 'divider' }] });
  expect(shown()).toMatchObject({ text: 'card', blocks: [{ type: 'actions' }, { type: 'divider' }], metadata });
  expect(shown()).not.toHaveProperty('edited');
  await call('chat.update', { channel: support, ts, text: 'plain', metadata: {} });
  expect(shown()).toMatchObject({ text: 'plain', blocks: [{ type: 'rich_text' }], edited: { user: playground.state.app.botUserId } });
  expect(shown()).not.toHaveProperty('metadata');
});

test('only its own messages can the app change or delete', async () => {
  const { call, support, playground } = await openPlayground();
  const { ts } = playground.post({ as: 'liisa', channel: support, text: 'mine' });
  expect(await call('chat.update', { channel: support, ts, text: 'yours' })).toMatchObject({ error: 'cant_update_message' });
  expect(await call('chat.delete', { channel: support, ts })).toMatchObject({ error: 'cant_delete_message' });
  expect(await call('chat.delete', { channel: support, ts: '1.000001' })).toMatchObject({ error: 'message_not_found' });
});

test('an update takes 4000 characters, a post cuts at 40 000', async () => {
  const { call, support, playground } = await openPlayground();
  const { ts } = await call('chat.postMessage', { channel: support, text: 'x'.repeat(40_001) });
  expect(playground.readMessages(support)[0]?.text).toHaveLength(40_000);
  expect(await call('chat.update', { channel: support, ts, text: 'x'.repeat(4_001) })).toMatchObject({ error: 'msg_too_long' });
  expect(await call('chat.update', { channel: support, ts, text: 'x'.repeat(4_000) })).toMatchObject({ ok: true });
});

test('an ephemeral is for a member only, and cannot be updated', async () => {
  const { call, support, liisa, playground } = await openPlayground();
  const { message_ts: ts } = await call('chat.postEphemeral', { channel: support, user: liisa, text: 'psst' });
  expect(playground.ephemerals('liisa')).toMatchObject([{ text: 'psst', ts }]);
  expect(await call('chat.update', { channel: support, ts, text: 'x' })).toMatchObject({ error: 'message_not_found' });
  const outsider = playground.addPerson({ name: 'otto' }).id;
  expect(await call('chat.postEphemeral', { channel: support, user: outsider, text: 'x' })).toMatchObject({ error: 'user_not_in_channel' });
});

test('under another name the post has no user and is a bot_message', async () => {
  const { call, support, playground } = await openPlayground();
  await call('chat.postMessage', { channel: support, text: 'It broke', username: 'Kalle Customer', icon_emoji: ':e-mail:' });
  const [shown] = playground.readMessages(support);
  expect(shown).toMatchObject({ subtype: 'bot_message', username: 'Kalle Customer', bot_id: playground.state.app.botId });
  expect(shown).not.toHaveProperty('user');
});

test('the workspace rewrites what the app sends: links, addresses, stray signs, emoji', async () => {
  const { call, support, playground } = await openPlayground();
  await call('chat.postMessage', { channel: support, text: 'See https://example.com/a?b=1. R&D <b> 🎉 <@U1> `a & b`' });
  expect(playground.readMessages(support)[0]?.text).toBe('See <https://example.com/a?b=1>. R&amp;D &lt;b&gt; :tada: <@U1> `a &amp; b`');
  await call('chat.postMessage', { channel: support, text: '&lt;https://evil.example|bank&gt; &amp; co' });
  expect(playground.readMessages(support)[1]?.text).toBe('&lt;<https://evil.example>|bank&gt; &amp; co');
  const section = { type: 'section', text: { type: 'mrkdwn', text: 'https://example.com' } };
  const { message } = await call('chat.postMessage', { channel: support, text: 'x', blocks: [section] });
  expect(message).toMatchObject({ blocks: [{ block_id: expect.any(String), text: { text: '<https://example.com>', verbatim: false } }] });
});

test('timestamps are unique in a channel though the clock stands still', async () => {
  const { support, playground } = await openPlayground();
  const stamps = Array.from({ length: 20 }, (_, index) => playground.post({ as: 'liisa', channel: support, text: String(index) }).ts);
  expect(new Set(stamps).size).toBe(20);
  expect(stamps.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
  expect(stamps).toEqual(stamps.toSorted());
});

test('one message a second and channel, a burst before that, then 429 with Retry-After', async () => {
  const { support, playground, clock, call } = await openPlayground();
  const post = () => callRaw(playground, 'chat.postMessage', { channel: support, text: 'x' });
  for (let count = 0; count < 10; count += 1) expect((await post()).status).toBe(200);
  const refused = await post();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' });
  expect(
    await call('chat.postMessage', { channel: playground.addChannel({ name: 'other', members: ['bot'] }).id, text: 'x' }),
  ).toMatchObject({ ok: true });
  clock.advance(1_000);
  expect((await post()).status).toBe(200);
});

test('a tier is a number of calls a minute, for each method alone', async () => {
  const { call, clock } = await openPlayground();
  for (let count = 0; count < 20; count += 1) expect(await call('users.list')).toMatchObject({ ok: true });
  expect(await call('users.list')).toMatchObject({ status: 429, error: 'ratelimited' });
  expect(await call('usergroups.list')).toMatchObject({ ok: true });
  clock.advance(3_000);
  expect(await call('users.list')).toMatchObject({ ok: true });
  const free = await openPlayground({ rateScale: 0 });
  for (let count = 0; count < 30; count += 1) expect(await free.call('users.list')).toMatchObject({ ok: true });
});
