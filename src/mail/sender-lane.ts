import { createHash } from 'node:crypto';

/** Mails of one sender are taken in the order they came; those of others beside them. */
export function laneOfSender(fromAddress: string | null): string | undefined {
  return fromAddress === null ? undefined : `mail:${createHash('sha256').update(fromAddress).digest('base64url')}`;
}
