import type { Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Received {
  to: string[];
  messageId: string;
  mail: Email;
  raw: string;
}

/** What a receiving server may do after the final dot: take the mail or not, and answer or not. */
export interface Whim {
  isTaken: boolean;
  isAnswered: boolean;
  /** Runs after the mail was taken and before the answer. */
  before?: () => Promise<void>;
  after?: () => void;
}

export interface Receiver {
  port: number;
  mails: Received[];
  /** What to do with the next mails; the ones after are taken and answered. */
  next(...whims: Whim[]): void;
  stop(): Promise<void>;
}

const ORDINARY: Whim = { isTaken: true, isAnswered: true };

/** The customers' mail server: real SMTP, and it may lose the connection at the one moment that matters. */
export async function startReceiver(): Promise<Receiver> {
  const mails: Received[] = [];
  const sockets = new Map<number, Socket>();
  const whims: Whim[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const now = whims.shift() ?? ORDINARY;
        const to = session.envelope.rcptTo.map((recipient) => recipient.address);
        take(mails, now, { to, bytes: Buffer.concat(chunks) }).then(() => {
          if (!now.isAnswered) return void sockets.get(session.remotePort)?.destroy();
          callback();
          now.after?.();
        }, callback);
      });
    },
  });
  // Connections of a killed process break; that is what these tests are about.
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    if (socket.remotePort !== undefined) sockets.set(socket.remotePort, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.server.address();
  if (typeof place !== 'object' || !place) throw new Error('The receiver has no port.');
  return {
    port: place.port,
    mails,
    next: (...wanted) => void whims.push(...wanted),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

async function take(mails: Received[], whim: Whim, came: { to: string[]; bytes: Buffer }): Promise<void> {
  if (whim.isTaken) {
    const mail = await PostalMime.parse(came.bytes);
    mails.push({ to: came.to, messageId: mail.messageId ?? '', mail, raw: came.bytes.toString('utf8') });
  }
  await whim.before?.();
}
