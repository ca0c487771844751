/** Blocks, attachments and metadata are kept as the app sent them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Person {
  id: string;
  name: string;
  realName: string;
  displayName: string;
  email: string;
  locale: string;
  tz: string;
  isAdmin: boolean;
  isOwner: boolean;
  isGuest: boolean;
  isBot: boolean;
  isStranger: boolean;
  isDeleted: boolean;
  teamId: string;
  botId: string | null;
  updated: number;
}

export type ChannelKind = 'channel' | 'group' | 'im' | 'mpim';

export interface Channel {
  id: string;
  name: string;
  kind: ChannelKind;
  members: string[];
  creator: string;
  created: number;
  isGeneral: boolean;
  isArchived: boolean;
  topic: string;
  purpose: string;
  previousNames: string[];
  lastRead: Record<string, string>;
}

export interface Reaction {
  name: string;
  users: string[];
}

export interface Message {
  type: 'message';
  subtype?: string;
  ts: string;
  user?: string;
  text: string;
  team?: string;
  blocks?: JsonObject[];
  attachments?: JsonObject[];
  client_msg_id?: string;
  bot_id?: string;
  app_id?: string;
  username?: string;
  icons?: JsonObject;
  thread_ts?: string;
  parent_user_id?: string;
  edited?: { user: string; ts: string };
  fileIds?: string[];
  reactions?: Reaction[];
  metadata?: { event_type: string; event_payload: JsonObject };
  inviter?: string;
  topic?: string;
  purpose?: string;
  name?: string;
  old_name?: string;
}

export interface Ephemeral {
  user: string;
  channel: string;
  ts: string;
  text: string;
  blocks: JsonObject[];
  threadTs: string | null;
}

/** What the person has typed or picked, by block and action. */
export type Typed = Record<string, Record<string, JsonObject>>;

export interface ViewRecord {
  id: string;
  type: 'modal' | 'home';
  userId: string;
  callbackId: string;
  externalId: string;
  privateMetadata: string;
  title: JsonObject;
  submit: JsonObject | null;
  close: JsonObject | null;
  blocks: JsonObject[];
  clearOnClose: boolean;
  notifyOnClose: boolean;
  submitDisabled: boolean;
  hash: string;
  rootViewId: string;
  previousViewId: string | null;
  typed: Typed;
  errors: Record<string, string>;
  /** Where the person was when the view opened, for default_to_current_conversation. */
  channelId: string | null;
  openedBy: string | null;
}

export interface FileRecord {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  filetype: string;
  size: number;
  user: string;
  created: number;
  altText: string | null;
  isShared: boolean;
  isDeleted: boolean;
  /** Where it lies, when Slack only points at it. */
  externalUrl?: string;
  shares: { channel: string; ts: string }[];
}

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export interface Trigger {
  id: string;
  user: string;
  issuedAt: number;
  isUsed: boolean;
  viewId: string | null;
  channelId: string | null;
}

export interface ResponseUrl {
  token: string;
  user: string;
  channel: string;
  messageTs: string | null;
  isEphemeral: boolean;
  issuedAt: number;
  uses: number;
}

export interface State {
  team: { id: string; name: string; domain: string };
  app: { id: string; name: string; botUserId: string; botId: string; isInstalled: boolean; isSocketModeOn: boolean };
  people: Record<string, Person>;
  channels: Record<string, Channel>;
  messages: Record<string, Message[]>;
  ephemerals: Ephemeral[];
  views: Record<string, ViewRecord>;
  stacks: Record<string, string[]>;
  homes: Record<string, string>;
  files: Record<string, FileRecord>;
  userGroups: Record<string, UserGroup>;
  triggers: Record<string, Trigger>;
  responseUrls: Record<string, ResponseUrl>;
  counters: { id: number; micros: number };
}

export function emptyState(teamName: string): State {
  return {
    team: { id: 'T0PLAYGROUND', name: teamName, domain: teamName.toLowerCase().replace(/[^a-z0-9]+/g, '-') },
    app: { id: 'A0PLAYGROUND', name: 'app', botUserId: 'U0APPBOT', botId: 'B0APPBOT', isInstalled: true, isSocketModeOn: true },
    people: {},
    channels: {},
    messages: {},
    ephemerals: [],
    views: {},
    stacks: {},
    homes: {},
    files: {},
    userGroups: {},
    triggers: {},
    responseUrls: {},
    counters: { id: 0, micros: 0 },
  };
}
