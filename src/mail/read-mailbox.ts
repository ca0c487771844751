import { setTimeout as wait } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { MINUTE, SECOND } from '#clock.ts';
import type { Commits } from '#jobs/commits.ts';
import type { Desk } from '#tickets/desk.ts';
import { endTrouble, noteTrouble } from '#tickets/mailbox-trouble.ts';
import { type Mailbox, mailboxById } from '#tickets/mailboxes.ts';
import { connectImap } from './imap.ts';
import { imapLogin } from './login.ts';
import { settleLeft } from './read-after.ts';
import { readNew } from './read-new.ts';
import { roomWatch } from './room.ts';
import { troubleOf } from './trouble.ts';

export interface ReadOptions extends Patience {
  commits: Commits;
}

export interface Patience {
  /** How long to trust a server that says nothing before it is asked. */
  lookEveryMs?: number;
  /** How long an answer may take before the connection counts as dead. */
  answerMs?: number;
  /** How long a connection may be silent while something is fetched. */
  silenceMs?: number;
  /** The pause after the first failure; it doubles up to five minutes. */
  firstPauseMs?: number;
}

/** IDLE only wakes us: a proxy may have dropped it without a word, so the folder is asked this often anyway. */
const LOOK_EVERY = 2 * MINUTE;
/** An answer that takes longer never comes. */
const ANSWER_MS = 60 * SECOND;
const FIRST_PAUSE = SECOND;
const MAX_PAUSE = 5 * MINUTE;
/** A refused login is not hammered at: servers lock accounts. */
const REFUSED_PAUSE = 5 * MINUTE;
/** After so long without trouble the next one begins with short pauses again. */
const HEALTHY_AFTER = 10 * MINUTE;

/** Reads one mailbox until `signal` says otherwise: connects, takes what is new, waits, and comes back after every trouble. */
export async function readMailbox(desk: Desk, mailboxId: number, options: ReadOptions & { signal: AbortSignal }): Promise<void> {
  const { signal, firstPauseMs = FIRST_PAUSE } = options;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const mailbox = await mailboxById(desk.db, mailboxId);
    if (!mailbox?.imapHost) return;
    const startedAt = performance.now();
    const error = await readUntilTrouble(desk, mailbox, options).catch((caught: unknown) => caught ?? new Error('closed'));
    if (signal.aborted) return;
    const trouble = troubleOf(error, { host: mailbox.imapHost, port: mailbox.imapPort, folder: mailbox.folder });
    desk.log.warn({ mailbox: mailboxId, trouble: trouble.key, error }, 'A mailbox is not being read; trying again.');
    await noteTrouble(desk, mailboxId, 'imap', trouble).catch((failed: unknown) =>
      desk.log.error({ error: failed, mailbox: mailboxId }, 'What is wrong with a mailbox could not be written down.'),
    );
    if (performance.now() - startedAt > HEALTHY_AFTER) failures = 0;
    const pause = Math.min(MAX_PAUSE, firstPauseMs * 2 ** Math.min(failures, 20));
    const least = trouble.key === 'login' || trouble.key === 'oauth' ? Math.min(REFUSED_PAUSE, firstPauseMs * 300) : 0;
    await wait(Math.max(pause, least) * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}

/** Returns when it is told to end; throws what ended it otherwise. */
async function readUntilTrouble(desk: Desk, mailbox: Mailbox, options: ReadOptions & { signal: AbortSignal }): Promise<void> {
  const { commits, signal, lookEveryMs = LOOK_EVERY, answerMs = ANSWER_MS } = options;
  const client = await connectImap({ ...mailbox, silenceMs: options.silenceMs }, await imapLogin(desk, mailbox), signal);
  const end = () => client.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    const bell = doorbell(client);
    await client.mailboxOpen(mailbox.folder);
    await settleLeft(desk, client, mailbox);
    const askForRoom = roomWatch(desk, client, mailbox);
    while (!signal.aborted) {
      bell.reset();
      await readNew(desk, { client, commits, mailboxId: mailbox.id, signal });
      await endTrouble(desk, mailbox.id, 'imap');
      await askForRoom();
      // What came while it was being read rang already.
      if (!bell.hasRung()) await rest(client, bell, lookEveryMs);
      await answering(client, client.noop(), answerMs);
    }
  } finally {
    signal.removeEventListener('abort', end);
    client.close();
  }
}

interface Doorbell {
  reset(): void;
  hasRung(): boolean;
  /** Resolves when something new came, or the connection ended. */
  rings(): Promise<void>;
}

function doorbell(client: ImapFlow): Doorbell {
  let hasRung = false;
  let tell = () => {};
  const ring = () => {
    hasRung = true;
    tell();
  };
  client.on('exists', ring);
  client.on('close', ring);
  return {
    reset: () => void (hasRung = false),
    hasRung: () => hasRung,
    rings: () => new Promise((resolve) => void (tell = resolve)),
  };
}

/** Waits for something new, in IDLE where the server has it, but never longer than `forMs`. */
async function rest(client: ImapFlow, bell: Doorbell, forMs: number): Promise<void> {
  const late = new AbortController();
  // It ends when another command is sent, or with the connection.
  const idling = client.idle().catch(() => false);
  await Promise.race([bell.rings(), wait(forMs, undefined, { signal: late.signal }).catch(() => {})]);
  late.abort();
  void idling;
}

/** A connection that gives no answer is dead; closing it lets everything that waits for it fail. */
async function answering<T>(client: ImapFlow, asked: Promise<T>, answerMs: number): Promise<T> {
  const timer = setTimeout(() => client.close(), answerMs);
  try {
    return await asked;
  } finally {
    clearTimeout(timer);
  }
}
