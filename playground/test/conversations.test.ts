import { expect, test } from 'vitest';
import { openPlayground } from './support/api.ts';

test('history is newest first, without replies, in pages', async () => {
  const { call, support, playground } = await openPlayground();
  const [first, second, third] = ['one', 'two', 'three'].map((text) => playground.post({ as: 'liisa', channel: support, text }));
  playground.post({ as: 'matti', channel: support, text: 'reply', threadTs: first?.ts ?? '' });
  const page = await call('conversations.history', { channel: support, limit: 2 });
  expect(page).toMatchObject({ has_more: true, messages: [{ ts: third?.ts }, { ts: second?.ts }] });
  const { next_cursor: cursor } = page['response_metadata'] as { next_cursor: string };
  expect(await call('conversations.history', { channel: support, limit: 2, cursor })).toMatchObject({
    has_more: false,
    messages: [{ ts: first?.ts, reply_count: 1 }],
  });
  const since = await call('conversations.history', { channel: support, oldest: second?.ts });
  expect(since['messages']).toHaveLength(1);
  expect(await call('conversations.history', { channel: support, oldest: second?.ts, inclusive: true })).toHaveProperty(
    'messages.length',
    2,
  );
  expect(await call('conversations.history', { channel: support, cursor: 'nonsense' })).toMatchObject({ error: 'invalid_cursor' });
});

test('replies have their parent first, and a thread that is not there is not found', async () => {
  const { call, support, playground } = await openPlayground();
  const parent = playground.post({ as: 'liisa', channel: support, text: 'help' });
  playground.post({ as: 'matti', channel: support, text: 'yes', threadTs: parent.ts });
  const { messages } = await call('conversations.replies', { channel: support, ts: parent.ts });
  expect(messages).toMatchObject([
    { ts: parent.ts, thread_ts: parent.ts, reply_count: 1 },
    { text: 'yes', parent_user_id: parent.user },
  ]);
  expect(await call('conversations.replies', { channel: support, ts: '1.000001' })).toMatchObject({ error: 'thread_not_found' });
});

test('metadata shows whole only when asked for', async () => {
  const { call, support } = await openPlayground();
  const metadata = { event_type: 'ticket', event_payload: { id: 'TK-1' } };
  await call('chat.postMessage', { channel: support, text: 'card', metadata });
  expect(await call('conversations.history', { channel: support })).toMatchObject({ messages: [{ metadata: { event_type: 'ticket' } }] });
  expect(await call('conversations.history', { channel: support })).not.toHaveProperty('messages.0.metadata.event_payload');
  expect(await call('conversations.history', { channel: support, include_all_metadata: true })).toMatchObject({ messages: [{ metadata }] });
});

test('reading needs membership, and a private channel without the app does not exist', async () => {
  const { call, playground } = await openPlayground();
  const open = playground.addChannel({ name: 'random', members: ['liisa'] }).id;
  const closed = playground.addChannel({ name: 'board', private: true, members: ['liisa'] }).id;
  expect(await call('conversations.history', { channel: open })).toMatchObject({ error: 'not_in_channel' });
  expect(await call('conversations.info', { channel: open })).toMatchObject({ ok: true, channel: { is_member: false } });
  expect(await call('conversations.info', { channel: closed })).toMatchObject({ error: 'channel_not_found' });
  expect(await call('conversations.list', { types: 'public_channel,private_channel' })).toMatchObject({
    channels: [{ name: 'support' }, { name: 'random' }],
  });
  expect(await call('conversations.list', { types: 'secret' })).toMatchObject({ error: 'invalid_types' });
});

test('the app joins public channels itself and waits for an invitation to private ones', async () => {
  const { call, playground } = await openPlayground();
  const open = playground.addChannel({ name: 'random', members: ['liisa'] }).id;
  const closed = playground.addChannel({ name: 'board', private: true, members: ['liisa'] }).id;
  expect(await call('conversations.join', { channel: open })).toMatchObject({ ok: true, channel: { is_member: true } });
  expect(await call('conversations.join', { channel: open })).toMatchObject({ ok: true, warning: 'already_in_channel' });
  expect(await call('conversations.join', { channel: closed })).toMatchObject({ error: 'channel_not_found' });
  playground.invite({ as: 'liisa', channel: 'board', user: 'bot' });
  expect(await call('conversations.join', { channel: closed })).toMatchObject({ error: 'method_not_supported_for_channel_type' });
  playground.archive({ as: 'liisa', channel: 'random' });
  expect(await call('conversations.join', { channel: open })).toMatchObject({ error: 'is_archived' });
});

