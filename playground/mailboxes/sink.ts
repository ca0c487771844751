import { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Manner } from './store.ts';

export interface SinkOptions {
  port: number;
  mannerOf(address: string): Manner;
  /** Durable once it resolves; the sender hears 250 then. */
  keep(raw: Buffer, recipients: string[]): Promise<void>;
}

export interface Sink {
  port: number;
  close(): Promise<void>;
}

const MAX_MAIL_BYTES = 40 * 1024 * 1024;
const CLOSE_MILLISECONDS = 200;

/** The mail server of everybody outside: takes whatever Tiketti sends. */
export async function openSink({ port, ...about }: SinkOptions): Promise<Sink> {
  const server = createServer(about);
  // A client that breaks off is its own trouble; without a listener the playground would end with it.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function createServer({ mannerOf, keep }: Omit<SinkOptions, 'port'>): SMTPServer {
  return new SMTPServer({
    name: 'mail.example',
    banner: 'Playground mailboxes',
    size: MAX_MAIL_BYTES,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: CLOSE_MILLISECONDS,
    logger: false,
    onRcptTo({ address }, _session, done) {
      const manner = mannerOf(address.toLowerCase());
      if (manner === 'refuses') return done(refusal(550, '5.1.1 This mailbox does not exist'));
      if (manner === 'busy') return done(refusal(451, '4.2.2 This mailbox is full, try again later'));
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        if (stream.sizeExceeded) return done(refusal(552, `5.3.4 More than ${MAX_MAIL_BYTES} bytes`));
        const recipients = session.envelope.rcptTo.map(({ address }) => address.toLowerCase());
        keep(Buffer.concat(chunks), recipients).then(
          () => done(null, '2.0.0 Kept'),
          (error: unknown) => done(refusal(451, `4.3.0 ${String(error)}`)),
        );
      });
    },
  });
}

function refusal(responseCode: number, message: string): Error & { responseCode: number } {
  return Object.assign(new Error(message), { responseCode });
}
