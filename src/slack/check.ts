import { LogLevel, WebAPIPlatformError, WebClient } from '@slack/web-api';
import { Failure } from '#failure.ts';
import { failureText, translator } from '#i18n.ts';
import { type Identity, whoAmI } from './identity.ts';
import { featureOf, manifestLine, missingScopes, type Scope } from './scopes.ts';
import { appTokenTrouble } from './socket.ts';

/** What an operator is told of one thing that was looked at. */
export interface Finding {
  level: 'ok' | 'warning' | 'problem';
  words: string;
}

export interface CheckedSlack {
  botToken: string;
  /** Socket Mode. */
  appToken?: string | undefined;
  apiUrl?: string | undefined;
  /** The workspace the database was made for, if it is known. */
  team?: string | null | undefined;
}

const CALL_TIMEOUT_MS = 20_000;
const english = translator('en');

/** Asks Slack whether the tokens are good for what we do with them. Needs no running house, and changes nothing. */
export async function checkSlack({ botToken, appToken, apiUrl, team }: CheckedSlack): Promise<Finding[]> {
  const options = {
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    // What went wrong is in the findings.
    logLevel: LogLevel.ERROR,
  };
  const findings = await checkBotToken(new WebClient(botToken, options), team ?? null);
  if (appToken) findings.push(await checkAppToken(new WebClient(appToken, options)));
  return findings;
}

async function checkBotToken(client: WebClient, team: string | null): Promise<Finding[]> {
  let identity: Identity;
  try {
    identity = await whoAmI(client);
  } catch (error) {
    if (error instanceof Failure) return [{ level: 'problem', words: failureText(english, error) }];
    throw error;
  }
  const here: Finding =
    team === null || team === identity.team_id
      ? { level: 'ok', words: `Slack takes SLACK_BOT_TOKEN, in the workspace ${identity.team_id}.` }
      : {
          level: 'problem',
          words: failureText(english, new Failure('slack.other_team', { known: team, team: identity.team_id })),
        };
  return [here, ...checkScopes(identity.scopes)];
}

function checkScopes(granted: string[] | null): Finding[] {
  if (granted === null) return [{ level: 'warning', words: 'Slack did not say which scopes SLACK_BOT_TOKEN has.' }];
  const missing = missingScopes(granted);
  if (missing.length === 0) return [{ level: 'ok', words: 'SLACK_BOT_TOKEN has every scope the manifest asks for.' }];
  return missing.map((scope) => ({ level: scope === 'chat:write' ? 'problem' : 'warning', words: missingWords(scope) }));
}

/** For operators; what people read is `slack:hint.scopes`. */
export function missingWords(scope: Scope): string {
  return `SLACK_BOT_TOKEN lacks the scope ${scope}: ${english(`slack:feature.${featureOf(scope)}`)} Add the line "${manifestLine(scope)}" under oauth_config → scopes → bot in the app's manifest, and reinstall the app.`;
}

async function checkAppToken(client: WebClient): Promise<Finding> {
  try {
    await client.apps.connections.open();
    return { level: 'ok', words: 'Slack takes SLACK_APP_TOKEN, and Socket Mode is on.' };
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : null;
    return { level: 'problem', words: code === null ? 'Slack can’t be asked for a connection.' : appTokenTrouble(code) };
  }
}