test('a new channel needs a good name nobody has', async () => {
  const { call } = await openPlayground();
  const errors = ['', 'x'.repeat(81), '---', 'Big Name', 'support'].map((name) => call('conversations.create', { name }));
  expect((await Promise.all(errors)).map((answer) => answer['error'])).toEqual([
    'invalid_name_required',
    'invalid_name_maxlength',
    'invalid_name_punctuation',
    'invalid_name_specials',
    'name_taken',
  ]);
  expect(await call('conversations.create', { name: 'tuki-äö', is_private: true })).toMatchObject({
    ok: true,
    channel: { is_private: true, is_member: true },
  });
});

test('inviting says who cannot be invited', async () => {
  const { call, support, liisa, playground } = await openPlayground();
  const otto = playground.addPerson({ name: 'otto' }).id;
  expect(await call('conversations.invite', { channel: support, users: liisa })).toMatchObject({ error: 'already_in_channel' });
  expect(await call('conversations.invite', { channel: support, users: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' });
  expect(await call('conversations.invite', { channel: support, users: playground.state.app.botUserId })).toMatchObject({
    error: 'cant_invite_self',
  });
  expect(await call('conversations.invite', { channel: support, users: otto })).toMatchObject({ ok: true });
  expect(await call('conversations.members', { channel: support })).toMatchObject({ members: expect.arrayContaining([otto]) });
});

test('opening a conversation with the same people finds the same one', async () => {
  const { call, liisa, matti } = await openPlayground();
  const first = await call('conversations.open', { users: liisa });
  expect(await call('conversations.open', { users: liisa })).toMatchObject({ channel: first['channel'], already_open: true });
  const group = await call('conversations.open', { users: `${liisa},${matti}`, return_im: true });
  expect(group).toMatchObject({ channel: { is_mpim: true } });
  expect(await call('conversations.open', {})).toMatchObject({ error: 'users_list_not_supplied' });
  expect(await call('conversations.open', { users: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' });
});

test('people are found by id and address, with their language', async () => {
  const { call, liisa } = await openPlayground();
  expect(await call('users.info', { user: liisa, include_locale: true })).toMatchObject({
    user: { id: liisa, locale: 'fi-FI', tz: 'Europe/Helsinki', tz_offset: 7_200, is_owner: true, profile: { real_name: 'Liisa Lahti' } },
  });
  expect(await call('users.lookupByEmail', { email: 'LIISA@example.com' })).toMatchObject({ user: { id: liisa } });
  expect(await call('users.lookupByEmail', { email: 'nobody@example.com' })).toMatchObject({ error: 'users_not_found' });
  expect(await call('users.info', { user: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' });
});

test('reactions are counted once a person, and only known emoji pass', async () => {
  const { call, support, playground } = await openPlayground();
  const { ts } = playground.post({ as: 'liisa', channel: support, text: 'x' });
  const react = (method: string, name: string, timestamp = ts) => call(method, { channel: support, timestamp, name });
  expect(await react('reactions.add', 'incoming_envelope')).toMatchObject({ ok: true });
  expect(await react('reactions.add', 'incoming_envelope')).toMatchObject({ error: 'already_reacted' });
  expect(await react('reactions.add', 'thumbsup')).toMatchObject({ ok: true });
  expect(await react('reactions.add', '+1')).toMatchObject({ error: 'already_reacted' });
  expect(await react('reactions.add', 'no_such_emoji')).toMatchObject({ error: 'invalid_name' });
  expect(await react('reactions.add', 'eyes', '1.000001')).toMatchObject({ error: 'message_not_found' });
  expect(await react('reactions.add', 'eyes', 'yesterday')).toMatchObject({ error: 'bad_timestamp' });
  playground.react({ as: 'matti', channel: support, ts, name: 'incoming_envelope' });
  expect(await call('reactions.get', { channel: support, timestamp: ts })).toMatchObject({
    message: { reactions: [{ name: 'incoming_envelope', count: 2 }, { name: '+1' }] },
  });
  expect(await react('reactions.remove', 'incoming_envelope')).toMatchObject({ ok: true });
  expect(await react('reactions.remove', 'incoming_envelope')).toMatchObject({ error: 'no_reaction' });
});
