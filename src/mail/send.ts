import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';

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
  /** Nothing was taken; it may be tried again. */
  | { kind: 'temporary'; response: string }
  | { kind: 'permanent'; response: string }
  /** The connection broke after the last byte and before the answer: nobody can know. */
  | { kind: 'unknown'; response: string };

export interface Sender {
  send(mail: { from: string; to: string[]; bytes: Uint8Array }): Promise<SendOutcome>;
  close(): void;
}

export interface SenderOptions {
  url: string;
  maxConnections?: number;
  timeoutMs?: number;
}

const MAX_CONNECTIONS = 4;
const TIMEOUT_MS = 60_000;

export function createSender({ url, maxConnections = MAX_CONNECTIONS, timeoutMs = TIMEOUT_MS }: SenderOptions): Sender {
  const place = new URL(url);
  const isSecure = place.protocol === 'smtps:';
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections,
    maxMessages: 1_000,
    host: place.hostname.replace(/^\[|\]$/g, ''),
    port: place.port ? Number(place.port) : isSecure ? 465 : 587,
    secure: isSecure,
    ...(place.username ? { auth: { user: decodeURIComponent(place.username), pass: decodeURIComponent(place.password) } } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(isLoopback(place.hostname) ? { ignoreTLS: true } : {}),
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
        return judge(error as SmtpError, isHandedOver);
      }
    },
    close: () => transport.close(),
  };
}

interface SmtpError extends Error {
  response?: string | undefined;
  responseCode?: number | undefined;
  recipient?: string | undefined;
  /** When every recipient was refused: each with its own answer. */
  rejectedErrors?: SmtpError[] | undefined;
}

function judge(error: SmtpError, isHandedOver: boolean): SendOutcome {
  const response = words(error);
  const refused = refusals(error.rejectedErrors);
  if (refused.length > 0) return { kind: 'refused', response, refused };
  if (!error.responseCode) return isHandedOver ? { kind: 'unknown', response } : { kind: 'temporary', response };
  return isTemporary(error) ? { kind: 'temporary', response } : { kind: 'permanent', response };
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
  return code < 500 || [530, 534, 535, 538].includes(code) || /\b5\.2\.2\b/.test(words(error));
}

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

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
