import type { Translate } from '#i18n.ts';

/** Where most readers of a language live: their clocks need no name. */
const USUAL_ZONES: Record<string, string[]> = {
  fi: ['Europe/Helsinki', 'Europe/Mariehamn'],
  sv: ['Europe/Stockholm'],
  ru: ['Europe/Moscow'],
};

/** How a language speaks of other clocks: "Finland Time" does in English, a place in Finnish would be a form field. */
const ZONE_NAMES: Record<string, 'shortGeneric'> = { en: 'shortGeneric', ru: 'shortGeneric' };

/** In the desk's zone. Customers may live in another one: it is named where the reader would not take it for granted. */
export function moment(at: string, { language, timeZone }: { language: string; timeZone: string }, t: Translate): string {
  const format = new Intl.DateTimeFormat(language, {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
  const date = format.format(new Date(at));
  const code = language.split('-')[0] ?? '';
  if (USUAL_ZONES[code]?.includes(timeZone)) return date;
  return t('mail:quote.date', { date, zone: zoneName(at, language, { timeZone, timeZoneName: ZONE_NAMES[code] ?? 'longGeneric' }) });
}

function zoneName(at: string, language: string, options: Intl.DateTimeFormatOptions): string {
  const parts = new Intl.DateTimeFormat(language, options).formatToParts(new Date(at));
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
