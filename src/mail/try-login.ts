import type { ImapFlow } from 'imapflow';
import { SECOND } from '#clock.ts';
import type { Desk } from '#tickets/desk.ts';
import type { Mailbox } from '#tickets/mailboxes.ts';
import type { Trouble } from '#tickets/mailbox-trouble.ts';
import { connectImap } from './imap.ts';
import { imapLogin, smtpLogin } from './login.ts';
import { createSender } from './send.ts';
import { troubleOf } from './trouble.ts';
import { serverNamedIn } from './understand/authentication.ts';
import { readHeaders } from './understand/header.ts';

/** What a try at reading found; null figures are those the server does not tell. */
export interface Read {
  folders: number;
  /** Waits at the server for new mail, instead of asking now and then. */
  hasIdle: boolean;
  mails: number;
  /** Of the room there is, in percent. */
  percentFull: number | null;
  /** Under which name its server says of the newest mail whether it is genuine. */
  authservId: string | null;
}

/** Null where nothing is to be tried. */
export interface Tried {
  imap: { ok: Read } | { trouble: Trouble } | null;
  smtp: { ok: true } | { trouble: Trouble } | null;
}

const LIMIT_MS = 20 * SECOND;

/** Logs in for reading and for sending, side by side, and changes nothing anywhere. */
export async function tryLogin(desk: Desk, mailbox: Mailbox, limitMs = LIMIT_MS): Promise<Tried> {
  const [imap, smtp] = await Promise.all([tryImap(desk, mailbox, limitMs), trySmtp(desk, mailbox, limitMs)]);
  return { imap, smtp };
}

async function tryImap(desk: Desk, mailbox: Mailbox, limitMs: number): Promise<Tried['imap']> {
  const { imapHost: host, imapPort: port, folder } = mailbox;
  if (host === null) return null;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  try {
    const client = await connectImap(mailbox, await imapLogin(desk, mailbox), late.signal);
    // Whatever waits for a server that went silent fails with the connection.
    late.signal.addEventListener('abort', () => client.close(), { once: true });
    try {
      return { ok: await lookAround(client, folder) };
    } finally {
      client.close();
    }
  } catch (error) {
    const told = late.signal.aborted ? Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }) : error;
    return { trouble: troubleOf(told, { host, port, folder }) };
  } finally {
    clearTimeout(timer);
  }
}

async function lookAround(client: ImapFlow, folder: string): Promise<Read> {
  const folders = await client.list();
  // Servers refuse to open what is not there in many words; that it is not among the folders is plain.
  const isListed = folder.toUpperCase() === 'INBOX' || folders.some(({ path }) => path === folder);
  const opened = await client.mailboxOpen(folder, { readOnly: true }).catch((error: unknown) => {
    throw isListed || !client.usable ? error : Object.assign(new Error('There is no such folder.'), { mailboxMissing: true });
  });
  return {
    folders: folders.length,
    hasIdle: client.capabilities.has('IDLE'),
    mails: opened.exists,
    percentFull: await fullness(client, folder),
    authservId: opened.exists > 0 ? await authservIdOf(client) : null,
  };
}

async function fullness(client: ImapFlow, folder: string): Promise<number | null> {
  if (!client.capabilities.has('QUOTA')) return null;
  const quota = await client.getQuota(folder);
  const { usage, limit } = (quota || {}).storage ?? {};
  return usage === undefined || !limit ? null : Math.round((usage / limit) * 100);
}

/** Only the topmost was written by the server that took the mail in (RFC 8601 §5). */
async function authservIdOf(client: ImapFlow): Promise<string | null> {
  const newest = await client.fetchOne('*', { headers: ['authentication-results'] });
  if (!newest || !newest.headers) return null;
  return serverNamedIn(readHeaders(newest.headers, 0, newest.headers.length).headers);
}

async function trySmtp(desk: Desk, mailbox: Mailbox, limitMs: number): Promise<Tried['smtp']> {
  const { smtpHost: host, smtpPort: port, smtpSecurity: security } = mailbox;
  if (host === null) return null;
  const verify = async () => {
    const sender = createSender({ host, port, security, login: await smtpLogin(desk, mailbox), maxConnections: 1, timeoutMs: limitMs });
    try {
      await sender.verify();
    } finally {
      sender.close();
    }
  };
  try {
    await withinLimit(verify(), limitMs);
    return { ok: true };
  } catch (error) {
    return { trouble: troubleOf(error, { host, port }) };
  }
}

async function withinLimit(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
