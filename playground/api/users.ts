import type { UsersConversationsResponse, UsersInfoResponse, UsersListResponse, UsersLookupByEmailResponse } from '@slack/web-api';
import { isGranted } from '../manifest.ts';
import { refuse } from '../refusal.ts';
import { renderPerson } from '../render.ts';
import { renderChannel } from '../render-channel.ts';
import type { JsonObject, Person } from '../state.ts';
import { hasBot, isMember } from '../world.ts';
import { type Call, type Method, type Result, flag, page, requiredText, text } from './call.ts';
import { ofTypes } from './conversations.ts';

export const userMethods: Record<string, Method> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'users.conversations': conversations,
};

function info(call: Call): Result<UsersInfoResponse> {
  const found = call.world.state.people[requiredText(call, 'user')] ?? refuse('user_not_found');
  return { user: shown(call, found) };
}

function list(call: Call): Result<UsersListResponse> {
  const { items, next } = page(call, Object.values(call.world.state.people), { byDefault: 1_000 });
  return {
    members: items.map((person) => shown(call, person)),
    cache_ts: Math.floor(call.world.clock.now().getTime() / 1_000),
    response_metadata: { next_cursor: next },
  };
}

function lookupByEmail(call: Call): Result<UsersLookupByEmailResponse> {
  const email = requiredText(call, 'email').toLowerCase();
  const found = Object.values(call.world.state.people).find((person) => person.email.toLowerCase() === email && !person.isDeleted);
  return { user: shown(call, found ?? refuse('users_not_found')) };
}

function conversations(call: Call): Result<UsersConversationsResponse> {
  const { world } = call;
  const user = text(call, 'user') ?? world.state.app.botUserId;
  if (!world.state.people[user]) refuse('user_not_found');
  const theirs = ofTypes(call).filter((channel) => isMember(channel, user) && (channel.kind === 'channel' || hasBot(world, channel)));
  const { items, next } = page(call, theirs);
  return {
    channels: items.map((channel) => renderChannel(world, channel)),
    response_metadata: { next_cursor: next },
  };
}

function shown(call: Call, person: Person): JsonObject {
  const email = isGranted(call.world.manifest, 'users:read.email');
  return renderPerson(call.world, person, { email, locale: flag(call, 'include_locale') });
}
