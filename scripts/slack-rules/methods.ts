import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Described {
  args: Record<string, { required?: boolean; type?: string }>;
  errors: Record<string, string>;
  rate_limit?: { label?: string };
  scopes: { bot?: { name: string }[] };
}

const METHODS = [
  'auth.test',
  'apps.connections.open',
  'bots.info',
  'chat.delete',
  'chat.getPermalink',
  'chat.postEphemeral',
  'chat.postMessage',
  'chat.update',
  'chat.unfurl',
  'conversations.archive',
  'conversations.create',
  'conversations.history',
  'conversations.info',
  'conversations.invite',
  'conversations.join',
  'conversations.leave',
  'conversations.list',
  'conversations.members',
  'conversations.open',
  'conversations.replies',
  'conversations.setTopic',
  'conversations.setPurpose',
  'files.completeUploadExternal',
  'files.delete',
  'files.getUploadURLExternal',
  'files.info',
  'reactions.add',
  'reactions.get',
  'reactions.remove',
  'team.info',
  'usergroups.list',
  'usergroups.users.list',
  'users.conversations',
  'users.info',
  'users.list',
  'users.lookupByEmail',
  'views.open',
  'views.publish',
  'views.push',
  'views.update',
];

export function methodFacts(folder: string): object {
  const common = JSON.parse(readFileSync(join(folder, '_common_errors.json'), 'utf8')) as Record<string, string>;
  const methods = Object.fromEntries(METHODS.map((name) => [name, facts(folder, name)]));
  return { common: Object.keys(common).toSorted(), methods };
}

function facts(folder: string, name: string): object {
  const described = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Described;
  return {
    arguments: Object.fromEntries(
      Object.entries(described.args).map(([argument, { required, type }]) => [
        argument,
        { required: required === true, type: type ?? null },
      ]),
    ),
    scopes: (described.scopes.bot ?? []).map((scope) => scope.name),
    tier: tier(described.rate_limit?.label ?? ''),
    errors: Object.keys(described.errors).toSorted(),
  };
}

function tier(label: string): number | 'special' {
  const found = /^Tier (\d)/.exec(label)?.[1];
  return found ? Number(found) : 'special';
}
