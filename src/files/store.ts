import { createHash } from 'node:crypto';

/** Bytes by their SHA-256. What `put` returned for is durable. */
export interface FileStore {
  put(bytes: Uint8Array): Promise<string>;
  /** Throws when the bytes are gone, or are no longer those that were put. */
  get(sha256: string): Promise<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  remove(sha256: string): Promise<void>;
  /** The digests that begin with these two letters. */
  list(prefix: string): Promise<string[]>;
  /** False when the same bytes were stored again since `before`: whoever did is about to name them. */
  removeOlder(sha256: string, before: Date): Promise<boolean>;
  /** Throws when nothing can be stored here: a `ConfigError` where a setting is to blame. */
  check(): Promise<void>;
  /** The desk closes: what is under way may fail rather than take long. */
  hurry(): void;
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function isDigest(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** Nothing else may become a path or a key. */
export function checked(sha256: string): string {
  if (!isDigest(sha256)) throw new Error(`Not a SHA-256: ${sha256.slice(0, 80)}`);
  return sha256;
}

/** A customer gets what was stored or nothing: disks and networks change bytes without a word. */
export function whole(sha256: string, bytes: Uint8Array): Uint8Array {
  if (digestOf(bytes) === sha256) return bytes;
  throw new Error(`File ${sha256} is damaged: its ${bytes.length} bytes are not those that were stored. Restore it from a backup.`);
}
