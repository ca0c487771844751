import type { View } from '@slack/types';
import type { Translate } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Person } from '#tickets/people.ts';
import type { Message, Slack } from './slack.ts';
import type { SlackUser } from './users.ts';

/** Who is at the door, and what they may read it in. */
export interface Caller {
  desk: Desk;
  slack: Slack;
  person: Person;
  user: SlackUser;
  /** In the caller's own language. */
  t: Translate;
}

export type Told = (message: Message | void) => Promise<unknown> | undefined;
/** Finds who it is, does the work for them, and tells what went wrong. */
export type Guard = (userId: string, work: (caller: Caller) => Promise<unknown>, tell?: Told) => Promise<void>;

/** `/ticket verb rest`. What it returns is told to the caller alone. */
export interface Subcommand {
  /** The English verb; others are in the locales under `commands:verb.<verb>`. */
  verb: string;
  run(caller: Caller & Typed): Promise<Message | void>;
}

export interface Typed {
  text: string;
  channel: string;
  triggerId: string;
  /** Where an answer for the caller alone may go for half an hour, also in a channel we are not in. */
  responseUrl: string;
}

/** A click on something of ours. */
export interface Clicked {
  actionId: string;
  /** The button's value, the chosen option's, or the selected id. */
  value: string;
  triggerId: string;
  /** Where the message stands; null for clicks in a view. */
  place: { channel: string; ts: string; threadTs: string | null } | null;
  view: { id: string; hash: string; callbackId: string; metadata: string; state: unknown } | null;
  /** Says something to the clicker alone. */
  whisper(message: Message): Promise<void>;
}

export type Action = (click: Caller & Clicked) => Promise<void>;

/** `errors` by block id, a view to show instead, or nothing: the modal closes. `after` begins once the view is shown. */
export type Submitted = { errors: Record<string, string> } | { update: View; after?: () => Promise<void> } | { clear: true } | void;

export interface Submission {
  viewId: string;
  metadata: string;
  state: unknown;
  triggerId: string;
}

export interface Modal {
  id: string;
  /** Which field a refusal is about, by the Failure's key. */
  fields?: Record<string, string>;
  submit(caller: Caller & Submission): Promise<Submitted>;
}

export interface Option {
  text: { type: 'plain_text'; text: string; emoji?: boolean };
  value: string;
}
export type Options = (caller: Caller & { query: string; view: Clicked['view'] }) => Promise<Option[]>;

export interface Shortcut {
  type: 'message' | 'global';
  run(caller: Caller & Shortcutted): Promise<void>;
}

export interface Shortcutted {
  triggerId: string;
  /** Of a message shortcut. */
  responseUrl: string | null;
  message: {
    channel: string;
    ts: string;
    threadTs: string | null;
    userId: string | null;
    text: string;
    blocks: unknown;
    files: unknown;
  } | null;
  whisper(message: Message): Promise<void>;
}

/** An event, from its inbox row. It may come twice and late. */
export type EventDoor = (desk: Desk, slack: Slack, event: Record<string, unknown>, receivedAt: Date) => Promise<void>;

/** Every way into the house from Slack, handed over by `main`. */
export interface Doors {
  commands: Record<string, (caller: Caller & Typed) => Promise<Message | void>>;
  /** Opens at once, before anything is looked up: `/ticket create`. True when it did. */
  instant(desk: Desk, slack: Slack, typed: Typed & { userId: string; command: string }): Promise<boolean>;
  actions: Record<string, Action>;
  options: Record<string, Options>;
  modals: Record<string, Modal>;
  shortcuts: Record<string, Shortcut>;
  events: Record<string, EventDoor>;
}
