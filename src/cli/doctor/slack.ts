import { checkSlack } from '#slack/check.ts';
import { type Check, ok, skipped, warning, wrong } from './check.ts';

export const slack: Check = {
  name: 'Slack',
  run: async ({ settings: { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } }) => {
    if (!botToken) return skipped('see configuration');
    const findings = await checkSlack({ botToken, appToken, apiUrl });
    const wordsOf = (level: 'problem' | 'warning') => findings.filter((one) => one.level === level).map(({ words }) => words);
    const [problems, warnings] = [wordsOf('problem'), wordsOf('warning')];
    if (problems.length > 0) return wrong(`${problems.length} things keep Slack from working`, [...problems, ...warnings].join(' '));
    if (warnings.length > 0) return warning(`${warnings.length} things will not work`, warnings.join(' '));
    return ok(findings.map(({ words }) => words).join(' '));
  },
};
