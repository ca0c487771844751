import { nameInPayload } from './render-channel.ts';
import type { Channel, JsonObject, Person } from './state.ts';
import type { World } from './world.ts';

/** What every interaction payload begins with. */
export function interactionBase(world: World, type: string, by: Person): JsonObject {
  const { team, app } = world.state;
  const isShortcut = type === 'shortcut' || type === 'message_action';
  return {
    type,
    team: { id: team.id, domain: team.domain },
    user: {
      id: by.id,
      ...(type === 'message_action' ? {} : { username: by.name }),
      ...(type === 'shortcut' ? {} : { name: by.name }),
      team_id: by.teamId,
    },
    ...(isShortcut ? {} : { api_app_id: app.id }),
    token: 'verification-token',
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function channelInPayload(channel: Channel): JsonObject {
  return { id: channel.id, name: nameInPayload(channel) };
}
