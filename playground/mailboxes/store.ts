import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What the mailbox's server does with mail: takes it, refuses it for good, or asks to come again. */
export type Manner = 'takes' | 'refuses' | 'busy';

export interface Mailbox {
  address: string;
  name: string;
  locale: string;
  phone: string;
  manner: Manner;
}

/** One mail in one mailbox. Its bytes lie in a file beside. */
export interface StoredMail {
  id: string;
  box: string;
  direction: 'in' | 'out';
  /** The file with the bytes: one for all who got the same mail. */
  raw: string;
  at: string;
  isRead: boolean;
  from: { name: string; address: string };
  to: { name: string; address: string }[];
  subject: string;
  snippet: string;
  fileNames: string[];
  messageId: string;
  references: string[];
  isAutomatic: boolean;
  /** Why it did not leave, as the server said. */
  trouble: string | null;
}

export interface MailStore {
  boxes: Mailbox[];
  mails: StoredMail[];
  /** Writes the bytes durably; answers the name that `StoredMail.raw` keeps. */
  keepBytes(bytes: Uint8Array): string;
  bytesOf(mail: StoredMail): Buffer;
  save(): void;
}

/** A folder with `mails.json` and the raw mails. What `save` returned from survives a crash. */
export function openMailStore(folder: string): MailStore {
  mkdirSync(join(folder, 'raw'), { recursive: true });
  const index = join(folder, 'mails.json');
  const kept = existsSync(index)
    ? (JSON.parse(readFileSync(index, 'utf8')) as Pick<MailStore, 'boxes' | 'mails'>)
    : { boxes: [], mails: [] };
  return {
    boxes: kept.boxes,
    mails: kept.mails,
    keepBytes(bytes) {
      const name = `${randomUUID()}.eml`;
      writeDurably(join(folder, 'raw', name), bytes);
      return name;
    },
    bytesOf: (mail) => readFileSync(join(folder, 'raw', mail.raw)),
    save() {
      writeDurably(index, Buffer.from(JSON.stringify({ boxes: this.boxes, mails: this.mails }, null, 1)));
    },
  };
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w');
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
