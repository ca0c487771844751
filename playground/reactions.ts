import { canonicalName, isEmojiName } from './emoji.ts';
import { emitIn } from './events.ts';
import { refuse } from './refusal.ts';
import type { Channel, Message } from './state.ts';
import type { World } from './world.ts';

const MAX_EMOJI_ON_A_MESSAGE = 50;
const MAX_REACTIONS_OF_A_PERSON = 23;

export interface ReactionChange {
  channel: Channel;
  message: Message;
  user: string;
  name: string;
}

export function addReaction(world: World, change: ReactionChange): void {
  if (!isEmojiName(bare(change.name))) refuse('invalid_name');
  const name = canonicalName(bare(change.name));
  const reactions = (change.message.reactions ??= []);
  const existing = reactions.find((reaction) => reaction.name === name);
  if (existing?.users.includes(change.user)) refuse('already_reacted');
  if (!existing && reactions.length >= MAX_EMOJI_ON_A_MESSAGE) refuse('too_many_emoji');
  if (reactions.filter((reaction) => reaction.users.includes(change.user)).length >= MAX_REACTIONS_OF_A_PERSON)
    refuse('too_many_reactions');
  if (existing) existing.users.push(change.user);
  else reactions.push({ name, users: [change.user] });
  tell(world, 'reaction_added', { ...change, name });
}

export function removeReaction(world: World, change: ReactionChange): void {
  const name = canonicalName(bare(change.name));
  const reactions = change.message.reactions ?? [];
  const existing = reactions.find((reaction) => reaction.name === name);
  if (!existing?.users.includes(change.user)) return refuse('no_reaction');
  existing.users = existing.users.filter((user) => user !== change.user);
  const left = reactions.filter((reaction) => reaction.users.length > 0);
  if (left.length > 0) change.message.reactions = left;
  else delete change.message.reactions;
  tell(world, 'reaction_removed', { ...change, name });
}

function tell(world: World, type: string, { channel, message, user, name }: ReactionChange): void {
  world.bus.changed(type, { channel: channel.id, ts: message.ts, name, user });
  emitIn(world, channel, {
    type,
    user,
    reaction: name,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    item_user: message.user ?? message.bot_id ?? '',
  });
}

function bare(name: string): string {
  return name.replace(/^:/, '').replace(/:$/, '');
}
