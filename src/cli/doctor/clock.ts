import { clockOfSlack } from '#slack/slack-clock.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

const MAX_SKEW_SECONDS = 30;

export const clock: Check = {
  name: 'clock',
  run: async ({ settings: { SLACK_API_URL: apiUrl } }) => {
    const theirs = await clockOfSlack(apiUrl);
    if (!theirs) return skipped("Slack's time can't be had");
    const skew = Math.round((Date.now() - theirs.getTime()) / 1000);
    const words = `${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} Slack's`;
    return Math.abs(skew) > MAX_SKEW_SECONDS
      ? wrong(words, 'Let the system keep time (timedatectl set-ntp true): holds, signatures and SLAs go by this clock.')
      : ok(words);
  },
};
