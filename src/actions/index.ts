import { createModal } from '#modals/create-submit.ts';
import { fieldsModal } from '#modals/fields-edit.ts';
import { noteModal } from '#modals/note.ts';
import { homeModals } from '#modals/home.ts';
import { replyModal } from '#modals/reply.ts';
import { sideModal } from '#modals/side.ts';
import type { Action, Doors, EventDoor, Modal, Options, Shortcut } from '#slack/doors.ts';
import { cardActions } from './card.ts';
import { createFromButton, requesterChosen, requesterOptions } from './create.ts';
import { acceptToJoin, askToJoin } from './join.ts';
import { chooseTicket } from './direct-message.ts';
import { homeActions } from './home.ts';
import { homeOpened } from './home-opened.ts';
import { thenHome } from './home-again.ts';
import { lineActions } from './line.ts';
import { makeTicket, newTicket } from './make-ticket.ts';
import { messageDoor } from './message.ts';
import { reactionAdded, reactionRemoved } from './reaction.ts';
import { why } from './why.ts';
import {
  accessLost,
  channelArchived,
  channelBack,
  channelDeleted,
  channelLeft,
  joinedChannel,
  memberLeft,
  userChanged,
} from './workspace.ts';

/** Every event we take. `manifest.yml` is held against these keys. */
export const events: Record<string, EventDoor> = {
  message: messageDoor,
  // The mention stands in a message; both bring the same work, and the first to come does it.
  app_mention: messageDoor,
  app_home_opened: homeOpened,
  reaction_added: reactionAdded,
  reaction_removed: reactionRemoved,
  user_change: userChanged,
  channel_archive: channelArchived,
  group_archive: channelArchived,
  channel_left: channelLeft,
  group_left: channelLeft,
  channel_deleted: channelDeleted,
  group_deleted: channelDeleted,
  channel_unarchive: channelBack,
  group_unarchive: channelBack,
  member_joined_channel: joinedChannel,
  member_left_channel: memberLeft,
  tokens_revoked: accessLost,
  app_uninstalled: accessLost,
};

/** Some buttons stand on cards and in Home alike; clicked in Home, Home is shown anew at once. */
function inHome(act: Action | undefined): Action {
  return async (click) => (click.view?.callbackId === 'home' ? thenHome(async (one) => act?.(one))(click) : act?.(click));
}

export const actions: Record<string, Action> = {
  ...cardActions,
  'card.take': inHome(cardActions['card.take']),
  ...lineActions,
  ...homeActions,
  'create.requester': requesterChosen,
  'direct.choose': chooseTicket,
  'home.create': createFromButton,
  'join.ask': inHome(askToJoin),
  'join.accept': acceptToJoin,
};

export const options: Record<string, Options> = { 'create.requester': requesterOptions };

export const shortcuts: Record<string, Shortcut> = { 'ticket.make': makeTicket, 'ticket.new': newTicket, 'ticket.why': why };

const all: Modal[] = [createModal, replyModal, noteModal, sideModal, fieldsModal, ...homeModals];
export const modals: Doors['modals'] = Object.fromEntries(all.map((modal) => [modal.id, modal]));
