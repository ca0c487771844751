import { z } from 'zod';

/** What OAuth2 needs, as it is sealed in the row of a mailbox. */
export const credentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('google-service'), clientEmail: z.string(), privateKey: z.string() }),
  z.object({ kind: z.literal('google-refresh'), clientId: z.string(), clientSecret: z.string(), refreshToken: z.string() }),
  z.object({ kind: z.literal('microsoft-app'), tenant: z.string(), clientId: z.string(), clientSecret: z.string() }),
  z.object({
    kind: z.literal('microsoft-refresh'),
    tenant: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
    refreshToken: z.string(),
  }),
]);

export type Credentials = z.infer<typeof credentials>;

const word = z.string().trim().min(1);
const serviceKey = z
  .object({ type: z.literal('service_account'), client_email: z.email(), private_key: z.string().includes('PRIVATE KEY') })
  .transform((key): Credentials => ({ kind: 'google-service', clientEmail: key.client_email, privateKey: key.private_key }));
const refreshToken = z.object({ client_id: word, client_secret: word, refresh_token: word }).transform((key): Credentials => ({
  kind: 'google-refresh',
  clientId: key.client_id,
  clientSecret: key.client_secret,
  refreshToken: key.refresh_token,
}));

/** The key file of a service account, or a client with its refresh token; null for anything else. */
export function readGoogleJson(text: string): Credentials | null {
  try {
    return z.union([serviceKey, refreshToken]).safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** What was sealed before; null when there is nothing that can be read. */
export function readCredentials(text: string | null): Credentials | null {
  if (text === null) return null;
  try {
    return credentials.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
