import { createHmac } from 'node:crypto';
import pino from 'pino';

export type Fields = Record<string, unknown>;

/** JSON lines on stdout. Never a token, a password, a SASL line or the words of a mail, at any level. */
export interface Log {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
  /** An address as it may stand in a log: a keyed hash, unless LOG_ADDRESSES=1. */
  address(value: string | null | undefined): string;
}

export interface LogOptions {
  level: string;
  secret: string;
  plainAddresses: boolean;
  write?: (line: string) => void;
}

const SECRETS: [RegExp, string][] = [
  [/xox[a-z]-[\w-]+|xapp-[\w-]+/g, '[slack token]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [hidden]'],
  [/\bAUTH\s+(PLAIN|LOGIN|XOAUTH2)\s+\S+/gi, 'AUTH $1 [hidden]'],
  [/([a-z][a-z\d+.-]{1,20}:\/\/[^\s:/@]{1,200}):[^\s@/]{1,200}@/gi, '$1:[hidden]@'],
  [/https:\/\/hooks\.slack\.com\/\S+/g, '[webhook]'],
];
const MAX_LENGTH = 4_000;
const MAX_ITEMS = 100;

export function createLog(options: LogOptions): Log {
  const stream = options.write ? { write: options.write } : pino.destination({ dest: 1, sync: true });
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    stream,
  );
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: Fields, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](scrubFields(fields), scrub(message));
  };
  return {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    address: (value) => hashAddress(value, options),
  };
}

function hashAddress(value: string | null | undefined, options: LogOptions): string {
  if (!value) return '-';
  if (options.plainAddresses) return value;
  return `a:${createHmac('sha256', options.secret).update(value.toLowerCase()).digest('hex').slice(0, 12)}`;
}

/** What servers answer repeats whom it is about; the log knows people by their hashes. */
export function withoutAddresses(log: Pick<Log, 'address'>, text: string): string {
  return text.replaceAll(/[^\s<>"'@]+@[^\s<>"'@]+/g, (address) => log.address(address));
}

export function scrub(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return SECRETS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), short);
}

function scrubFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, scrubValue(value)]));
}

function scrubValue(value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(scrubValue);
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) return scrubFields(value as Fields);
  return value;
}

/** The chain of causes in words; stack of the innermost only. */
function describeError(error: Error): Fields {
  const messages: string[] = [];
  let innermost: Error = error;
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth += 1) {
    messages.push(scrub(`${e.name}: ${e.message}`));
    innermost = e;
  }
  return {
    messages,
    stack: scrub(innermost.stack ?? '')
      .split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
  };
}
