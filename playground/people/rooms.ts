import { newChannel } from '../api/channels.ts';
import {
  archive as archiveIt,
  invite as inviteTo,
  join as joinIt,
  leave as leaveIt,
  removeChannel,
  rename as renameIt,
  setTopic,
  unarchive as unarchiveIt,
} from '../channels.ts';
import { emit } from '../events.ts';
import type { Channel } from '../state.ts';
import { type World, channel, findChannel, person } from '../world.ts';

interface InChannel {
  as: string;
  channel: string;
}

/** `members` are people, and "bot" for the app. */
export function addChannel(world: World, about: { name: string; private?: boolean; members?: string[]; creator?: string }): Channel {
  if (findChannel(world, about.name)) throw new Error(`There is a channel ${about.name} already.`);
  const members = (about.members ?? []).map((who) => (who === 'bot' ? world.state.app.botUserId : person(world, who).id));
  const creator = about.creator ? person(world, about.creator).id : (members[0] ?? world.state.app.botUserId);
  const made = newChannel(world, { kind: about.private ? 'group' : 'channel', members, creator, name: about.name });
  if (!about.private) emit(world, { type: 'channel_created', channel: { id: made.id, name: made.name, created: made.created, creator } });
  return made;
}

export function join(world: World, { as, channel: where }: InChannel): void {
  joinIt(world, channel(world, where), person(world, as).id);
}

export function leave(world: World, { as, channel: where }: InChannel): void {
  leaveIt(world, channel(world, where), { user: person(world, as).id });
}

/** `user` may be "bot". */
export function invite(world: World, { as, channel: where, user }: InChannel & { user: string }): void {
  inviteTo(world, channel(world, where), { user: whom(world, user), inviter: person(world, as).id });
}

export function kick(world: World, { as, channel: where, user }: InChannel & { user: string }): void {
  leaveIt(world, channel(world, where), { user: whom(world, user), by: person(world, as).id });
}

export function archive(world: World, { as, channel: where }: InChannel): void {
  archiveIt(world, channel(world, where), person(world, as).id);
}

export function unarchive(world: World, { as, channel: where }: InChannel): void {
  unarchiveIt(world, channel(world, where), person(world, as).id);
}

export function rename(world: World, { as, channel: where, name }: InChannel & { name: string }): void {
  renameIt(world, channel(world, where), { name, user: person(world, as).id });
}

export function topic(world: World, { as, channel: where, text }: InChannel & { text: string }): void {
  setTopic(world, channel(world, where), { what: 'topic', value: text, user: person(world, as).id });
}

export function deleteChannel(world: World, { as, channel: where }: InChannel): void {
  removeChannel(world, channel(world, where), person(world, as).id);
}

function whom(world: World, user: string): string {
  return user === 'bot' ? world.state.app.botUserId : person(world, user).id;
}
