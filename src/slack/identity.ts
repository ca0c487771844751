import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { Failure } from '#failure.ts';

/** Who the bot token is, where, and what it may do. */
export interface Identity {
  team_id: string;
  user_id: string;
  bot_id: string;
  /** Null when Slack did not say. */
  scopes: string[] | null;
}

const TOKEN_FAULTS = new Set([
  'account_inactive',
  'invalid_auth',
  'not_allowed_token_type',
  'not_authed',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'user_removed_from_team',
]);

/** Throws Failure for a bad token, and for a Slack that can't be asked. */
export async function whoAmI(client: WebClient): Promise<Identity> {
  try {
    const answer = await client.auth.test();
    const scopes = answer.response_metadata?.scopes;
    return {
      team_id: String(answer.team_id),
      user_id: String(answer.user_id),
      bot_id: String(answer.bot_id),
      scopes: scopes ? scopes.filter(Boolean) : null,
    };
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : null;
    if (code !== null && TOKEN_FAULTS.has(code)) throw new Failure('slack.token', { code });
    throw new Failure('slack.unreachable', { url: client.slackApiUrl, cause: code ?? innermost(error) });
  }
}

const MAX_CAUSES = 8;

/** What is under "fetch failed": the refused connection, the unknown host, the certificate. */
function innermost(error: unknown): string {
  let deepest = error;
  for (let depth = 0; depth < MAX_CAUSES && deepest instanceof Error && deepest.cause; depth += 1) deepest = deepest.cause;
  return deepest instanceof Error ? deepest.message || deepest.name : String(deepest);
}
