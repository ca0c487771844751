import { LANGUAGES } from '#i18n.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

const SUMMER = new Date('2026-07-01T12:00:00Z');
const WINTER = new Date('2026-01-01T12:00:00Z');

export const timeZone: Check = {
  name: 'time zones',
  run: async ({ settings: { TIKETTI_TIME_ZONE: zone } }) => {
    if (!zone) return skipped('see configuration');
    const isWhole = LANGUAGES.every((language) => Intl.DateTimeFormat.supportedLocalesOf(language).length > 0);
    // Known to change its clocks: a Node built without its data thinks everything is UTC.
    if (!isWhole || hourAt('Europe/Helsinki', SUMMER) === hourAt('Europe/Helsinki', WINTER))
      return wrong('this Node has no full time zone and language data', 'Run bin/tiketti, which brings a Node that has.');
    return ok(`${zone}, now ${new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(new Date())}`);
  },
};

function hourAt(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hour12: false }).format(at);
}
