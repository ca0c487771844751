import { expect, test } from 'vitest';
import { type Desk, openPlayground } from './support/api.ts';
import { type RawApp, connectRaw, nameOf } from './support/raw.ts';
import type { JsonObject } from '../state.ts';

async function listening(manifest?: string): Promise<Desk & { app: RawApp; heard: () => string[] }> {
  const desk = await openPlayground(manifest === undefined ? {} : { manifest });
  const app = await connectRaw(desk.playground);
  return { ...desk, app, heard: () => app.payloads('event_callback').map((payload) => nameOf(payload['event'] as JsonObject)) };
}

test('the app hears its own posts, changes and deletions', async () => {
  const { call, support, app, heard, playground } = await listening();
  const { ts } = await call('chat.postMessage', { channel: support, text: 'one' });
  await call('chat.update', { channel: support, ts, text: 'two' });
  await call('chat.delete', { channel: support, ts });
  await expect.poll(heard).toEqual(['message', 'message.message_changed', 'message.message_deleted']);
  const { botUserId, botId, id } = playground.state.app;
  expect(app.events('message')).toMatchObject([
    { user: botUserId, bot_id: botId, app_id: id, bot_profile: { id: botId }, channel_type: 'channel' },
  ]);
  expect(app.events('message.message_changed')).toMatchObject([
    { hidden: true, message: { text: 'two', ts }, previous_message: { text: 'one' } },
  ]);
  expect(app.events('message.message_deleted')).toMatchObject([{ hidden: true, deleted_ts: ts, previous_message: { text: 'two' } }]);
});

test('a deleted parent with replies becomes a tombstone', async () => {
  const { playground, support, app } = await listening();
  const parent = playground.post({ as: 'liisa', channel: support, text: 'help' });
  playground.post({ as: 'matti', channel: support, text: 'yes', threadTs: parent.ts });
  playground.deleteMessage({ as: 'liisa', channel: support, ts: parent.ts });
  await expect.poll(() => app.events('message.message_changed')).toMatchObject([{ message: { subtype: 'tombstone', ts: parent.ts } }]);
  expect(playground.readMessages(support)[0]).toMatchObject({ subtype: 'tombstone', reply_count: 1 });
});

test('a mention is told twice, as a message and as a mention, under different event ids', async () => {
  const { playground, support, app, heard } = await listening();
  const { ts } = playground.post({ as: 'liisa', channel: support, text: '@app take this' });
  await expect.poll(heard).toEqual(['message', 'app_mention']);
  expect(app.events('app_mention')).toMatchObject([{ ts, channel: support, text: `<@${playground.state.app.botUserId}> take this` }]);
  const ids = app.payloads('event_callback').map((payload) => payload['event_id']);
  expect(new Set(ids).size).toBe(2);
});

test('an edit that adds a mention is told as a mention too', async () => {
  const { playground, support, app, heard } = await listening();
  const { ts } = playground.post({ as: 'liisa', channel: support, text: 'hello' });
  playground.edit({ as: 'liisa', channel: support, ts, text: '@app hello' });
  playground.edit({ as: 'liisa', channel: support, ts, text: '@app hello again' });
  await expect.poll(heard).toEqual(['message', 'message.message_changed', 'app_mention', 'message.message_changed']);
  expect(app.events('app_mention')).toMatchObject([{ ts, edited: { user: expect.any(String) } }]);
});

test('a reply names its parent, and a broadcast carries it', async () => {
  const { playground, support, app } = await listening();
  const parent = playground.post({ as: 'liisa', channel: support, text: 'help' });
  playground.post({ as: 'matti', channel: support, text: 'yes', threadTs: parent.ts });
  playground.post({ as: 'matti', channel: support, text: 'all', threadTs: parent.ts, broadcast: true });
  await expect.poll(() => app.events('message').at(-1)).toMatchObject({ thread_ts: parent.ts, parent_user_id: parent.user });
  await expect.poll(() => app.events('message.thread_broadcast')).toMatchObject([{ root: { ts: parent.ts, reply_count: 2 } }]);
});

test('a file comes as file_share with its name and a private address that wants the token', async () => {
  const { playground, support, app, call } = await listening();
  playground.post({ as: 'liisa', channel: support, text: 'see', files: [{ name: 'log.txt', text: 'boom' }] });
  await expect
    .poll(() => app.events('message.file_share'))
    .toMatchObject([{ text: 'see', files: [{ name: 'log.txt', mimetype: 'text/plain', size: 4 }] }]);
  await expect.poll(() => app.events('file_shared')).toHaveLength(1);
  const [file] = (app.events('message.file_share')[0]?.['files'] ?? []) as { id: string; url_private: string }[];
  const read = async (headers: Record<string, string>) => (await fetch(file?.url_private ?? '', { headers })).text();
  expect(await read({ authorization: `Bearer ${playground.botToken}` })).toBe('boom');
  expect(await read({})).toContain('<!DOCTYPE html>');
  expect(await call('files.info', { file: file?.id })).toMatchObject({ file: { shares: { public: { [support]: [{}] } } } });
});

