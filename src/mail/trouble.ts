import { Failure } from '#failure.ts';
import { OAuthRefused } from './oauth-request.ts';
import type { Trouble } from '#tickets/mailbox-trouble.ts';

/** What imapflow, nodemailer, Node's sockets and TLS put on their errors. */
interface WireError extends Error {
  code?: string;
  authenticationFailed?: boolean;
  oauthError?: unknown;
  mailboxMissing?: boolean;
  tlsFailed?: boolean;
  serverResponseCode?: string;
  responseText?: string;
  response?: unknown;
  responseCode?: number;
}

export interface Place {
  host: string;
  port: number;
  /** The folder that was asked for. */
  folder?: string;
}

const MAX_WORDS = 200;
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EDNS']);
const UNREACHABLE = new Set(['CONNECT_TIMEOUT', 'ETIMEDOUT', 'ETIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNECTION']);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|HOSTNAME_MISMATCH|CRL/;
const NOT_TLS = /wrong version number|packet length too long|EPROTO|ERR_SSL|UPGRADE_TIMEOUT|STARTTLS_INJECTION/i;
const NO_STARTTLS = /does not support STARTTLS|STARTTLS is not possible|error upgrading connection with STARTTLS/i;
const FULL = /OVERQUOTA|quota/i;
const TOO_MANY = /too many (?:simultaneous )?connections|maximum number of connections|\[LIMIT\]|\[INUSE\]/i;

/** What is wrong, as a key under `mailboxes:trouble` that says what to do about it. */
export function troubleOf(error: unknown, { host, port, folder = 'INBOX' }: Place): Trouble {
  const wire = innermost(error);
  const { code = '' } = wire;
  const words = wordsOf(wire);
  const said = `${code} ${words}`;
  const place = { host, port };
  if (error instanceof Failure) return { key: error.key.replace(/^mailbox\./, ''), params: error.params, isLasting: true };
  if (error instanceof OAuthRefused) return refusedBy(error);
  if (wire.oauthError) return lasting('oauth_mailbox', { host, words });
  if (wire.authenticationFailed || code === 'EAUTH' || [530, 534, 535, 538].includes(wire.responseCode ?? 0))
    return lasting('login', { host, words });
  if (wire.mailboxMissing) return lasting('folder', { folder });
  if (CERTIFICATE.test(code)) return lasting('certificate', { host, words: words || code });
  if (NO_STARTTLS.test(`${words} ${wire.message}`)) return lasting('no_starttls', place);
  if (wire.tlsFailed || NOT_TLS.test(said)) return lasting('not_tls', place);
  if (UNKNOWN_HOST.has(code)) return lasting('host_unknown', { host });
  if (FULL.test(said)) return lasting('quota', { words });
  if (code === 'ECONNREFUSED') return passing('refused', place);
  if (code === 'GREETING_TIMEOUT') return passing('no_greeting', place);
  if (UNREACHABLE.has(code)) return passing('unreachable', place);
  if (TOO_MANY.test(said)) return passing('crowded', { host, words });
  return passing('other', { host, words: words || code || 'unknown' });
}

/** What the provider said when it was asked for a token (RFC 6749 §5.2). */
function refusedBy({ code, host, message }: OAuthRefused): Trouble {
  const params = { host, words: message };
  if (code === null) return passing('oauth_unreachable', params);
  if (code === 'invalid_grant') return lasting('oauth_ended', params);
  return lasting(code === 'invalid_client' || code === 'unauthorized_client' ? 'oauth_client' : 'oauth', params);
}

function lasting(key: string, params: Record<string, string | number>): Trouble {
  return { key, params, isLasting: true };
}

function passing(key: string, params: Record<string, string | number>): Trouble {
  return { key, params, isLasting: false };
}

const MAX_CAUSES = 5;

function innermost(error: unknown): WireError {
  let wire = error;
  for (let depth = 0; depth < MAX_CAUSES && wire instanceof Error && wire.cause instanceof Error; depth += 1) wire = wire.cause;
  return wire instanceof Error ? wire : new Error(String(wire));
}

/** What the server said; else the error's own words. Never what we sent. */
function wordsOf({ responseText, response, message }: WireError): string {
  const said = responseText ?? (typeof response === 'string' ? response : message);
  return said.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_WORDS);
}
