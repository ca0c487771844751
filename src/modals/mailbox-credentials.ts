import { z } from 'zod';
import { authOfGrant, type Grant, readGrant } from '#mail/oauth-grant.ts';

export type MicrosoftGrant = Extract<Grant, { tenant: string }>;

const word = z.string().trim().min(1);
/** As Google's own tools write it. */
const refreshToken = z.object({ client_id: word, client_secret: word, refresh_token: word }).transform((key): Grant => ({
  kind: 'google-refresh',
  clientId: key.client_id,
  clientSecret: key.client_secret,
  refreshToken: key.refresh_token,
}));

/** The key file of a service account, or a client with its refresh token; null for anything else. */
export function readGoogleJson(text: string): Grant | null {
  const granted = readGrant(text);
  if (granted) return authOfGrant(granted) === 'google' ? granted : null;
  try {
    return refreshToken.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
