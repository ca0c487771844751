import { SECOND } from '#clock.ts';
import type { Commits } from '#jobs/commits.ts';
import type { Desk } from '#tickets/desk.ts';
import { allMailboxes, type Mailbox } from '#tickets/mailboxes.ts';
import { type ReadOptions, readMailbox } from './read-mailbox.ts';

/** Does the work named `name` on one node at a time, for as long as the signal isn't aborted. */
export type Contend = (contest: { name: string; onWon(signal: AbortSignal): Promise<void> }) => { stop(): Promise<void> };

export interface Readers {
  stop(): Promise<void>;
}

interface Reader {
  version: number;
  stop(): Promise<void>;
}

/** Home writes mailboxes, on any node: each looks this often whether they are still those it reads. */
const LOOK_EVERY = 5 * SECOND;

/** Reads every mailbox there is, side by side: a broken one never delays another. Each is read by one node at a time. */
export function startReaders(desk: Desk, contend: Contend, options: ReadOptions & { commits: Commits }): Readers {
  const readers = new Map<number, Reader>();
  let isStopped = false;
  let looking = Promise.resolve();

  async function look(): Promise<void> {
    const wanted = new Map((await allMailboxes(desk.db)).filter(isRead).map((mailbox) => [mailbox.id, mailbox]));
    for (const [id, reader] of readers) {
      if (wanted.get(id)?.version === reader.version) continue;
      readers.delete(id);
      await reader.stop();
    }
    for (const mailbox of wanted.values()) if (!readers.has(mailbox.id) && !isStopped) readers.set(mailbox.id, begin(mailbox));
  }

  function begin({ id, version }: Mailbox): Reader {
    const seat = contend({
      name: `mailbox:${id}`,
      onWon: (signal) =>
        readMailbox(desk, id, { ...options, signal }).catch((error: unknown) =>
          desk.log.error({ error, mailbox: id }, 'The reader of a mailbox broke; it starts again in a moment.'),
        ),
    });
    return { version, stop: () => seat.stop() };
  }

  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => desk.log.error({ error }, 'Mailboxes could not be looked up.'));
  }, LOOK_EVERY);
  looking = look().catch((error: unknown) => desk.log.error({ error }, 'Mailboxes could not be looked up.'));

  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await looking;
      await Promise.all([...readers.values()].map((reader) => reader.stop()));
    },
  };
}

function isRead({ isEnabled, imapHost }: Mailbox): boolean {
  return isEnabled && imapHost !== null;
}
