import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Signed names that say which ticket a mail belongs to, and survive a restore without any row. */
export interface Tokens {
  /** A new Message-ID with its angle brackets, e.g. `<t.12.k3v9….mac@example.com>`. */
  messageId(ticketId: number): string;
  /** The ticket a Message-ID of ours names; null when it isn't ours or was tampered with. */
  readMessageId(messageId: string): number | null;
  /** `support@example.com` → `support+t.12.mac@example.com`. */
  replyAddress(address: string, ticketId: number): string;
  readReplyAddress(address: string): { address: string; ticketId: number } | null;
  /** Says of which installation an automatic mail is, so that our own loops are seen. */
  readonly instance: string;
  /** Mails made before the secret was rotated carry an older one. */
  isOwnInstance(instance: string): boolean;
  readonly domain: string;
}

const MAC_LENGTH = 16;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** `secrets`: the current one first; older ones stay readable after a rotation. */
export function createTokens(secrets: readonly [string, ...string[]], domain: string): Tokens {
  const sign = (secret: string, purpose: string, text: string) =>
    base32(createHmac('sha256', secret).update(`${purpose}:${text}`).digest()).slice(0, MAC_LENGTH);
  const isSigned = (purpose: string, text: string, mac: string) => secrets.some((secret) => isEqual(sign(secret, purpose, text), mac));

  return {
    domain,
    instance: sign(secrets[0], 'instance', domain),
    isOwnInstance: (instance) => isSigned('instance', domain, instance),
    messageId(ticketId) {
      const unique = base32(randomBytes(10));
      const body = `${ticketId}.${unique}`;
      return `<t.${body}.${sign(secrets[0], 'message-id', body)}@${domain}>`;
    },
    readMessageId(messageId) {
      const match = /^<?t\.(\d{1,10})\.([a-z2-7]{16})\.([a-z2-7]{16})@[^@\s<>]+>?$/.exec(messageId.trim().toLowerCase());
      if (!match) return null;
      const [, ticket, unique, mac] = match as unknown as [string, string, string, string];
      return isSigned('message-id', `${ticket}.${unique}`, mac) ? Number(ticket) : null;
    },
    replyAddress(address, ticketId) {
      const at = address.lastIndexOf('@');
      return `${address.slice(0, at)}+t.${ticketId}.${sign(secrets[0], 'reply', String(ticketId))}${address.slice(at)}`;
    },
    readReplyAddress(address) {
      const match = /^([^+@\s]+)\+t\.(\d{1,10})\.([a-z2-7]{16})@([^@\s]+)$/.exec(address.trim().toLowerCase());
      if (!match) return null;
      const [, local, ticket, mac, host] = match as unknown as [string, string, string, string, string];
      return isSigned('reply', ticket, mac) ? { address: `${local}@${host}`, ticketId: Number(ticket) } : null;
    },
  };
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** RFC 4648 base32 in lower case, unpadded: some relays lower-case local parts. */
function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}
