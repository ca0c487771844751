import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Keys {
  must: string[];
  may: string[];
}

/** Keys only organisations with several workspaces, old apps or preview pictures have. */
const LEFT_OUT = /(^|\.)(enterprise_id|enterprise_name|authed_users|authed_teams|thumb_.*|original_[wh]|has_rich_preview)$/;
const DEPTH = 2;
const LOGS: Record<string, string> = {
  'event.message': 'events/MessagePayload.json',
  'event.message.bot_message': 'events/MessageBotPayload.json',
  'event.message.message_changed': 'events/MessageChangedPayload.json',
  'event.message.message_deleted': 'events/MessageDeletedPayload.json',
  'event.message.file_share': 'events/MessageFileSharePayload.json',
  'event.message.thread_broadcast': 'events/MessageThreadBroadcastPayload.json',
  'event.message.channel_join': 'events/MessageChannelJoinPayload.json',
  'event.app_mention': 'events/AppMentionPayload.json',
  'event.app_home_opened': 'events/AppHomeOpenedPayload.json',
  'event.reaction_added': 'events/ReactionAddedPayload.json',
  'event.reaction_removed': 'events/ReactionRemovedPayload.json',
  'event.member_joined_channel': 'events/MemberJoinedChannelPayload.json',
  'event.member_left_channel': 'events/MemberLeftChannelPayload.json',
  'event.channel_archive': 'events/ChannelArchivePayload.json',
  'event.channel_unarchive': 'events/ChannelUnarchivePayload.json',
  'event.channel_rename': 'events/ChannelRenamePayload.json',
  'event.user_change': 'events/UserChangePayload.json',
  'event.team_join': 'events/TeamJoinPayload.json',
  'event.app_uninstalled': 'events/AppUninstalledPayload.json',
  'event.tokens_revoked': 'events/TokensRevokedPayload.json',
  'event.link_shared': 'events/LinkSharedPayload.json',
  block_actions: 'app-backend/interactive-components/BlockActionPayload.json',
  message_action: 'app-backend/interactive-components/MessageShortcutPayload.json',
  slash_command: 'app-backend/slash-commands/SlashCommandPayload.json',
  view_submission: 'app-backend/views/ViewSubmissionPayload.json',
  view_closed: 'app-backend/views/ViewClosedPayload.json',
};

/** Which keys each kind of payload always has (samples agree) and may have (seen at least once). */
export function payloadFacts(folder: string): Record<string, Keys> {
  const samples = sampleKeys(folder);
  const kinds = [...new Set([...samples.keys(), ...Object.keys(LOGS)])].toSorted();
  return Object.fromEntries(
    kinds.map((kind) => {
      const seen = samples.get(kind) ?? [];
      const must =
        seen.length === 0 ? [] : [...seen.reduce((left, right) => left.intersection(right))].filter((key) => !LEFT_OUT.test(key));
      const logged = LOGS[kind] ? logKeys(join(folder, 'json-logs', LOGS[kind])) : new Set<string>();
      return [kind, { must: must.toSorted(), may: [...seen.reduce((left, right) => left.union(right), logged)].toSorted() }];
    }),
  );
}

function sampleKeys(folder: string): Map<string, Set<string>[]> {
  const found = new Map<string, Set<string>[]>();
  const bodies = readdirSync(join(folder, 'payloads'))
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => Object.values(JSON.parse(readFileSync(join(folder, 'payloads', name), 'utf8')) as Record<string, Json>));
  const envelopes = JSON.parse(readFileSync(join(folder, 'socket-mode/envelopes.json'), 'utf8')) as { type: string; payload: Json }[];
  for (const body of [...bodies, ...envelopes.map((envelope) => envelope.payload)]) {
    const kind = kindOf(body);
    if (kind) found.set(kind, [...(found.get(kind) ?? []), keysOf(body)]);
  }
  return found;
}

function kindOf(body: Json): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const event = body['event'];
  if (typeof event === 'object' && event !== null && !Array.isArray(event)) {
    return ['event', event['type'], event['subtype']].filter((part) => typeof part === 'string').join('.');
  }
  if (typeof body['command'] === 'string') return 'slash_command';
  return typeof body['type'] === 'string' ? body['type'] : undefined;
}

function logKeys(file: string): Set<string> {
  try {
    return keysOf(JSON.parse(readFileSync(file, 'utf8')) as Json);
  } catch (cause) {
    throw new Error(`${basename(file)} is missing from json-logs`, { cause });
  }
}

function keysOf(node: Json, prefix = '', depth = 0): Set<string> {
  if (typeof node !== 'object' || node === null || depth > DEPTH) return new Set();
  if (Array.isArray(node)) return new Set(node.flatMap((entry) => [...keysOf(entry, `${prefix}[]`, depth)]));
  return new Set(
    Object.entries(node).flatMap(([key, value]) => {
      const path = prefix ? `${prefix}.${key}` : key;
      return isOpenEnded(path) ? [path] : [path, ...keysOf(value, path, depth + 1)];
    }),
  );
}

/** Below these the keys are the app's or the person's own. */
function isOpenEnded(path: string): boolean {
  return /(^|\.)(blocks|values|attachments|elements|event_payload|files|user_profile|profile)$/.test(path);
}
