import type { Bus } from './bus.ts';
import type { Clock, Timers } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Manifest } from './manifest.ts';
import type { Rates } from './rates.ts';
import type { Recorder } from './record.ts';
import type { Sockets } from './socket.ts';
import type { Channel, Message, Person, State } from './state.ts';
import type { Webhook } from './webhook.ts';

/** Everything the parts of the playground share. */
export interface World {
  state: State;
  clock: Clock;
  timers: Timers;
  bus: Bus;
  manifest: Manifest;
  recorder: Recorder;
  faults: Faults;
  rates: Rates;
  sockets: Sockets;
  bytes: Map<string, Uint8Array>;
  /** http://127.0.0.1:PORT, known once the server listens. */
  url: string;
  isStrict: boolean;
  /** Real time an ack has at least, however the clock jumps. */
  ackGraceMilliseconds: number;
  /** Set in HTTP mode. */
  webhook: Webhook | null;
  botToken: string;
  appToken: string;
}

export function now(world: World): number {
  return world.clock.now().getTime();
}

export function nowSeconds(world: World): number {
  return Math.floor(now(world) / 1_000);
}

/** By id, handle, "@handle" or mail address. */
export function findPerson(world: World, reference: string): Person | undefined {
  const wanted = reference.replace(/^@/, '').toLowerCase();
  const everyone = Object.values(world.state.people);
  return (
    world.state.people[reference] ??
    everyone.find((person) => person.name.toLowerCase() === wanted || person.email.toLowerCase() === wanted)
  );
}

export function person(world: World, reference: string): Person {
  const found = findPerson(world, reference);
  if (!found) throw new Error(`There is no person ${reference} in the playground. Add one with addPerson().`);
  return found;
}

/** By id, name or "#name". */
export function findChannel(world: World, reference: string): Channel | undefined {
  const wanted = reference.replace(/^#/, '');
  return (
    world.state.channels[reference] ?? Object.values(world.state.channels).find((channel) => channel.name !== '' && channel.name === wanted)
  );
}

export function channel(world: World, reference: string): Channel {
  const found = findChannel(world, reference);
  if (!found) throw new Error(`There is no channel ${reference} in the playground. Add one with addChannel().`);
  return found;
}

export function bot(world: World): Person {
  return person(world, world.state.app.botUserId);
}

export function messagesOf(world: World, channelId: string): Message[] {
  return (world.state.messages[channelId] ??= []);
}

export function findMessage(world: World, channelId: string, ts: string): Message | undefined {
  return messagesOf(world, channelId).find((message) => message.ts === ts);
}

export function repliesOf(world: World, channelId: string, threadTs: string): Message[] {
  return messagesOf(world, channelId).filter((message) => message.thread_ts === threadTs && message.ts !== threadTs);
}

export function isMember(channel: Channel, userId: string): boolean {
  return channel.members.includes(userId);
}

/** Shared with another company over Slack Connect. */
export function isExternal(world: World, channel: Channel): boolean {
  return channel.members.some((id) => world.state.people[id]?.isStranger);
}

export function hasBot(world: World, channel: Channel): boolean {
  return isMember(channel, world.state.app.botUserId);
}
