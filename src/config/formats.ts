import { z } from 'zod';

/** `offered`: encrypted where the server offers it, otherwise not. */
type MailSecurity = 'tls' | 'starttls' | 'offered' | 'none';

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

export interface MailServer {
  host: string;
  port: number;
  security: MailSecurity;
  userName: string;
  password: string;
  folder: string | null;
}

const PORTS: Record<string, number> = { 'imaps:': 993, 'imap:': 143, 'smtps:': 465, 'smtp:': 587 };

/** `imaps://user:pass@host/INBOX`, `smtp://host:25`: without the s STARTTLS is used where it is offered, but not on the loopback. */
export function mailServer(protocol: 'imap' | 'smtp') {
  const example = protocol === 'imap' ? 'imaps://user:password@mail.example.com/INBOX' : 'smtps://user:password@mail.example.com';
  const plain = protocol === 'imap' ? 'imap://127.0.0.1:143' : 'smtp://127.0.0.1:25';
  const words = `must look like "${example}" or "${plain}", with @ : / % in a password as %40 %3A %2F %25.`;
  return z.string(`is missing. Example: "${example}".`).transform((text, context): MailServer => {
    const server = readServer(text, protocol);
    if (server) return server;
    context.addIssue(words);
    return z.NEVER;
  });
}

function readServer(text: string, wanted: 'imap' | 'smtp'): MailServer | null {
  try {
    const { protocol, hostname, port, username, password, pathname } = new URL(text);
    if (!protocol.startsWith(wanted) || !(protocol in PORTS) || hostname === '') return null;
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (PORTS[protocol] ?? 0) : Number(port),
      security: protocol.endsWith('s:') ? 'tls' : isLoopback(hostname) ? 'none' : 'offered',
      userName: decodeURIComponent(username),
      password: decodeURIComponent(password),
      folder: decodeURIComponent(pathname.slice(1)) || null,
    };
  } catch {
    return null;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

/** Names as they stand in Authentication-Results; `*.` before a name means every name under it. */
export const authservIds = z
  .string()
  .regex(/^(?:\*\.)?[\w.-]+(?:[\s,]+(?:\*\.)?[\w.-]+)*$/, 'must be names of mail servers separated by commas, e.g. "mx.example.com".')
  .transform((text) => text.toLowerCase().split(/[\s,]+/));

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
