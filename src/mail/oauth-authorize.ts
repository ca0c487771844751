import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Failure } from '#failure.ts';
import type { Grant } from './oauth-grant.ts';
import { askForToken, GOOGLE_MAIL, MICROSOFT_PERSON, OAuthRefused, tokenUrlOf } from './oauth-request.ts';

export interface Authorization {
  provider: 'google' | 'microsoft';
  tenant: string;
  clientId: string;
  clientSecret: string;
  /** Whose mailbox it is: the provider proposes this account. */
  userName: string;
  port: number;
  /** Where the provider is another than the usual. */
  authorizeUrl?: string | undefined;
  tokenUrl?: string | undefined;
}

const WAIT_MS = 10 * 60_000;
const DONE = 'Signed in. You can close this page and go back to the terminal.\n';
const NOT_DONE = 'That did not work. Go back to the terminal.\n';

/**
 * A person signs in once, in a browser on this machine or through a tunnel to it (RFC 8252 §7.3), with PKCE (RFC 7636). `show`
 * is given the address to open. Returns the grant to seal. Throws Failure when nobody came, or the provider said no.
 */
export async function authorize(wanted: Authorization, show: (url: string) => void): Promise<Grant> {
  const server = createServer();
  server.listen(wanted.port, '127.0.0.1');
  await once(server, 'listening');
  try {
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const [state, verifier] = [randomBytes(24).toString('base64url'), randomBytes(48).toString('base64url')];
    const code = awaitCode(server, state);
    show(addressOf(wanted, { redirectUri, state, verifier }));
    return await exchange(wanted, { code: await code, redirectUri, verifier });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

interface Flow {
  redirectUri: string;
  verifier: string;
}

function addressOf(wanted: Authorization, { redirectUri, state, verifier }: Flow & { state: string }): string {
  const url = new URL(wanted.authorizeUrl ?? usualAddress(wanted));
  const isGoogle = wanted.provider === 'google';
  const asked = {
    response_type: 'code',
    client_id: wanted.clientId,
    redirect_uri: redirectUri,
    scope: isGoogle ? GOOGLE_MAIL : MICROSOFT_PERSON,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: wanted.userName,
    // Google gives a refresh token only to who asks for it, and only at a consent.
    ...(isGoogle ? { access_type: 'offline', prompt: 'consent' } : {}),
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.toString();
}

function usualAddress({ provider, tenant }: Authorization): string {
  if (provider === 'google') return 'https://accounts.google.com/o/oauth2/v2/auth';
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/authorize`;
}

/** The first answer that carries our state decides; anything else that comes to the port is nobody's. */
function awaitCode(server: Server, state: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Failure('oauth.nobody', { minutes: WAIT_MS / 60_000 })), WAIT_MS);
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const isOurs = pathname === '/callback' && searchParams.get('state') === state;
      const code = isOurs ? searchParams.get('code') : null;
      response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(code === null ? NOT_DONE : DONE);
      if (!isOurs) return;
      clearTimeout(timer);
      if (code !== null) resolve(code);
      else reject(new Failure('oauth.refused', { words: searchParams.get('error_description') ?? searchParams.get('error') ?? '' }));
    });
  });
}

async function exchange(wanted: Authorization, { code, redirectUri, verifier }: Flow & { code: string }): Promise<Grant> {
  const { provider, tenant, clientId, clientSecret, tokenUrl } = wanted;
  const client = { clientId, clientSecret, ...(tokenUrl ? { tokenUrl } : {}) };
  const url = tokenUrlOf({ kind: provider === 'google' ? 'google-refresh' : 'microsoft-refresh', tokenUrl, tenant });
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    client_secret: clientSecret,
    code_verifier: verifier,
  };
  const granted = await askForToken(url, form).catch((error: unknown) => {
    throw error instanceof OAuthRefused ? new Failure('oauth.refused', { words: error.message }) : error;
  });
  if (granted.refreshToken === null) throw new Failure('oauth.no_refresh_token');
  const { refreshToken } = granted;
  return provider === 'google'
    ? { kind: 'google-refresh', ...client, refreshToken }
    : { kind: 'microsoft-refresh', tenant, ...client, refreshToken };
}
