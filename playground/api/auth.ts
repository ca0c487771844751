import type { AppsConnectionsOpenResponse, AuthTestResponse, BotsInfoResponse, TeamInfoResponse } from '@slack/web-api';
import { refuse } from '../refusal.ts';
import { renderBotProfile } from '../render.ts';
import { type Call, type Method, type Result, text } from './call.ts';

export const authMethods: Record<string, Method> = {
  'api.test': (call) => ({ args: call.arguments }),
  'auth.test': authTest,
  'apps.connections.open': openConnection,
  'bots.info': botInfo,
  'team.info': teamInfo,
};

function authTest({ world }: Call): Result<AuthTestResponse> {
  const { team, app } = world.state;
  return {
    url: `${world.url}/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

function openConnection({ world }: Call): Result<AppsConnectionsOpenResponse> {
  if (!world.state.app.isSocketModeOn) refuse('forbidden_team');
  return { url: world.sockets.ticket() };
}

function botInfo(call: Call): Result<BotsInfoResponse> {
  const { app } = call.world.state;
  const id = text(call, 'bot') ?? app.botId;
  if (id !== app.botId) refuse('bot_not_found');
  const { team_id: _team, ...profile } = renderBotProfile(call.world);
  return { bot: profile };
}

function teamInfo({ world }: Call): Result<TeamInfoResponse> {
  const { team } = world.state;
  return {
    team: {
      id: team.id,
      name: team.name,
      url: `${world.url}/`,
      domain: team.domain,
      email_domain: '',
      icon: { image_default: true },
      is_verified: false,
    },
  };
}
