import { translator } from '#i18n.ts';
import type { Desk } from '#tickets/desk.ts';
import { missingWords } from './check.ts';
import { featureOf, manifestLine, missingScopes } from './scopes.ts';
import type { Slack } from './slack.ts';
import { adminUsers, tell } from './tell.ts';
import { slackUser } from './users.ts';

/** What the workspace did not grant is said in the log at every start, and once to each admin, in their own language. */
export async function tellMissingScopes(desk: Desk, slack: Slack, granted: string[] | null): Promise<void> {
  if (granted === null) return;
  const missing = missingScopes(granted);
  for (const scope of missing) desk.log.warn({ scope }, missingWords(scope));
  // Without these nobody can be found or written to.
  if (missing.length === 0 || ['chat:write', 'im:write', 'users:read'].some((scope) => !granted.includes(scope))) return;
  for (const userId of await adminUsers(desk)) {
    const t = translator((await slackUser(desk, slack, userId)).locale);
    const lines = missing.map((scope) => `\`${manifestLine(scope)}\` – ${t(`slack:feature.${featureOf(scope)}`)}`).join('\n');
    await tell(desk, slack, { key: `scopes:${missing.join(',')}`, userId, ticketId: null, text: 'slack:hint.scopes', params: { lines } });
  }
}
