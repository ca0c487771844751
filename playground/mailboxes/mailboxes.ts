import { randomUUID } from 'node:crypto';
import { type Letter, type LetterFile, fileOf, readLetter, summarise } from './letter.ts';
import { type NewMail, composeMail, sendMail } from './outbox.ts';
import { openSink } from './sink.ts';
import { type MailStore, type Mailbox, type Manner, type StoredMail, openMailStore } from './store.ts';

export type { Letter } from './letter.ts';
export type { NewMail } from './outbox.ts';
export type { Mailbox, Manner, StoredMail } from './store.ts';

export interface MailboxesOptions {
  folder: string;
  /** Where what is sent to these mailboxes arrives; any free port if not given. */
  port?: number;
  /** Where the desk takes mail; asked at each mail, for it may start later. */
  deskPort: () => number;
  now?: () => Date;
}

export type MailChange = { kind: 'mail'; box: string };

export interface Mailboxes {
  /** smtp://127.0.0.1:PORT, for MAIL_SMTP_URL. */
  smtpUrl: string;
  boxes(): (Mailbox & { unread: number })[];
  addBox(box: { address: string; name: string; locale?: string; phone?: string }): Mailbox;
  setManner(address: string, manner: Manner): void;
  /** Newest first. */
  mails(box?: string): StoredMail[];
  letter(id: string): Promise<Letter>;
  source(id: string): string;
  file(id: string, index: number): Promise<LetterFile | undefined>;
  send(mail: NewMail): Promise<StoredMail>;
  markRead(id: string): void;
  listen(listener: (change: MailChange) => void): () => void;
  stop(): Promise<void>;
}

/** The mailboxes of the desk's customers: real SMTP both ways. */
export async function startMailboxes(options: MailboxesOptions): Promise<Mailboxes> {
  const store = openMailStore(options.folder);
  const now = options.now ?? (() => new Date());
  const listeners = new Set<(change: MailChange) => void>();
  const changed = (box: string): void => {
    store.save();
    for (const listener of listeners) listener({ kind: 'mail', box });
  };
  const sink = await openSink({
    port: options.port ?? 0,
    mannerOf: (address) => store.boxes.find((box) => box.address === address)?.manner ?? 'takes',
    keep: (raw, recipients) => keepArrived(store, { raw, recipients, at: now() }, changed),
  });
  return {
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    ...looksInto(store),
    addBox(about) {
      const box = boxFor(store, about.address.toLowerCase(), about);
      changed(box.address);
      return box;
    },
    setManner(address, manner) {
      mustHave(store, address).manner = manner;
      changed(address);
    },
    send: (mail) => sendFrom(store, mail, { port: options.deskPort(), at: now(), changed }),
    markRead(id) {
      const mail = mustFind(store, id);
      if (mail.isRead) return;
      mail.isRead = true;
      changed(mail.box);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => sink.close(),
  };
}

function looksInto(store: MailStore): Pick<Mailboxes, 'boxes' | 'mails' | 'letter' | 'source' | 'file'> {
  const unreadIn = (address: string): number => store.mails.filter((mail) => mail.box === address && !mail.isRead).length;
  return {
    boxes: () => store.boxes.map((box) => ({ ...box, unread: unreadIn(box.address) })),
    mails: (box) => store.mails.filter((mail) => box === undefined || mail.box === box).toReversed(),
    letter: (id) => readLetter(store.bytesOf(mustFind(store, id))),
    source: (id) => store.bytesOf(mustFind(store, id)).toString('utf8'),
    file: (id, index) => fileOf(store.bytesOf(mustFind(store, id)), index),
  };
}

interface Arrived {
  raw: Buffer;
  recipients: string[];
  at: Date;
}

async function keepArrived(store: MailStore, { raw, recipients, at }: Arrived, changed: (box: string) => void): Promise<void> {
  const summary = await summarise(raw);
  const bytes = store.keepBytes(raw);
  for (const recipient of new Set(recipients)) {
    const box = boxFor(store, recipient, { name: summary.to.find((to) => to.address.toLowerCase() === recipient)?.name ?? '' });
    store.mails.push({
      ...summary,
      id: randomUUID(),
      box: box.address,
      direction: 'in',
      raw: bytes,
      at: at.toISOString(),
      isRead: false,
      trouble: null,
    });
  }
  for (const recipient of new Set(recipients)) changed(recipient);
}

interface Sending {
  port: number;
  at: Date;
  changed: (box: string) => void;
}

async function sendFrom(store: MailStore, mail: NewMail, { port, at, changed }: Sending): Promise<StoredMail> {
  const writer = mustHave(store, mail.box);
  const known = mail.answers === undefined ? null : mustFind(store, mail.answers);
  const answered = known && { mail: known, text: (await readLetter(store.bytesOf(known))).text };
  const raw = await composeMail(mail, { writer, answered, at });
  const summary = await summarise(raw);
  const to = [mail.to, mail.cc ?? ''].flatMap((list) => [...list.matchAll(/[^\s<>,;"]+@[^\s<>,;"]+/g)].map(([address]) => address));
  if (to.length === 0) throw new Error('Say whom the mail is for.');
  const trouble = await sendMail(raw, { port, from: writer.address, to });
  const sent: StoredMail = {
    ...summary,
    id: randomUUID(),
    box: writer.address,
    direction: 'out',
    raw: store.keepBytes(raw),
    at: at.toISOString(),
    isRead: true,
    trouble,
  };
  store.mails.push(sent);
  changed(writer.address);
  return sent;
}

function boxFor(store: MailStore, address: string, about: { name?: string; locale?: string; phone?: string }): Mailbox {
  const known = store.boxes.find((box) => box.address === address);
  if (known) return known;
  const box: Mailbox = { address, name: about.name || address, locale: about.locale ?? 'en-GB', phone: about.phone ?? '', manner: 'takes' };
  store.boxes.push(box);
  return box;
}

function mustHave(store: MailStore, address: string): Mailbox {
  const box = store.boxes.find((one) => one.address === address);
  if (!box) throw new Error(`There is no mailbox ${address}.`);
  return box;
}

function mustFind(store: MailStore, id: string): StoredMail {
  const mail = store.mails.find((one) => one.id === id);
  if (!mail) throw new Error(`There is no mail ${id}.`);
  return mail;
}
