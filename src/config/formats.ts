import { z } from 'zod';

const MAX_PORT = 65_535;
const FIRST_ADDRESS = /^\s*(?:"?([^"<>]*?)"?\s*<)?([^\s<>@"]+@[^\s<>@"]+\.[^\s<>@"]+|[^\s<>@"]+@localhost)>?\s*$/;

export const address = z
  .string()
  .regex(FIRST_ADDRESS, 'must be an address such as "Support <support@example.com>".')
  .transform((text) => {
    const [, name, email] = FIRST_ADDRESS.exec(text) ?? [];
    return { name: name?.trim() || (email ?? '').split('@')[0] || '', address: (email ?? '').toLowerCase() };
  });

export const listen = z
  .string()
  .regex(/^(off|(lmtp:)?[\w.:[\]-]+:\d{1,5})$/, 'must be "127.0.0.1:2525" for SMTP or "lmtp:127.0.0.1:2424" for LMTP.')
  .refine((text) => text === 'off' || Number(/\d+$/.exec(text)?.[0]) <= MAX_PORT, `must have a port of at most ${MAX_PORT}.`)
  .transform((text) => {
    if (text === 'off') return null;
    const isLmtp = text.startsWith('lmtp:');
    const place = isLmtp ? text.slice(5) : text;
    const colon = place.lastIndexOf(':');
    return { isLmtp, host: place.slice(0, colon), port: Number(place.slice(colon + 1)) };
  });

export const timeZone = z.string().refine((zone) => isTimeZone(zone), 'must be an IANA time zone such as "Europe/Helsinki".');

export function isSmtpUrl(text: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return /^smtps?:$/.test(protocol) && hostname !== '';
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
