import type { UsergroupsListResponse, UsergroupsUsersListResponse } from '@slack/web-api';
import { refuse } from '../refusal.ts';
import type { UserGroup } from '../state.ts';
import { type Call, type Method, type Result, flag, requiredText } from './call.ts';

export const userGroupMethods: Record<string, Method> = { 'usergroups.list': list, 'usergroups.users.list': users };

function list(call: Call): Result<UsergroupsListResponse> {
  const groups = Object.values(call.world.state.userGroups);
  return { usergroups: groups.map((group) => shown(call, group)) };
}

function users(call: Call): Result<UsergroupsUsersListResponse> {
  const group = call.world.state.userGroups[requiredText(call, 'usergroup')] ?? refuse('no_such_subteam');
  return { users: [...group.users] };
}

function shown(call: Call, group: UserGroup): NonNullable<UsergroupsListResponse['usergroups']>[number] {
  return {
    id: group.id,
    team_id: call.world.state.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 0,
    date_update: 0,
    date_delete: 0,
    prefs: { channels: [], groups: [] },
    ...(flag(call, 'include_users') ? { users: [...group.users] } : {}),
    ...(flag(call, 'include_count') ? { user_count: group.users.length } : {}),
  };
}
