const DAY_MILLISECONDS = 86_400_000;
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** A Slack date token's format, filled in the reader's language and zone. */
export function formatDate(seconds, format, reader, now = new Date()) {
  const at = new Date(seconds * 1_000);
  return format.replaceAll(/\{(\w+)\}/g, (whole, name) => piece(name, at, { ...reader, now }) ?? whole);
}

function piece(name, at, reader) {
  const plain = name.replace(/_pretty$/, '');
  if (plain !== name) return near(at, reader) ?? piece(plain, at, reader);
  switch (name) {
    case 'date_num':
      return dayKey(at, reader.tz);
    case 'date':
      return show(at, reader, { year: 'numeric', month: 'long', day: 'numeric' });
    case 'date_short':
      return show(at, reader, { year: 'numeric', month: 'short', day: 'numeric' });
    case 'date_long':
      return show(at, reader, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
    case 'time':
      return show(at, reader, { hour: 'numeric', minute: '2-digit' });
    case 'time_secs':
      return show(at, reader, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
    case 'ago':
      return ago(at, reader);
    default:
      return undefined;
  }
}

function show(at, { locale, tz }, parts) {
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: tz }).format(at);
}

/** Yesterday, today or tomorrow, where it is one of them. */
function near(at, { locale, tz, now }) {
  const offset = [-1, 0, 1].find((days) => dayKey(new Date(now.getTime() + days * DAY_MILLISECONDS), tz) === dayKey(at, tz));
  return offset === undefined ? undefined : new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(offset, 'day');
}

function ago(at, { locale, now }) {
  const seconds = (at.getTime() - now.getTime()) / 1_000;
  const [size, unit] = [
    [DAY_SECONDS, 'day'],
    [HOUR_SECONDS, 'hour'],
    [MINUTE_SECONDS, 'minute'],
    [1, 'second'],
  ].find(([size]) => Math.abs(seconds) >= size) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** 2026-11-23, in the reader's zone. */
export function dayKey(at, tz) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: tz }).format(at);
}

export function timeOf(ts, reader) {
  return show(new Date(Number(ts) * 1_000), reader, { hour: 'numeric', minute: '2-digit' });
}

export function dayOf(ts, reader, now = new Date()) {
  const at = new Date(Number(ts) * 1_000);
  const words = near(at, { ...reader, now });
  return words
    ? words[0].toLocaleUpperCase(reader.locale) + words.slice(1)
    : show(at, reader, { weekday: 'long', month: 'long', day: 'numeric' });
}

/** For a mail: the time today, else the day. */
export function briefTime(iso, reader, now = new Date()) {
  const at = new Date(iso);
  const isToday = dayKey(at, reader.tz) === dayKey(now, reader.tz);
  return show(at, reader, isToday ? { hour: 'numeric', minute: '2-digit' } : { month: 'short', day: 'numeric' });
}

export function fullTime(at, reader) {
  return show(at, reader, { dateStyle: 'full', timeStyle: 'medium' });
}
