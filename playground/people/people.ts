import type { World } from '../world.ts';
import { command, messageShortcut, openHome, shortcut } from './acts.ts';
import { click, options } from './clicks.ts';
import { closeView, home, submitView, typeInto, views } from './modals.ts';
import { deleteMessage, edit, ephemerals, markRead, post, react, readMessages, removeFile, unreact, unread } from './posts.ts';
import { addChannel, archive, deleteChannel, invite, join, kick, leave, rename, topic, unarchive } from './rooms.ts';
import { addCrowd, addPerson, addUserGroup, changePerson } from './who.ts';

const ACTS = {
  addPerson,
  addCrowd,
  changePerson,
  addUserGroup,
  addChannel,
  join,
  leave,
  invite,
  kick,
  archive,
  unarchive,
  rename,
  topic,
  deleteChannel,
  post,
  edit,
  deleteMessage,
  removeFile,
  react,
  unreact,
  readMessages,
  ephemerals,
  markRead,
  unread,
  command,
  shortcut,
  messageShortcut,
  openHome,
  click,
  options,
  views,
  home,
  typeInto,
  /** The same, as pages call it. */
  fill: typeInto,
  submitView,
  closeView,
};

type Acts = typeof ACTS;
type WithoutWorld<F> = F extends (world: World, ...rest: infer Rest) => infer Answer ? (...rest: Rest) => Answer : never;

/** Everything the people of the workspace can do. */
export type People = { [Name in keyof Acts]: WithoutWorld<Acts[Name]> };

export function createPeople(world: World): People {
  const bound = Object.entries(ACTS).map(([name, act]) => [
    name,
    (...rest: unknown[]) => (act as (...all: unknown[]) => unknown)(world, ...rest),
  ]);
  return Object.fromEntries(bound) as People;
}

export const actNames = Object.keys(ACTS) as (keyof Acts)[];
