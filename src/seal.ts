import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps logins and keys unreadable in the database and in its backups. */
export interface Seal {
  /** `purpose` names the one place it may be opened for, such as `mailboxes.secret:3`. */
  close(purpose: string, text: string): string;
  /** Throws when it was sealed for another place, with a secret that is not known any more, or was tampered with. */
  open(purpose: string, sealed: string): string;
  /** True when an older secret sealed it: it should be sealed anew. */
  isOld(sealed: string): boolean;
}

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface Key {
  id: string;
  bytes: Buffer;
}

/** AES-256-GCM (NIST SP 800-38D) under a key derived from the desk's secret. `secrets`: the current one first. */
export function createSeal(secrets: readonly [string, ...string[]]): Seal {
  const [current, ...older] = secrets.map(keyOf) as [Key, ...Key[]];
  return {
    close(purpose, text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(Buffer.from(purpose));
      const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${VERSION}.${current.id}.${Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')}`;
    },
    open(purpose, sealed) {
      const [version, id, body = ''] = sealed.split('.');
      const key = [current, ...older].find((one) => one.id === id);
      if (version !== VERSION || !key) throw new Error(`What was sealed for ${purpose} needs a TIKETTI_SECRET that is not known here.`);
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    isOld: (sealed) => sealed.split('.')[1] !== current.id,
  };
}

/** Tells secrets apart without telling anything of them: what is sealed carries it. */
export function secretId(secret: string): string {
  return keyOf(secret).id;
}

function keyOf(secret: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'tiketti seal', 32));
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8), bytes };
}
