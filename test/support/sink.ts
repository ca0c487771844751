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
  stop(): Promise<void>;
}

/** A customer's mail server: takes everything over real SMTP and keeps it. */
export async function startSink(): Promise<Sink> {
  const mails: Delivered[] = [];
  const watchers = new Set<() => void>();
  let refusal: { code: number; message: string; left: number } | null = null;
  const refused = new Map<string, { code: number; message: string }>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
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
    forgive: (address) => void refused.delete(address),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
