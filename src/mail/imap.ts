import { ImapFlow } from 'imapflow';
import type { Mailbox } from '#tickets/mailboxes.ts';
import type { Login } from './login.ts';

const CONNECT_MS = 20_000;
const GREETING_MS = 15_000;
/** Nothing heard for so long: the connection is dead, whatever the socket says. */
const SILENCE_MS = 90_000;
/** A response may hold one whole mail, and a broken server no more than that. */
const MAX_LITERAL_BYTES = 48 * 1024 * 1024;

export type ImapPlace = Pick<Mailbox, 'imapHost' | 'imapPort' | 'imapSecurity'> & { silenceMs?: number | undefined };

/**
 * A connected, logged-in client. It is single-use: once closed, make another. Whoever has it must listen to `close`.
 * imapflow logs what servers say, mails among it, so it logs nothing.
 */
export async function connectImap(place: ImapPlace, login: Login | null, signal?: AbortSignal): Promise<ImapFlow> {
  const host = place.imapHost ?? '';
  const client = new ImapFlow({
    host,
    port: place.imapPort,
    secure: place.imapSecurity === 'tls',
    ...(place.imapSecurity === 'starttls' ? { doSTARTTLS: true } : {}),
    ...(place.imapSecurity === 'none' ? { doSTARTTLS: false } : {}),
    auth: authOf(login),
    clientInfo: { name: 'Tiketti' },
    disableAutoIdle: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: place.silenceMs ?? SILENCE_MS,
    maxLiteralSize: MAX_LITERAL_BYTES,
    logger: false,
  });
  // Without a listener an error would end the process; whoever waits for an answer hears of it there, and `close` follows.
  client.on('error', () => {});
  let giveUp = () => {};
  // Whoever gave up waits for nothing, not even for a server that says nothing.
  const gaveUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      client.close();
      reject(new Error('The connection is not wanted any more.'));
    };
  });
  gaveUp.catch(() => {});
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    signal?.throwIfAborted();
    await Promise.race([client.connect(), gaveUp]);
    return client;
  } catch (error) {
    client.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

function authOf(login: Login | null) {
  if (!login) return { user: '' };
  return 'accessToken' in login ? { user: login.user, accessToken: login.accessToken } : { user: login.user, pass: login.password };
}
