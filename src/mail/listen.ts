import { SMTPServer } from 'smtp-server';
import type { Commits } from '#jobs/commits.ts';
import type { Desk } from '#tickets/desk.ts';
import { ourAddresses } from './process.ts';
import { storeMail } from './store.ts';

export interface ListenOptions {
  isLmtp: boolean;
  host: string;
  port: number;
}

export interface Listener {
  port: number;
  close(): Promise<void>;
}

export const MAX_MAIL_BYTES = 35 * 1024 * 1024;
const MAX_CLIENTS = 100;
const IDLE_MS = 60_000;
/** Whoever is in the middle of a mail when we close may finish it; who only keeps the line is told to come again. */
const CLOSE_MS = 2_000;

interface SmtpRefusal extends Error {
  responseCode: number;
}

/** SMTP or LMTP in. Only our own addresses are taken, so it can relay for nobody; 250 means stored durably. */
export async function listenForMail(desk: Desk, commits: Commits, options: ListenOptions): Promise<Listener> {
  const server = new SMTPServer({
    name: desk.tokens.domain,
    banner: 'Tiketti',
    lmtp: options.isLmtp,
    size: MAX_MAIL_BYTES,
    maxClients: MAX_CLIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo(address, _session, callback) {
      isOurs(desk, address.address).then(
        (ours) => (ours ? callback() : callback(refusal(550, '5.1.1 No such address here'))),
        (error: unknown) => callback(failed(desk, error)),
      );
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk);
      });
      stream.once('end', () => {
        if (stream.sizeExceeded) return callback(refusal(552, `5.3.4 Over ${MAX_MAIL_BYTES} bytes`));
        const from = session.envelope.mailFrom;
        storeMail(desk, commits, {
          mailbox: options.isLmtp ? 'lmtp' : 'smtp',
          raw: Buffer.concat(chunks),
          envelopeFrom: from ? from.address : null,
          envelopeTo: session.envelope.rcptTo.map((to) => to.address),
        }).then(
          ({ id }) => callback(null, `2.0.0 Stored as ${id}`),
          (error: unknown) => callback(failed(desk, error)),
        );
      });
    },
  });
  // A client that vanishes is its own trouble; the listener stays.
  server.on('error', (error) => desk.log.warn({ error }, 'A mail client broke off.'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const place = server.server.address();
  return {
    port: typeof place === 'object' && place ? place.port : options.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function isOurs(desk: Desk, recipient: string): Promise<boolean> {
  const ours = await ourAddresses(desk.db);
  const place = recipient.trim().toLowerCase();
  return ours.has(place) || ours.has(place.replace(/\+[^@]*@/, '@'));
}

function refusal(responseCode: number, message: string): SmtpRefusal {
  return Object.assign(new Error(message), { responseCode });
}

/** Nothing is lost: the sending server keeps the mail and comes again. */
function failed(desk: Desk, error: unknown): SmtpRefusal {
  desk.log.error({ error }, 'A mail could not be stored; its sender was asked to try again.');
  return refusal(451, '4.3.0 Could not be stored now, try again');
}
