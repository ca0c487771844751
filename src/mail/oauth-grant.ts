import { z } from 'zod';
import type { MailboxAuth } from '#db/words.ts';

const words = z.string().trim().min(1).max(4_000);
/** Where a provider has several: the clouds of governments, a proxy. */
const tokenUrl = z
  .string()
  .refine((url) => isSafe(url), 'must begin with https://')
  .optional();

/**
 * What lets us ask a provider for access tokens, as it lies sealed in a mailbox's row. The first of each pair belongs to an
 * app and does not end by itself; the second to a person who signed in once.
 */
export const grant = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('google-service'), clientEmail: words, privateKey: words, tokenUrl }),
  z.object({ kind: z.literal('google-refresh'), clientId: words, clientSecret: words, refreshToken: words, tokenUrl }),
  z.object({ kind: z.literal('microsoft-app'), tenant: words, clientId: words, clientSecret: words, tokenUrl }),
  z.object({ kind: z.literal('microsoft-refresh'), tenant: words, clientId: words, clientSecret: words, refreshToken: words, tokenUrl }),
]);
export type Grant = z.infer<typeof grant>;

export function authOfGrant({ kind }: Grant): MailboxAuth {
  return kind.startsWith('google') ? 'google' : 'microsoft';
}

/** Also a service account's key as Google hands it out. Null when it is neither that nor one of ours. */
export function readGrant(text: string): Grant | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return grant.safeParse(value).data ?? serviceAccount.safeParse(value).data ?? null;
}

const serviceAccount = z
  .object({ type: z.literal('service_account'), client_email: words, private_key: words })
  .transform((key): Grant => ({ kind: 'google-service', clientEmail: key.client_email, privateKey: key.private_key }));

/** Nobody on the way may read a secret: plain HTTP only to this very machine. */
function isSafe(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
  } catch {
    return false;
  }
}