test('an upload in two steps becomes a file_share of the app', async () => {
  const { call, support, playground, app } = await listening();
  const upload = await call('files.getUploadURLExternal', { filename: 'photo.png', length: 3 });
  const posted = await fetch(String(upload['upload_url']), { method: 'POST', body: new Uint8Array([1, 2, 3]) });
  expect(await posted.text()).toBe('OK - 3');
  const files = [{ id: upload['file_id'], title: 'Photo' }];
  expect(await call('files.completeUploadExternal', { files, channel_id: support, initial_comment: 'look' })).toMatchObject({
    ok: true,
    files: [{ title: 'Photo' }],
  });
  await expect.poll(() => app.events('message.file_share')).toMatchObject([{ user: playground.state.app.botUserId, text: 'look' }]);
  expect(await call('files.completeUploadExternal', { files })).toMatchObject({ error: 'file_not_found' });
  expect(await call('files.getUploadURLExternal', { filename: 'empty.txt', length: 0 })).toMatchObject({ error: 'missing_argument' });
});

test('the app hears nothing from where it is not', async () => {
  const { playground, heard } = await listening();
  playground.addChannel({ name: 'board', private: true, members: ['liisa'] });
  playground.addChannel({ name: 'random', members: ['liisa'] });
  playground.post({ as: 'liisa', channel: 'board', text: '@app psst' });
  playground.post({ as: 'liisa', channel: 'random', text: '@app hey' });
  playground.post({ as: 'liisa', channel: 'support', text: 'done' });
  await expect.poll(heard).toEqual(['channel_created', 'message']);
});

test('joining, leaving, renaming, archiving and deleting are told', async () => {
  const { playground, heard, support } = await listening();
  playground.addPerson({ name: 'otto' });
  playground.join({ as: 'otto', channel: support });
  playground.leave({ as: 'otto', channel: support });
  playground.rename({ as: 'liisa', channel: support, name: 'help' });
  playground.archive({ as: 'liisa', channel: support });
  playground.unarchive({ as: 'liisa', channel: support });
  playground.kick({ as: 'liisa', channel: support, user: 'bot' });
  await expect
    .poll(heard)
    .toEqual([
      'team_join',
      'member_joined_channel',
      'message.channel_join',
      'member_left_channel',
      'message.channel_leave',
      'message.channel_name',
      'channel_rename',
      'message.channel_archive',
      'channel_archive',
      'channel_unarchive',
      'message.channel_unarchive',
      'channel_left',
      'member_left_channel',
    ]);
});

test('reactions, profile changes and Home are told', async () => {
  const { playground, support, app, liisa } = await listening();
  const { ts } = playground.post({ as: 'matti', channel: support, text: 'x' });
  playground.react({ as: 'liisa', channel: support, ts, name: '+1' });
  playground.unreact({ as: 'liisa', channel: support, ts, name: '+1' });
  playground.changePerson({ person: 'matti', locale: 'sv-SE' });
  playground.openHome('liisa');
  const item = { type: 'message', channel: support, ts };
  await expect
    .poll(() => app.events('app_home_opened'))
    .toMatchObject([{ user: liisa, tab: 'home', channel: expect.stringMatching(/^D/) }]);
  expect(app.events('reaction_added')).toMatchObject([{ user: liisa, reaction: '+1', item }]);
  expect(app.events('reaction_removed')).toMatchObject([{ user: liisa, reaction: '+1', item }]);
  expect(app.events('user_change')).toMatchObject([{ user: { name: 'matti', locale: 'sv-SE' } }]);
});

test('only subscribed events with their scopes arrive', async () => {
  const manifest = [
    'oauth_config: { scopes: { bot: [channels:history, chat:write] } }',
    'settings: { event_subscriptions: { bot_events: [message.channels, message.im, reaction_added] } }',
  ].join('\n');
  const { playground, support, heard } = await listening(manifest);
  const { ts } = playground.post({ as: 'liisa', channel: support, text: '@app hello' });
  playground.react({ as: 'liisa', channel: support, ts, name: '+1' });
  playground.post({ as: 'liisa', channel: 'bot', text: 'direct' });
  playground.post({ as: 'liisa', channel: support, text: 'done' });
  await expect.poll(heard).toEqual(['message', 'message']);
});

test('a link to our domain is told from everywhere, but not our own', async () => {
  const { playground, app, call, support } = await listening(
    'features: { unfurl_domains: [tickets.example] }\noauth_config: { scopes: { bot: [links:read, chat:write] } }\nsettings: { event_subscriptions: { bot_events: [link_shared] } }',
  );
  playground.addChannel({ name: 'random', members: ['liisa'] });
  playground.post({ as: 'liisa', channel: 'random', text: 'see https://tickets.example/TK-1 and https://other.example' });
  await call('chat.postMessage', { channel: support, text: 'https://tickets.example/TK-2' });
  await expect
    .poll(() => app.events('link_shared'))
    .toMatchObject([{ links: [{ domain: 'tickets.example', url: 'https://tickets.example/TK-1' }] }]);
  expect(app.events('link_shared')).toHaveLength(1);
});

test('being removed is the last thing an app hears', async () => {
  const { playground, support, heard } = await listening();
  playground.uninstall();
  playground.post({ as: 'liisa', channel: support, text: 'gone?' });
  await expect.poll(heard).toEqual(['tokens_revoked', 'app_uninstalled']);
});
