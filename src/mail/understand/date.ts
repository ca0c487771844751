const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONE_HOURS: Record<string, number> = {
  ut: 0,
  gmt: 0,
  utc: 0,
  z: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  bst: 1,
};
const MAX_DATE_LENGTH = 200;
const HOUR_MINUTES = 60;
const MINUTE_MILLISECONDS = 60_000;

/** ISO in UTC, or null. Reads RFC 5322 dates and what mailers make of them. */
export function parseMailDate(value: string): string | null {
  const text = value
    .slice(0, MAX_DATE_LENGTH)
    .replaceAll(/\([^)]*\)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return fromParts(text) ?? fromIso(text);
}

function fromParts(text: string): string | null {
  const day = /(?:^|[\s,])(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?[\s,-]+(\d{2,4})\b/.exec(text) ?? monthFirst(text);
  const time = /(?:^|[\sT])(\d{1,2})[:.](\d{2})(?:[:.](\d{1,2}))?(?:\.\d+)?\s*([AP]M)?/i.exec(text.slice(day ? day.index + 3 : 0));
  const month = MONTHS.indexOf((day?.[2] ?? '').slice(0, 3).toLowerCase());
  if (!day || month === -1) return null;
  const dayNumber = Number(day[1]);
  if (dayNumber < 1 || dayNumber > 31) return null;
  const hour = hourOf(Number(time?.[1] ?? 0), time?.[4]);
  const utc = Date.UTC(fullYear(Number(day[3])), month, dayNumber, hour, Number(time?.[2] ?? 0), Number(time?.[3] ?? 0));
  return toIso(utc - zoneMinutes(text) * MINUTE_MILLISECONDS);
}

/** `Mon May  1 10:00:00 2000`, as ctime writes it. */
function monthFirst(text: string): RegExpExecArray | null {
  const match = /\b([A-Za-z]{3,9})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(?:[\d:]+\s+)?(?:[A-Z]{1,5}\s+)?(\d{4})\b/.exec(text);
  if (!match) return null;
  return Object.assign(match, { 1: match[2], 2: match[1] });
}

function hourOf(hour: number, half: string | undefined): number {
  if (!half) return hour;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

function fullYear(year: number): number {
  if (year >= 1000) return year;
  if (year >= 100) return 1900 + year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function zoneMinutes(text: string): number {
  const numeric = /\s(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})\b/i.exec(text);
  if (numeric) return (numeric[1] === '-' ? -1 : 1) * (Number(numeric[2]) * HOUR_MINUTES + Number(numeric[3]));
  const named = /\s([A-Z]{1,5})(?:\s+\d{4})?$/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return (ZONE_HOURS[named] ?? 0) * HOUR_MINUTES;
}

function fromIso(text: string): string | null {
  const match = /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?/.exec(text);
  return match ? toIso(Date.parse(match[0].replace(' ', 'T').replace(' ', ''))) : null;
}

function toIso(milliseconds: number): string | null {
  const MAX_YEAR = 9999;
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > MAX_YEAR || date.getUTCFullYear() < 0) return null;
  return date.toISOString();
}
