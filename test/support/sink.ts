import type { EnvironmentMailbox } from '#tickets/set-up-mailbox.ts';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Delivered {
  from: string;
  to: string[];
  raw: Buffer;
  mail: Email;
}

export interface Sink {
  port: number;
  mails: Delivered[];
  /** Resolves with the first mail that fits, now or later; throws at the deadline with what came instead. */
  mail(fits: (mail: Delivered) => boolean, deadlineMs?: number): Promise<Delivered>;
  /** Answers the next mails with this, instead of taking them. */
  refuse(code: number, message: string, times?: number): void;
  /** Refuses this recipient at RCPT while others are taken, until it is forgiven. */
  refuseRecipient(address: string, code: number, message: string): void;
  forgive(address: string): void;
  /** Refuses what is sent from this address. */
  refuseSender(address: string, code: number, message: string): void;
  /** How often somebody tried to log in. */
  readonly logins: number;
  stop(): Promise<void>;
}

/** What the environment would say of a mail server on this port. */
export function environmentOf(
  port: number,
  login: { userName: string; password: string } = { userName: '', password: '' },
): EnvironmentMailbox {
  const smtp = { host: '127.0.0.1', port, security: 'none' as const, ...login, folder: null };
  return { name: 'environment', imap: undefined, smtp, trustedAuthservIds: [] };
}

/** A customer's mail server: takes everything over real SMTP and keeps it. With a password or a token, only from who says it. */
export async function startSink({ password, token }: { password?: string; token?: string } = {}): Promise<Sink> {
  const mails: Delivered[] = [];
  const watchers = new Set<() => void>();
  let refusal: { code: number; message: string; left: number } | null = null;
  const refused = new Map<string, { code: number; message: string }>();
  const senders = new Map<string, { code: number; message: string }>();
  let logins = 0;
  const isOpen = password === undefined && token === undefined;
  const server = new SMTPServer({
    authOptional: isOpen,
    ...(token === undefined ? {} : { authMethods: ['XOAUTH2'] }),
    disabledCommands: isOpen ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(auth, _session, callback) {
      logins += 1;
      if (token === undefined ? auth.password === password : auth.accessToken === token)
        return callback(null, { user: auth.username ?? '' });
      callback(Object.assign(new Error('Authentication credentials invalid'), { responseCode: 535 }));
    },
    onMailFrom({ address }, _session, callback) {
      const answer = senders.get(address);
      callback(answer ? Object.assign(new Error(answer.message), { responseCode: answer.code }) : null);
    },
    logger: false,
    onRcptTo({ address }, _session, callback) {
      const answer = refused.get(address);
      callback(answer ? Object.assign(new Error(answer.message), { responseCode: answer.code }) : null);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        if (refusal && refusal.left > 0) {
          refusal.left -= 1;
          return callback(Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
        }
        const raw = Buffer.concat(chunks);
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        PostalMime.parse(raw).then((mail) => {
          mails.push({ from, to: session.envelope.rcptTo.map((to) => to.address), raw, mail });
          callback();
          for (const watcher of watchers) watcher();
        }, callback);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.server.address();
  if (typeof place !== 'object' || !place) throw new Error('The sink has no port.');
  return {
    port: place.port,
    mails,
    mail: (fits, deadlineMs = 8_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = mails.find(fits);
          if (!found) return;
          watchers.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(
            new Error(
              `No such mail came. There are: ${mails.map((one) => `${one.to.join(',')} ${one.mail.subject}`).join(' | ') || 'none'}`,
            ),
          );
        }, deadlineMs);
        watchers.add(look);
        look();
      }),
    refuse(code, message, times = 1) {
      refusal = { code, message, left: times };
    },
    refuseRecipient: (address, code, message) => void refused.set(address, { code, message }),
    refuseSender: (address, code, message) => void senders.set(address, { code, message }),
    get logins() {
      return logins;
    },
    forgive: (address) => void refused.delete(address),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
