import { emit } from '../events.ts';
import { newId } from '../ids.ts';
import { renderPerson } from '../render.ts';
import type { Person, UserGroup } from '../state.ts';
import { type World, nowSeconds, person as byReference } from '../world.ts';

export interface NewPerson {
  name: string;
  realName?: string;
  displayName?: string;
  email?: string;
  /** "fi-FI"; "en-US" if not given. */
  locale?: string;
  tz?: string;
  isAdmin?: boolean;
  isOwner?: boolean;
  isGuest?: boolean;
  isBot?: boolean;
  /** From another company's workspace, met over Slack Connect. */
  isStranger?: boolean;
  id?: string;
}

export function addPerson(world: World, about: NewPerson): Person {
  if (Object.values(world.state.people).some((other) => other.name === about.name))
    throw new Error(`There is a person ${about.name} already.`);
  const person: Person = {
    id: about.id ?? newId(world.state, 'U'),
    name: about.name,
    realName: about.realName ?? about.name,
    displayName: about.displayName ?? about.name,
    email: about.email ?? (about.isBot ? '' : `${about.name}@example.com`),
    locale: about.locale ?? 'en-US',
    tz: about.tz ?? 'Europe/Helsinki',
    isAdmin: about.isAdmin ?? false,
    isOwner: about.isOwner ?? false,
    isGuest: about.isGuest ?? false,
    isBot: about.isBot ?? false,
    isStranger: about.isStranger ?? false,
    isDeleted: false,
    teamId: about.isStranger ? 'T0ELSEWHERE' : world.state.team.id,
    botId: about.isBot ? newId(world.state, 'B') : null,
    updated: nowSeconds(world),
  };
  world.state.people[person.id] = person;
  world.bus.changed('person', { person: person.id });
  emit(world, { type: 'team_join', user: renderPerson(world, person, { email: true, locale: true }) });
  return person;
}

/** So many people nobody knows, named crowd1, crowd2, …; they were always there, so the app hears of none. */
export function addCrowd(world: World, count: number): void {
  for (let number = 1; number <= count; number += 1) {
    const name = `crowd${number}`;
    const id = newId(world.state, 'U');
    world.state.people[id] = {
      id,
      name,
      realName: `Crowd ${number}`,
      displayName: name,
      email: `${name}@example.com`,
      locale: 'en-US',
      tz: 'Europe/Helsinki',
      isAdmin: false,
      isOwner: false,
      isGuest: false,
      isBot: false,
      isStranger: false,
      isDeleted: false,
      teamId: world.state.team.id,
      botId: null,
      updated: nowSeconds(world),
    };
  }
  world.bus.changed('person', { count });
}

/** Changes what others see of a person; deactivates with `isDeleted`. */
export function changePerson(world: World, change: { person: string } & Partial<Omit<Person, 'id'>>): Person {
  const { person: reference, ...to } = change;
  const person = byReference(world, reference);
  Object.assign(person, to, { updated: nowSeconds(world) });
  world.bus.changed('person', { person: person.id });
  emit(world, { type: 'user_change', user: renderPerson(world, person, { email: true, locale: true }), cache_ts: nowSeconds(world) });
  return person;
}

export function addUserGroup(world: World, about: { handle: string; name?: string; users: string[] }): UserGroup {
  const group = {
    id: newId(world.state, 'S'),
    handle: about.handle,
    name: about.name ?? about.handle,
    users: about.users.map((who) => byReference(world, who).id),
  };
  world.state.userGroups[group.id] = group;
  world.bus.changed('user_group', { userGroup: group.id });
  return group;
}
