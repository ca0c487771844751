/** Every event we take, and the bot scopes a subscription to it needs. The manifest is held against this. */
export const eventScopes: Record<string, string[]> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  user_change: ['users:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  channel_archive: ['channels:read'],
  group_archive: ['groups:read'],
  channel_left: ['channels:read'],
  group_left: ['groups:read'],
  tokens_revoked: [],
  app_uninstalled: [],
};
