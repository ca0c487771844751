import { createSign } from 'node:crypto';
import { z } from 'zod';
import type { Grant } from './oauth-grant.ts';

export interface Granted {
  accessToken: string;
  expiresInSeconds: number;
  /** Some providers give another one each time, and end the old. */
  refreshToken: string | null;
}

/** The provider gave no token. `code` is its word of RFC 6749 §5.2, or null when it could not be asked. */
export class OAuthRefused extends Error {
  readonly code: string | null;
  readonly host: string;
  constructor(host: string, code: string | null, words: string) {
    super(words);
    this.name = 'OAuthRefused';
    this.host = host;
    this.code = code;
  }
}

const GOOGLE_TOKENS = 'https://oauth2.googleapis.com/token';
export const GOOGLE_MAIL = 'https://mail.google.com/';
/** Of an app that reads without a person: its rights are given in the tenant (IMAP.AccessAsApp, SMTP.SendAsApp). */
const MICROSOFT_APP = 'https://outlook.office365.com/.default';
export const MICROSOFT_PERSON = 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access';
const TIMEOUT_MS = 15_000;
const MAX_WORDS = 300;
/** RFC 7523 §3 wants it short. */
const ASSERTION_SECONDS = 600;

/** Asks the provider for an access token (RFC 6749 §4.4 and §6; a Google service account by RFC 7523). */
export async function requestToken(grant: Grant, { userName, now }: { userName: string; now: Date }): Promise<Granted> {
  return askForToken(tokenUrlOf(grant), formOf(grant, { userName, now }));
}

export function tokenUrlOf(grant: Pick<Grant, 'kind' | 'tokenUrl'> & { tenant?: string }): string {
  if (grant.tokenUrl) return grant.tokenUrl;
  if (grant.kind.startsWith('google')) return GOOGLE_TOKENS;
  return `https://login.microsoftonline.com/${encodeURIComponent(grant.tenant ?? 'common')}/oauth2/v2.0/token`;
}

function formOf(grant: Grant, asked: { userName: string; now: Date }): Record<string, string> {
  switch (grant.kind) {
    case 'google-service':
      return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(grant, asked) };
    case 'microsoft-app':
      return { grant_type: 'client_credentials', client_id: grant.clientId, client_secret: grant.clientSecret, scope: MICROSOFT_APP };
    case 'google-refresh':
      return refreshForm(grant);
    case 'microsoft-refresh':
      return { ...refreshForm(grant), scope: MICROSOFT_PERSON };
    default:
      return grant satisfies never;
  }
}

function refreshForm({ clientId, clientSecret, refreshToken }: { clientId: string; clientSecret: string; refreshToken: string }) {
  return { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken };
}

/** Signed by the service account, in the name of the mailbox's user: domain-wide delegation. */
function assertionOf(grant: Grant & { kind: 'google-service' }, { userName, now }: { userName: string; now: Date }): string {
  const issuedAt = Math.floor(now.getTime() / 1_000);
  const claims = {
    iss: grant.clientEmail,
    sub: userName,
    scope: GOOGLE_MAIL,
    aud: tokenUrlOf(grant),
    iat: issuedAt,
    exp: issuedAt + ASSERTION_SECONDS,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(grant.privateKey, 'base64url')}`;
}

const answer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().default(3_600),
  refresh_token: z.string().optional(),
});
const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

export async function askForToken(url: string, form: Record<string, string>): Promise<Granted> {
  const { host } = new URL(url);
  const body = await post(url, host, form);
  const granted = answer.safeParse(body).data;
  if (granted)
    return { accessToken: granted.access_token, expiresInSeconds: granted.expires_in, refreshToken: granted.refresh_token ?? null };
  const refused = refusal.safeParse(body).data;
  if (!refused) throw new OAuthRefused(host, null, 'its answer is no token and no refusal');
  const words = (refused.error_description ?? refused.error).replaceAll(/\s+/g, ' ').slice(0, MAX_WORDS);
  throw new OAuthRefused(host, refused.error, words);
}

async function post(url: string, host: string, form: Record<string, string>): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // What is not JSON is a proxy's page, or a provider in trouble.
    return await response.json().catch(() => {
      throw new Error(`HTTP ${response.status}`);
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new OAuthRefused(host, null, cause instanceof Error ? cause.message.slice(0, MAX_WORDS) : 'unknown');
  }
}
