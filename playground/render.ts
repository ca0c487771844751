import type { UsersInfoResponse } from '@slack/web-api';
import type { Channel, FileRecord, JsonObject, Message, Person } from './state.ts';
import { renderFile } from './render-file.ts';
import { type World, repliesOf } from './world.ts';

const MAX_REPLY_USERS = 5;
const SECONDS_PER_MINUTE = 60;

/** A message as events carry it: without what only history knows. */
export function renderMessage(world: World, message: Message): JsonObject {
  const { fileIds, ...stored } = structuredClone(message);
  const isOurs = message.bot_id === world.state.app.botId;
  return {
    ...(stored as unknown as JsonObject),
    ...(isOurs && message.user ? { bot_profile: renderBotProfile(world) } : {}),
    ...(fileIds ? { files: filesOf(world, fileIds), upload: false, display_as_bot: false } : {}),
  };
}

/** A message as history and replies answer it. */
export function renderHistory(world: World, channel: Channel, message: Message): JsonObject {
  const rendered: JsonObject = { ...renderMessage(world, message), ...threadOf(world, channel, message) };
  if (message.reactions) {
    rendered['reactions'] = message.reactions.map(({ name, users }) => ({ name, users: [...users], count: users.length }));
  }
  return rendered;
}

/** Without include_all_metadata only the type of the metadata shows. */
export function withoutMetadata(rendered: JsonObject): JsonObject {
  const metadata = rendered['metadata'] as JsonObject | undefined;
  return metadata ? { ...rendered, metadata: { event_type: metadata['event_type'] ?? null } } : rendered;
}

export function threadOf(world: World, channel: Channel, message: Message): JsonObject {
  if (message.thread_ts !== message.ts) return {};
  const replies = repliesOf(world, channel.id, message.ts);
  const users = [...new Set(replies.map((reply) => reply.user ?? reply.bot_id ?? ''))].filter((id) => id !== '');
  return {
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts ?? message.ts,
    reply_users: users.slice(0, MAX_REPLY_USERS),
    is_locked: false,
    subscribed: false,
  };
}

export function renderBotProfile(world: World): JsonObject {
  const { app, team } = world.state;
  const icon = `${world.url}/icons/app.png`;
  return {
    id: app.botId,
    deleted: false,
    name: app.name,
    updated: 0,
    app_id: app.id,
    user_id: app.botUserId,
    icons: { image_36: icon, image_48: icon, image_72: icon },
    team_id: team.id,
  };
}

function filesOf(world: World, ids: string[]): JsonObject[] {
  const files = ids.map((id) => world.state.files[id]).filter((file): file is FileRecord => file !== undefined);
  return files.map((file) => renderFile(world, file));
}

export function renderPerson(world: World, person: Person, include: { email: boolean; locale: boolean }): JsonObject {
  const isOwn = person.teamId === world.state.team.id;
  const shown = {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.isDeleted,
    color: '9f69e7',
    real_name: person.realName,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: offsetSeconds(person.tz, world.clock.now()),
    profile: renderProfile(person, include.email),
    is_admin: person.isAdmin || person.isOwner,
    is_owner: person.isOwner,
    is_primary_owner: person.isOwner,
    is_restricted: person.isGuest,
    is_ultra_restricted: false,
    is_bot: person.isBot,
    is_app_user: false,
    ...(isOwn ? {} : { is_stranger: person.isStranger }),
    updated: person.updated,
    is_email_confirmed: !person.isBot,
    who_can_share_contact_card: 'EVERYONE',
    ...(include.locale ? { locale: person.locale } : {}),
  } satisfies UsersInfoResponse['user'];
  return shown;
}

function renderProfile(person: Person, withEmail: boolean): JsonObject {
  const [first = '', ...rest] = person.realName.split(' ');
  return {
    title: '',
    phone: '',
    skype: '',
    real_name: person.realName,
    real_name_normalized: person.realName,
    display_name: person.displayName,
    display_name_normalized: person.displayName,
    fields: {},
    status_text: '',
    status_emoji: '',
    status_expiration: 0,
    avatar_hash: 'g0000000000',
    ...(withEmail && person.email ? { email: person.email } : {}),
    ...(person.isBot && person.botId ? { bot_id: person.botId, api_app_id: '' } : {}),
    first_name: first,
    last_name: rest.join(' '),
    team: person.teamId,
  };
}

export function offsetSeconds(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * SECONDS_PER_MINUTE + Number(minutes)) * SECONDS_PER_MINUTE;
}
