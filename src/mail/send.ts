import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import type { MailSecurity } from '#db/words.ts';
import type { Trouble } from '#tickets/mailbox-trouble.ts';
import type { Login } from './login.ts';
import { troubleOf } from './trouble.ts';

/** A recipient the server would not take, and what it said of this one. */
export interface Refusal {
  address: string;
  status: string;
  response: string;
  isTemporary: boolean;
}

/** What a server said of one mail, per recipient. */
export type SendOutcome =
  /** Taken for everybody but those. */
  | { kind: 'accepted'; response: string; refused: Refusal[] }
  /** Taken for nobody, each with an answer of its own. */
  | { kind: 'refused'; response: string; refused: Refusal[] }
  /** Nothing was taken; it may be tried again. With `trouble`, where the fault is not this mail's but the account's. */
  | { kind: 'temporary'; response: string; trouble?: Trouble }
  | { kind: 'permanent'; response: string }
  /** The connection broke after the last byte and before the answer: nobody can know. */
  | { kind: 'unknown'; response: string };

export interface Sender {
  send(mail: { from: string; to: string[]; bytes: Uint8Array }): Promise<SendOutcome>;
  /** Connects and logs in, and sends nothing. Throws what the server or the wire said. */
  verify(): Promise<void>;
  close(): void;
  /** Hangs up on servers that keep us waiting in the middle of a mail: whether they took it stays unknown. */
  breakOff(): void;
}

export interface SmtpPlace {
  host: string;
  port: number;
  security: MailSecurity;
  login: Login | null;
  maxConnections?: number;
  timeoutMs?: number;
}

const MAX_CONNECTIONS = 4;
const TIMEOUT_MS = 60_000;

export function createSender(place: SmtpPlace): Sender {
  const { host, port, security, maxConnections = MAX_CONNECTIONS, timeoutMs = TIMEOUT_MS } = place;
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections,
    maxMessages: 1_000,
    host,
    port,
    secure: security === 'tls',
    ...(security === 'starttls' ? { requireTLS: true } : {}),
    ...(security === 'none' ? { ignoreTLS: true } : {}),
    ...authOf(place.login),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // A pooled connection that breaks while idle says so here; without a listener the process would end.
  transport.on('error', () => {});

  return {
    async send({ from, to, bytes }) {
      let isHandedOver = false;
      const raw = Readable.from(chunksOf(bytes));
      raw.once('end', () => {
        isHandedOver = true;
      });
      try {
        const info = await transport.sendMail({ envelope: { from, to }, raw });
        return { kind: 'accepted', response: info.response, refused: refusals(info.rejectedErrors) };
      } catch (error) {
        return judge(error as SmtpError, { isHandedOver, host, port });
      }
    },
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
    breakOff: () => transport.close({ force: true }),
  };
}

function authOf(login: Login | null) {
  if (!login) return {};
  if ('accessToken' in login) return { auth: { type: 'OAuth2' as const, user: login.user, accessToken: login.accessToken } };
  return { auth: { user: login.user, pass: login.password } };
}

interface SmtpError extends Error {
  response?: string | undefined;
  responseCode?: number | undefined;
  recipient?: string | undefined;
  code?: string | undefined;
  command?: string | undefined;
  /** When every recipient was refused: each with its own answer. */
  rejectedErrors?: SmtpError[] | undefined;
}

interface Circumstances {
  isHandedOver: boolean;
  host: string;
  port: number;
}

function judge(error: SmtpError, { isHandedOver, host, port }: Circumstances): SendOutcome {
  const response = words(error);
  const refused = refusals(error.rejectedErrors);
  if (refused.length > 0) return { kind: 'refused', response, refused };
  if (isOurFault(error)) return { kind: 'temporary', response, trouble: smtpTrouble(error, { host, port }) };
  if (error.responseCode) return isTemporary(error) ? { kind: 'temporary', response } : { kind: 'permanent', response };
  return isHandedOver ? { kind: 'unknown', response } : { kind: 'temporary', response, trouble: smtpTrouble(error, { host, port }) };
}

/** Our login, or our right to send from this address, is what was refused: another mail would fare no better. */
function isOurFault({ code, command, responseCode = 0 }: SmtpError): boolean {
  return code === 'EAUTH' || LOGIN_CODES.includes(responseCode) || (command === 'MAIL FROM' && responseCode >= 500);
}

function smtpTrouble(error: SmtpError, place: { host: string; port: number }): Trouble {
  if (error.command === 'MAIL FROM') return { key: 'sender_refused', params: { host: place.host, words: words(error) }, isLasting: true };
  return troubleOf(error, place);
}

function refusals(errors: SmtpError[] | undefined): Refusal[] {
  return (errors ?? []).map((error) => ({
    address: String(error.recipient ?? '').toLowerCase(),
    status: statusOf(error),
    response: words(error),
    isTemporary: isTemporary(error),
  }));
}

/** RFC 5321 §4.2.1: 4xx may be tried again, 5xx not, except where the fault is our login's or the mailbox is only full. */
function isTemporary(error: SmtpError): boolean {
  const code = error.responseCode ?? 0;
  return code < 500 || LOGIN_CODES.includes(code) || /\b5\.2\.2\b/.test(words(error));
}

/** RFC 4954 §6: what is said of a login. */
const LOGIN_CODES = [530, 534, 535, 538];

function statusOf(error: SmtpError): string {
  return /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(error.response ?? '')?.[0] ?? String(error.responseCode ?? '');
}

function words(error: SmtpError): string {
  return (error.response ?? error.message).replaceAll(/\s+/g, ' ').slice(0, 500);
}

const CHUNK_BYTES = 64 * 1024;

function* chunksOf(bytes: Uint8Array): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < buffer.length; start += CHUNK_BYTES) yield buffer.subarray(start, start + CHUNK_BYTES);
}
